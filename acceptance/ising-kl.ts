import { createSystem, score, simulate } from "ansatz";
import type { FitOptions } from "ansatz/train";
import { type Acceptance, fitMade } from "./acceptance.ts";

const configurations = 50_000;
const hyperparameters = { hidden: 512, z2: true };
const options: FitOptions = {
  epochs: 40,
  batch: 200,
  lr: 2e-3,
  augment: ["translations", "reflections", "rotations", "flip"],
};

/**
 * The 2D Ising model on 8×8 sites at its critical point: KL(P‖P_model) per site, paired, on rows of chains that the
 * fit has not seen. Every seed has its own simulation.
 */
export const isingKl: Acceptance = {
  name: "ising-kl",
  summary: "2D Ising model, 8×8, critical: KL per site of a MADE on held-out rows, paired, nats",
  settings: { configurations, ...hyperparameters, ...options },
  seeds: [1, 2, 3],
  bar: { atMost: 0.0005 },
  async measure(seed, { print }) {
    const ising = createSystem("ising", { shape: [8, 8], beta: "critical" });
    const { dataset, simulation } = await simulate(ising, { samples: configurations, seed });
    if (seed === this.seeds[0])
      print(
        `data: τ = ${simulation.tau.toFixed(2)}, a row every ${simulation.thinning} sweeps; ${dataset.splits.how}`,
      );
    const { model, epochs, cost } = await fitMade(dataset, hyperparameters, { ...options, seed });
    const { klPerSite } = await score(model, dataset, { part: "test" });
    await model.release();
    if (!klPerSite) throw new Error("the simulated data does not know its system");
    return { seed, result: klPerSite, notes: epochs, cost };
  },
};
