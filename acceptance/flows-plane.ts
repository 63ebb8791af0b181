import { createModel, createSystem, score, simulate } from "ansatz";
import type { ExactModel } from "ansatz/models";
import { type Acceptance, fitModel } from "./acceptance.ts";

const family = "spline";
const rows = 50_000;
const tested = 20_000;

/** The gap between a spline flow's NLL and the exact entropy, paired, on rows drawn anew; every hyperparameter at its default. */
function plane(system: string, parameters: Readonly<Record<string, number>>, atMost: number): Acceptance {
  return {
    name: `flows-plane-${system}`,
    summary: `${system}: NLL of a ${family} flow minus the exact entropy, paired, on ${tested} new rows, nats`,
    settings: { ...parameters, rows, schedule: "cosine" },
    seeds: [1, 2, 3],
    bar: { atMost },
    secondsAtMost: 180,
    async measure(seed) {
      const source = createSystem(system, parameters);
      const { dataset } = await simulate(source, { samples: rows, seed });
      const fresh = await simulate(source, { samples: tested, seed: seed + 1000 });
      const model = createModel(family, { space: dataset.space }) as ExactModel;
      const { model: fitted, epochs, cost } = await fitModel(model, dataset, { schedule: "cosine", seed });
      const { kl } = await score(fitted, fresh.dataset, { part: "all" });
      await fitted.release();
      if (!kl) throw new Error(`${system} does not know its density`);
      return { seed, result: kl, notes: epochs, cost };
    },
  };
}

/** Densities in the plane whose entropy is known: smooth and curved, apart, with sharp edges. */
export const flowsPlane: readonly Acceptance[] = [
  plane("moons", { sigma: 0.05 }, 0.03),
  plane("gaussians8", {}, 0.02),
  plane("checkerboard", {}, 0.06),
];
