import { makePixelcnn, score } from "ansatz";
import { loadDataset } from "ansatz/files";
import { type Acceptance, fitModel } from "./acceptance.ts";

const hyperparameters = { channels: 16, layers: 6, dilations: [1, 2], gate: "linear" } as const;
const options = { epochs: 5, batch: 16, lr: 5e-3, warmup: 100, patience: 0 };

/** Binarised MNIST in Larochelle's fixed binarisation, as images. */
export const pixelcnnMnist: Acceptance = {
  name: "pixelcnn-mnist",
  summary: "binarised MNIST (Larochelle's fixed binarisation): test NLL of a PixelCNN, nats a row",
  settings: { ...hyperparameters, ...options },
  seeds: [1],
  bar: { atMost: 86 },
  // 90 minutes on two cores.
  secondsAtMost: 10_800,
  async measure(seed, { file, print }) {
    const dataset = await loadDataset({ path: file("mnist/binarized_mnist.npz") }, { shape: [28, 28] });
    const definition = makePixelcnn({ space: dataset.space }, hyperparameters);
    const { model, epochs, cost } = await fitModel(definition, dataset, { ...options, seed }, print);
    const { nll } = await score(model, dataset, { part: "test" });
    await model.release();
    return { seed, result: nll, notes: epochs, cost };
  },
};
