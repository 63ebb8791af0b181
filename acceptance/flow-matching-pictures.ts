import { type Dataset, fit, makeDataset, type NDArray } from "ansatz";
import { loadDataset } from "ansatz/files";
import {
  type FlowMatchingModel,
  type FlowMatchingOptions,
  makeFlowMatching,
  type ParametersOf,
} from "ansatz/models";
import { adam } from "ansatz/optim";
import { Key } from "ansatz/random";
import { jit } from "ansatz/runtime";
import { independentMean } from "ansatz/stats";
import type { SymbolicKey, Tensor } from "ansatz/tensor";
import type { FitOptions } from "ansatz/train";
import { type Acceptance, type SeedResult, type Surroundings, timed } from "./acceptance.ts";
import { lognormalTestMaps } from "./maps.ts";
import { estimateText, firstOf, judgedPictures, rowsOf } from "./pictures.ts";

/** Rows whose errors are averaged before they are told. */
const BATCH = 20;

/** The velocity's error of test rows over that of the exact Gaussian, at equal times and noise, `draws` of each row. */
async function errorRatio(
  model: FlowMatchingModel,
  parameters: ParametersOf<FlowMatchingModel>,
  x: NDArray,
  draws = 4,
) {
  type Told = { readonly loss: Tensor; readonly parts: Readonly<Record<string, Tensor>> };
  const player = model.objective?.({ optimiser: adam() } as never).players[0] as unknown as {
    loss(request: unknown): Told;
  };
  const errors = jit((p: never, rows: Tensor, key: SymbolicKey) => {
    const told = player.loss({ parameters: p, x: rows, key });
    return { own: told.loss, gaussian: told.parts.Gaussian as Tensor };
  });
  const [own, theirs]: [number[], number[]] = [[], []];
  for (let draw = 0; draw < draws; draw++)
    for (let from = 0; from + BATCH <= (x.shape[0] as number); from += BATCH) {
      const part = rowsOf(x, from, from + BATCH);
      const rows = { ...part, dtype: "f32", data: Float32Array.from(part.data as Float32Array) };
      const found = await errors(
        parameters as never,
        rows as never,
        Key.fromSeed(1000 + draw).fold(from) as never,
      );
      own.push(found.own.data[0] as number);
      theirs.push(found.gaussian.data[0] as number);
    }
  await errors.release();
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const ratio = mean(own) / mean(theirs);
  const { error } = independentMean(Float64Array.from(own, (v, i) => v - ratio * (theirs[i] as number)));
  return { value: ratio, error: error / mean(theirs) };
}

/** What a claim about pictures is measured on and how. */
interface Setup {
  readonly dataset: Dataset;
  readonly hyperparameters: FlowMatchingOptions;
  readonly options: FitOptions;
  readonly print: (line: string) => void;
}

/** A fit, samples of it and what tests say of them. */
async function fitted(name: string, seed: number, { dataset, hyperparameters, options, print }: Setup) {
  const model = makeFlowMatching({ space: dataset.space }, hyperparameters);
  const { value, cost } = await timed(() =>
    fit(model, dataset, { schedule: "cosine", batch: 32, average: 0.999, ...options, seed }).result(
      (event) => {
        if (event.type === "round")
          print(
            `epoch ${event.round}: ${JSON.stringify(event.losses)} ${JSON.stringify(event.measures)}, after ${event.seconds.toFixed(0)} s`,
          );
      },
    ),
  );
  print(`fitted in ${cost.processor.toFixed(0)} s of the processor`);
  const ratio = await errorRatio(model, value.parameters, firstOf(dataset, "test", 1000));
  print(`error ${ratio.value.toFixed(4)} ± ${ratio.error.toFixed(4)} of the Gaussian's`);
  const { real, own } = await judgedPictures(name, seed, { model: value, dataset, print });
  await value.release();
  return { cost, ratio, real, own };
}

