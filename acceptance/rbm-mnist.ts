import { fit, formatEstimate, Key, makeRbm } from "ansatz";
import { scoreEnergy } from "ansatz/evaluate";
import { loadDataset } from "ansatz/files";
import type { RbmOptions } from "ansatz/models";
import { type FitOptions, formatMeasure, isRange, type Measure } from "ansatz/train";
import { type Acceptance, timed } from "./acceptance.ts";

const hyperparameters: RbmOptions = { hidden: 500, method: "pcd", centred: true };
const options: FitOptions = {
  ...{ schedule: "cosine", epochs: 200, lr: 0.005, warmup: 200, optimiser: "sgd" },
  validRows: 1000,
};
/** Chains and points of the path of the bracket. */
const annealing = { chains: 100, temperatures: 10_000 };

/** The bracket of the validation rows, after the epochs that have one. */
function nllText(nll: Measure | undefined): string {
  return nll && isRange(nll) ? `, validation NLL ${formatMeasure(nll)}` : "";
}

/** An RBM of 500 hidden units on binarised MNIST, in Larochelle's fixed binarisation. */
export const rbmMnist: Acceptance = {
  name: "rbm-mnist",
  summary:
    "RBM of 500 hidden units on binarised MNIST (Larochelle's fixed binarisation): test log P by annealing, nats a row",
  settings: { ...hyperparameters, ...options, ...annealing },
  seeds: [1],
  bar: { atLeast: -88 },
  // 30 minutes on two cores.
  secondsAtMost: 3600,
  async measure(seed, { file, print }) {
    const { value, cost } = await timed(async () => {
      const dataset = await loadDataset({ path: file("mnist/binarized_mnist.npz") });
      const model = makeRbm({ space: dataset.space }, hyperparameters);
      const fitted = await fit(model, dataset, { ...options, seed }).result((event) => {
        if (event.type === "round")
          print(
            `epoch ${event.round}: contrast ${event.losses.contrast?.toFixed(2)}${nllText(event.measures.NLL)}, after ${event.seconds.toFixed(0)} s`,
          );
      });
      const key = Key.fromSeed(seed);
      const scored = await scoreEnergy(fitted as never, dataset, { part: "test", key, ...annealing });
      await fitted.release();
      return scored;
    });
    const { lower, upper } = value.logProb;
    const gap = upper.value - lower.value;
    return {
      seed,
      result: lower,
      notes: `log P between ${formatEstimate(lower)} and ${formatEstimate(upper)}`,
      checks: [[`the bracket is ${gap.toFixed(2)} nats wide, at most 1.5`, gap <= 1.5]],
      cost,
    };
  },
};
