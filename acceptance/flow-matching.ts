import { createModel, createSystem, fit, simulate } from "ansatz";
import { score } from "ansatz/evaluate";
import { formatEstimate } from "ansatz/stats";
import type { FitOptions } from "ansatz/train";
import { type Acceptance, timed } from "./acceptance.ts";

const rows = 50_000;
const tested = 10_000;
const options: FitOptions = {
  schedule: "cosine",
  batch: 256,
  lr: 0.004,
  epochs: 110,
  average: 0.999,
  patience: 0,
};

/** KL(data‖model) by the flow's equation with the full divergence, paired, on rows drawn anew; every hyperparameter at its default. */
function plane(system: string, parameters: Readonly<Record<string, number>>, atMost: number): Acceptance {
  return {
    name: `flow-matching-${system}`,
    summary: `${system}: KL of the data from flow matching by the flow's equation, full divergence, on new rows, nats`,
    settings: { ...parameters, rows, ...options },
    seeds: [1, 2, 3],
    bar: { atMost },
    secondsAtMost: 180,
    async measure(seed) {
      const source = createSystem(system, parameters);
      const { dataset } = await simulate(source, { samples: rows, seed });
      const fresh = await simulate(source, { samples: tested, seed: seed + 1000 });
      const model = createModel("flow-matching", { space: dataset.space });
      const { value: fitted, cost } = await timed(() => fit(model, dataset, { ...options, seed }).result());
      const { flowTime, kl } = await score(fitted, fresh.dataset, { part: "all" });
      await fitted.release();
      if (!flowTime?.kl || !kl) throw new Error(`${system} does not know its density`);
      const { steps, solverError, count } = flowTime;
      return {
        seed,
        result: flowTime.kl,
        notes: `${count} rows, ${steps} steps, half of them differ by ${solverError.toPrecision(2)}; KL bound ${formatEstimate(kl)}`,
        checks: [
          [`the error of the steps ${solverError.toPrecision(2)} is below 0.005`, solverError < 0.005],
        ],
        cost,
      };
    },
  };
}

/** Densities in the plane whose entropy is known. */
export const flowMatching: readonly Acceptance[] = [
  plane("moons", { sigma: 0.05 }, 0.02),
  plane("gaussians8", {}, 0.03),
  plane("checkerboard", {}, 0.06),
];
