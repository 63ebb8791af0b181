import { makeNade, score } from "ansatz";
import { loadDataset } from "ansatz/files";
import { type Acceptance, fitModel } from "./acceptance.ts";

const hyperparameters = { hidden: 300, inputDropout: 0.02 };
const options = { schedule: "cosine" as const, epochs: 8, batch: 20, lr: 0.01, weightDecay: 3e-5 };

/** Binarised MNIST in Larochelle's fixed binarisation, pixels in rows. */
export const nadeMnist: Acceptance = {
  name: "nade-mnist",
  summary: "binarised MNIST (Larochelle's fixed binarisation): test NLL of a NADE, nats a row",
  settings: { ...hyperparameters, ...options },
  seeds: [1],
  bar: { atMost: 89 },
  // 90 minutes on two cores.
  secondsAtMost: 10_800,
  async measure(seed, { file, print }) {
    const dataset = await loadDataset({ path: file("mnist/binarized_mnist.npz") });
    const definition = makeNade({ space: dataset.space }, hyperparameters);
    const { model, epochs, cost } = await fitModel(definition, dataset, { ...options, seed }, print);
    const { nll } = await score(model, dataset, { part: "test" });
    await model.release();
    return { seed, result: nll, notes: epochs, cost };
  },
};
