// A MADE learns the Ising model below its critical temperature; its own configurations are then measured as an
// experiment would measure them, beside the exact energy. Run with: node scripts/run.js examples/ising.ts
import { createSystem, fit, formatComparison, formatEstimate, Key, makeMade, score, simulate } from "ansatz";
import { independentMean } from "ansatz/stats";
import { type FitOptions, formatMeasure } from "ansatz/train";

const ising = createSystem("ising", { shape: [6, 6], beta: 0.35 });
const { dataset, simulation } = await simulate(ising, { samples: 5000, seed: 1 });
console.log(`${simulation.sampler.name}: τ = ${simulation.tau.toFixed(2)} sweeps; ${dataset.splits.how}`);

const made = makeMade({ space: dataset.space }, { hidden: 64, z2: true });
const options: FitOptions = {
  epochs: 30,
  lr: 0.01,
  augment: ["translations", "reflections", "rotations"],
  seed: 1,
};
const model = await fit(made, dataset, options).result((event) => {
  if (event.type === "round" && event.round % 10 === 0 && event.measures.NLL)
    console.log(`epoch ${event.round}: validation NLL ${formatMeasure(event.measures.NLL)} nats`);
});

const { klPerSite } = await score(model, dataset);
if (klPerSite) console.log(`KL per site, paired: ${formatEstimate(klPerSite)} nats`);
const { x } = await model.sample(5000, { key: Key.fromSeed(2) });
const energy = independentMean(ising.energy(x).map((e) => e / ising.sites));
console.log(
  `energy per site of the model: ${formatComparison(energy, (ising.exact?.energy ?? Number.NaN) / ising.sites)}`,
);
