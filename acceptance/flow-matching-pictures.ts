import { join } from "node:path";
import { type Dataset, fit, makeDataset, type NDArray } from "ansatz";
import { type CandidateJudgement, judge } from "ansatz/evaluate";
import { loadDataset, saveRows } from "ansatz/files";
import {
  type FlowMatchingModel,
  type FlowMatchingOptions,
  makeFlowMatching,
  type ParametersOf,
} from "ansatz/models";
import { adam } from "ansatz/optim";
import { Key } from "ansatz/random";
import { jit } from "ansatz/runtime";
import { independentMean, normalSurvival } from "ansatz/stats";
import type { SymbolicKey, Tensor } from "ansatz/tensor";
import type { FitOptions } from "ansatz/train";
import { type Acceptance, type SeedResult, type Surroundings, timed } from "./acceptance.ts";
import { lognormalTestMaps } from "./maps.ts";

/** Rows of each set that are compared. */
const COMPARED = 500;

/** Rows `from` to `to` of an array. */
function rowsOf(x: NDArray, from: number, to: number): NDArray {
  const size = x.data.length / (x.shape[0] as number);
  return {
    ...x,
    shape: [to - from, ...x.shape.slice(1)],
    data: x.data.slice(from * size, to * size),
  } as NDArray;
}

/** Rows of a split, the first `count`. */
function firstOf({ x, splits }: Dataset, part: "train" | "test", count: number): NDArray {
  const size = x.data.length / (x.shape[0] as number);
  const rows = (splits[part] as Uint32Array).slice(0, count);
  const data = (x.data as Float32Array).slice(0, rows.length * size);
  rows.forEach((row, i) => {
    data.set((x.data as Float32Array).subarray(row * size, (row + 1) * size), i * size);
  });
  return { ...x, shape: [rows.length, ...x.shape.slice(1)], data } as NDArray;
}

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

const resultOf = ({ tests }: CandidateJudgement, test: string, on: string) =>
  tests.find((t) => t.test === test && t.on === on)?.value ?? { value: Number.NaN, error: Number.NaN };

/** What two-sample tests say of samples, with real rows beside them. */
function verdict(judged: CandidateJudgement) {
  const hotelling = judged.tests.filter(({ test }) => test === "Hotelling T²");
  const least = Math.min(...hotelling.map(({ log10P }) => log10P as number));
  const { farther } = judged.nearest ?? {};
  return {
    hotelling: Math.min(0, least + Math.log10(hotelling.length)),
    linear: resultOf(judged, "linear classifier", "features"),
    network: resultOf(judged, "convolutional classifier", "values"),
    frechet: resultOf(judged, "Fréchet distance", "features"),
    farther,
    // Two-sided: too near and too far are both wrong.
    nearest: farther ? 2 * normalSurvival(Math.abs(farther.value - 0.5) / farther.error) : Number.NaN,
    groups: hotelling.map(({ on, log10P }) => `${on} ${(log10P as number).toFixed(1)}`).join(", "),
  };
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
  const parts: NDArray[] = [];
  // Few at a time, whose images stay near the processor.
  for (let part = 0; part * 100 < COMPARED; part++)
    parts.push((await value.sample(100, { seed: 1000 * seed + part })).x);
  const size = (parts[0] as NDArray).data.length;
  const data = (parts[0] as NDArray).data.slice(0, 0);
  const all = new (data.constructor as new (n: number) => Float32Array)(parts.length * size);
  parts.forEach((part, i) => {
    all.set(part.data as Float32Array, i * size);
  });
  const x = {
    ...(parts[0] as NDArray),
    shape: [COMPARED, ...dataset.x.shape.slice(1)],
    data: all,
  } as NDArray;
  // A folder for sheets of samples to look at; without it there are none.
  const folder = process.env.ANSATZ_SHEETS;
  if (folder)
    await saveRows(
      join(folder, `${name}-${seed}.png`),
      { space: dataset.space, x: rowsOf(x, 0, 64), encoding: dataset.encoding } as never,
      { force: true } as never,
    );
  const judged = await judge(
    {
      space: dataset.space,
      real: { name: "test", x: firstOf(dataset, "test", COMPARED) },
      train: { name: "train", x: firstOf(dataset, "train", COMPARED) },
      candidates: [{ name: "samples", x }],
    },
    { seed, threads: 1 },
  );
  await value.release();
  const [real, own] = judged.candidates.map(verdict) as [
    ReturnType<typeof verdict>,
    ReturnType<typeof verdict>,
  ];
  for (const [who, v] of [
    ["real", real],
    ["samples", own],
  ] as const)
    print(
      `${who}: Hotelling log10 p ${v.hotelling.toFixed(1)} (${v.groups}); classifiers ${v.linear.value.toFixed(3)} on features, ${v.network.value.toFixed(3)} ± ${v.network.error.toFixed(3)} on pixels; Fréchet ${v.frechet.value.toFixed(2)}; farther ${v.farther?.value.toFixed(3)} ± ${v.farther?.error.toFixed(3)}`,
    );
  return { cost, ratio, real, own };
}

const text = ({ value, error }: { value: number; error: number }) =>
  `${value.toFixed(3)} ± ${error.toFixed(3)}`;

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
      notes: `error ${text(ratio)} of the Gaussian's; classifiers ${text(own.linear)} on features (real ${text(real.linear)}), ${text(own.network)} on pixels (real ${text(real.network)})`,
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
      notes: `classifiers ${text(own.linear)} on features (real ${text(real.linear)}), ${text(own.network)} on pixels (real ${text(real.network)}); nearest neighbours p ${own.nearest.toFixed(3)}`,
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
      notes: `real ${text(real.network)}; error ${text(ratio)} of the Gaussian's; on features ${text(own.linear)} (real ${text(real.linear)}); Fréchet ${text(own.frechet)} (real ${text(real.frechet)})`,
      cost,
    };
  },
};

/** Claims about flow matching of pictures and maps. */
export const flowMatchingPictures: readonly Acceptance[] = [maps, faces, fashion];
