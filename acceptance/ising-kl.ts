import { createSystem, score, simulate } from "ansatz";
import type { FitOptions } from "ansatz/train";
import { type Acceptance, fitMade } from "./acceptance.ts";

const augment: FitOptions["augment"] = ["translations", "reflections", "rotations", "flip"];

/** The 2D Ising model at its critical point, as a claim about a MADE that learns it from simulated configurations. */
interface Claim {
  readonly name: string;
  readonly side: number;
  readonly configurations: number;
  readonly hyperparameters: { readonly hidden: number; readonly z2: boolean };
  readonly options: FitOptions;
  readonly seeds: readonly number[];
}

/** KL(P‖P_model) per site, paired, on rows of chains that the fit has not seen. Every seed has its own simulation. */
function isingRun({ name, side, configurations, hyperparameters, options, seeds }: Claim): Acceptance {
  return {
    name,
    summary: `2D Ising model, ${side}×${side}, critical: KL per site of a MADE on held-out rows, paired, nats`,
    settings: { configurations, ...hyperparameters, ...options },
    seeds,
    bar: { atMost: 0.0005 },
    async measure(seed, { print }) {
      const ising = createSystem("ising", { shape: [side, side], beta: "critical" });
      const { dataset, simulation } = await simulate(ising, { samples: configurations, seed });
      if (seed === seeds[0])
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
}

export const isingKl: Acceptance = isingRun({
  name: "ising-kl",
  side: 8,
  configurations: 50_000,
  hyperparameters: { hidden: 512, z2: true },
  options: { schedule: "cosine", epochs: 40, batch: 200, lr: 2e-3, augment },
  seeds: [1, 2, 3],
});

export const ising16Kl: Acceptance = isingRun({
  name: "ising16-kl",
  side: 16,
  configurations: 100_000,
  hyperparameters: { hidden: 1024, z2: true },
  options: { schedule: "cosine", epochs: 20, batch: 200, lr: 2e-3, augment },
  seeds: [1],
});
