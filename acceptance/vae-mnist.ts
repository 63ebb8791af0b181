import { formatEstimate } from "ansatz";
import { loadDataset } from "ansatz/files";
import { makeVae } from "ansatz/models";
import { independentMean } from "ansatz/stats";
import { fit } from "ansatz/train";
import { type Acceptance, timed } from "./acceptance.ts";

const hyperparameters = { latent: 40, hidden: [400, 400] };
const options = { schedule: "cosine" as const, epochs: 50, batch: 128, lr: 1e-3, validRows: 2000 };
/** Importance weights of each test row. */
const DRAWS = 1000;

/** Binarised MNIST in Larochelle's fixed binarisation: an upper bound of the NLL by importance weights. */
export const vaeMnist: Acceptance = {
  name: "vae-mnist",
  summary: `binarised MNIST (Larochelle's fixed binarisation): NLL bound of a VAE by ${DRAWS} importance weights, all test rows, nats a row`,
  settings: { ...hyperparameters, ...options, draws: DRAWS },
  seeds: [1],
  bar: { atMost: 89.8 },
  async measure(seed, { file, print }) {
    const dataset = await loadDataset({ path: file("mnist/binarized_mnist.npz") });
    const definition = makeVae({ space: dataset.space }, hyperparameters);
    let epochs = "";
    const { value: model, cost } = await timed(() =>
      fit(definition, dataset, { ...options, seed }).result((event) => {
        if (event.type === "done") epochs = `best epoch ${event.best} of ${event.round}`;
        if (event.type === "round")
          print(
            `epoch ${event.round}: ${JSON.stringify(event.measures)}, after ${event.seconds.toFixed(0)} s`,
          );
      }),
    );
    const test = dataset.splits.test as Uint32Array;
    const { x } = dataset;
    const n = 784;
    const rows = new Uint8Array(test.length * n);
    for (const [i, row] of test.entries())
      rows.set((x.data as Uint8Array).subarray(row * n, (row + 1) * n), i * n);
    const data = { dtype: "u8" as const, shape: [test.length, ...x.shape.slice(1)], data: rows };
    const boundOf = async (draws: number) => {
      const { value, error } = independentMean(await model.bound(data, { draws, seed }));
      return { value: -value, error };
    };
    const single = await boundOf(1);
    const result = await boundOf(DRAWS);
    await model.release();
    return { seed, result, notes: `${epochs}; by one weight ${formatEstimate(single)}`, cost };
  },
};
