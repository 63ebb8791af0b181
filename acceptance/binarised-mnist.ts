import { score } from "ansatz";
import { loadDataset } from "ansatz/files";
import { type Acceptance, fitMade } from "./acceptance.ts";

const hyperparameters = { hidden: 500 };
const options = { epochs: 40, weightDecay: 1e-5, patience: 5 };

/** Binarised MNIST in Larochelle's fixed binarisation (not redrawn every epoch, which would score about 2 nats better). */
export const binarisedMnist: Acceptance = {
  name: "binarised-mnist",
  summary: "binarised MNIST (Larochelle's fixed binarisation): test NLL of a MADE, nats a row",
  settings: { ...hyperparameters, ...options },
  seeds: [1],
  async measure(seed, { file }) {
    const dataset = await loadDataset({ path: file("mnist/binarized_mnist.npz") });
    const { model, epochs, cost } = await fitMade(dataset, hyperparameters, { ...options, seed });
    const { nll } = await score(model, dataset, { part: "test" });
    await model.release();
    return { seed, result: nll, notes: epochs, cost };
  },
};
