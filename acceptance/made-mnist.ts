import { makeMade, score } from "ansatz";
import { loadDataset } from "ansatz/files";
import { type Acceptance, fitModel } from "./acceptance.ts";

const hyperparameters = { hidden: 6000, dropout: 0.5, inputDropout: 0.05 };
const options = { epochs: 40, batch: 200, lr: 2e-3, patience: 0 };

/** Binarised MNIST in Larochelle's fixed binarisation (not redrawn every epoch, which would score about 2 nats better). */
export const madeMnist: Acceptance = {
  name: "made-mnist",
  summary: "binarised MNIST (Larochelle's fixed binarisation): test NLL of a MADE, nats a row",
  settings: { ...hyperparameters, ...options },
  seeds: [1],
  bar: { atMost: 88.5 },
  // 30 minutes on two cores.
  secondsAtMost: 3_600,
  async measure(seed, { file, print }) {
    const dataset = await loadDataset({ path: file("mnist/binarized_mnist.npz") });
    const definition = makeMade({ space: dataset.space }, hyperparameters);
    const { model, epochs, cost } = await fitModel(definition, dataset, { ...options, seed }, print);
    const { nll } = await score(model, dataset, { part: "test" });
    await model.release();
    return { seed, result: nll, notes: epochs, cost };
  },
};