const maps: Acceptance = {
  name: "flow-matching-maps",
  summary:
    "lognormal maps 32×32, 500 samples against 500 real: log10 of Hotelling's smallest p over the groups of features after Bonferroni",
  settings: { rows: 10_000, epochs: 2 },
  seeds: [1, 2, 3],
  secondsAtMost: 300,
  async measure(seed: number, { print }: Surroundings): Promise<SeedResult> {
    const x = lognormalTestMaps(100 + seed, 10_000);
    const test = lognormalTestMaps(200 + seed, 1000);
    const dataset = makeDataset({ arrays: { train: x, test } }, "lognormal maps", { space: "real" });
    const { cost, ratio, real, own } = await fitted("maps", seed, {
      dataset,
      hyperparameters: { padding: "periodic" },
      options: { epochs: 2, validRows: 200, augment: ["translations", "reflections", "rotations"] },
      print,
    });
    return {
      seed,
      result: { value: own.hotelling, error: Number.NaN },
      notes: `error ${estimateText(ratio)} of the Gaussian's; classifiers ${estimateText(own.linear)} on features (real ${estimateText(real.linear)}), ${estimateText(own.network)} on pixels (real ${estimateText(real.network)})`,
      checks: [
        ["Bonferroni p > 1e-3", own.hotelling > -3],
        ["classifier on features ≤ real + 0.06", own.linear.value <= real.linear.value + 0.06],
        ["classifier on pixels ≤ real + 0.06", own.network.value <= real.network.value + 0.06],
      ],
      cost,
    };
  },
};

const faces: Acceptance = {
  name: "flow-matching-faces",
  summary: "faces 32×32, split by person: the velocity's error over that of the Gaussian, on test rows",
  settings: { epochs: 14 },
  seeds: [1],
  bar: { atMost: 0.74 },
  secondsAtMost: 1800,
  async measure(seed, { file, print }) {
    const dataset = await loadDataset({ path: file("faces/faces32.npz") }, { space: "levels:256" });
    const { cost, ratio, real, own } = await fitted("faces", seed, {
      dataset,
      hyperparameters: { steps: 6 },
      options: { epochs: 14, validRows: 200, augment: ["mirror"] },
      print,
    });
    return {
      seed,
      result: ratio,
      notes: `classifiers ${estimateText(own.linear)} on features (real ${estimateText(real.linear)}), ${estimateText(own.network)} on pixels (real ${estimateText(real.network)}); nearest neighbours p ${own.nearest.toFixed(3)}`,
      checks: [
        ["convolutional classifier's AUC ≤ 0.65", own.network.value <= 0.65],
        ["nearest neighbours p > 0.01", own.nearest > 0.01],
      ],
      cost,
    };
  },
};

const fashion: Acceptance = {
  name: "flow-matching-fashion",
  summary:
    "Fashion-MNIST (20,000 rows), 15 minutes: AUC of a convolutional classifier of 500 samples against 500 test rows",
  settings: { epochs: 6 },
  seeds: [1],
  secondsAtMost: 900,
  async measure(seed, { file, print }) {
    const dataset = await loadDataset(
      { path: file("pictures/fashion_mnist_20k.npz") },
      { space: "levels:256" },
    );
    const { cost, ratio, real, own } = await fitted("fashion", seed, {
      dataset,
      hyperparameters: { steps: 6 },
      options: { epochs: 6, validRows: 200 },
      print,
    });
    return {
      seed,
      result: own.network,
      notes: `real ${estimateText(real.network)}; error ${estimateText(ratio)} of the Gaussian's; on features ${estimateText(own.linear)} (real ${estimateText(real.linear)}); Fréchet ${estimateText(own.frechet)} (real ${estimateText(real.frechet)})`,
      cost,
    };
  },
};

/** Claims about flow matching of pictures and maps. */
export const flowMatchingPictures: readonly Acceptance[] = [maps, faces, fashion];
