import { createSystem, type FittedBounded, fit, simulate } from "ansatz";
import { compareObservables, partRows, scoreBounded, twoPoint } from "ansatz/evaluate";
import { createModel } from "ansatz/models";
import { difference, formatEstimate } from "ansatz/stats";
import type { FitOptions } from "ansatz/train";
import { type Acceptance, timed } from "./acceptance.ts";

const configurations = 50_000;
const hyperparameters = { latent: 32, hidden: [256, 256] };
const options: FitOptions = {
  ...{ schedule: "cosine", epochs: 20, batch: 256, lr: 2e-3 },
  augment: ["translations", "reflections", "rotations", "flip"],
};
/** Draws of z for each row of data. */
const draws = 1000;
/** Points of the path that latent variables are annealed along. */
const temperatures = 500;
/** Samples that observables are measured on. */
const samples = 20_000;
/** Standard errors beyond which a deviation is no chance. */
const beyond = 3;

/** What a variational autoencoder's numbers are worth where the exact entropy is known, and what its samples miss. */
export const vaeIsing: Acceptance = {
  name: "vae-ising",
  summary:
    "variational autoencoder on the 2D Ising model, 8×8, critical: bracket of −log P of its own samples, nats a configuration",
  settings: { configurations, ...hyperparameters, ...options, draws, temperatures },
  seeds: [1],
  bar: { atMost: 0.05 },
  async measure(seed, { print }) {
    const ising = createSystem("ising", { shape: [8, 8], beta: "critical" });
    const { dataset } = await simulate(ising, { samples: configurations, seed });
    const model = createModel("vae", { space: dataset.space }, hyperparameters);
    const { value: fitted, cost } = await timed(
      () => fit(model, dataset, { ...options, seed }).result() as Promise<FittedBounded>,
    );
    const score = await scoreBounded(fitted, dataset, { part: "test", draws, anneal: temperatures, seed });
    const { x } = await fitted.sample(samples, { seed });
    await fitted.release();
    const { annealed, encoder, entropy, nll, single } = score;
    if (!annealed || !encoder || entropy === undefined) throw new Error("the score lacks what was asked for");
    const { own, data, acceptance } = annealed;
    print(`test rows: ELBO ${formatEstimate(single)}, NLL bound of k = ${draws} ${formatEstimate(nll)}`);
    print(
      `  by annealing of ${data.count} rows ${formatEstimate(data.nll)}, ${formatEstimate(data.gain)} ` +
        `closer than k = ${draws} on the same rows; exact entropy ${entropy.toFixed(4)}`,
    );
    print(
      `own samples: mean −log P from ${formatEstimate(own.lower)} to ${formatEstimate(own.upper)}, ` +
        `moves accepted ${acceptance.toFixed(2)}`,
    );
    print(
      `rate ${formatEstimate(encoder.rate)}, distortion ${formatEstimate(encoder.distortion)}, ` +
        `${encoder.activeUnits} of ${encoder.units} latent variables active`,
    );
    const all = partRows(dataset, "all");
    for (const { name, model: mean, deviation } of compareObservables({
      ...{ samples: x, system: ising, data: all, space: dataset.space },
    }))
      if (name === "energy" || name === "absMagnetisation")
        print(`  ${name} ${formatEstimate(mean)}${apart(deviation?.sigmas)}`);
    const [ours, theirs] = [twoPoint(ising, { x }), twoPoint(ising, all)];
    ours?.forEach((g, r) => {
      const other = theirs?.[r];
      if (r > 0 && other) print(`  G(${g.r}) ${formatEstimate(g)}${apart(difference(g, other).sigmas)}`);
    });
    return { seed, result: own.gap, cost };
  },
};

/** How far a number of the samples is from what it should be: the exact one where it is known, else that of the data. */
const apart = (sigmas = Number.NaN) =>
  `, ${sigmas.toFixed(1)} σ off${Math.abs(sigmas) > beyond ? `: beyond ${beyond} σ` : ""}`;
