import { join } from "node:path";
import type { Dataset, NDArray } from "ansatz";
import { type CandidateJudgement, drawBaseline, judge } from "ansatz/evaluate";
import { saveRows } from "ansatz/files";
import { Key } from "ansatz/random";
import { normalSurvival } from "ansatz/stats";

/** Rows of each set that are compared. */
const COMPARED = 500;

/** Rows `from` to `to` of an array. */
export function rowsOf(x: NDArray, from: number, to: number): NDArray {
  const size = x.data.length / (x.shape[0] as number);
  return {
    ...x,
    shape: [to - from, ...x.shape.slice(1)],
    data: x.data.slice(from * size, to * size),
  } as NDArray;
}

/** Rows of a split, the first `count`. */
export function firstOf({ x, splits }: Dataset, part: "train" | "test", count: number): NDArray {
  const size = x.data.length / (x.shape[0] as number);
  const rows = (splits[part] as Uint32Array).slice(0, count);
  const data = (x.data as Float32Array).slice(0, rows.length * size);
  rows.forEach((row, i) => {
    data.set((x.data as Float32Array).subarray(row * size, (row + 1) * size), i * size);
  });
  return { ...x, shape: [rows.length, ...x.shape.slice(1)], data } as NDArray;
}

const resultOf = ({ tests }: CandidateJudgement, test: string, on: string) =>
  tests.find((t) => t.test === test && t.on === on)?.value ?? { value: Number.NaN, error: Number.NaN };

/** What two-sample tests say of samples, with real rows beside them. */
export function verdict(judged: CandidateJudgement) {
  const hotelling = judged.tests.filter(({ test }) => test === "Hotelling T²");
  const least = Math.min(...hotelling.map(({ log10P }) => log10P as number));
  const { farther } = judged.nearest ?? {};
  return {
    hotelling: Math.min(0, least + Math.log10(hotelling.length)),
    linear: resultOf(judged, "linear classifier", "features"),
    network: resultOf(judged, "convolutional classifier", "values"),
    frechet: resultOf(judged, "Fréchet distance", "features"),
    recall: resultOf(judged, "recall", "features"),
    farther,
    // Two-sided: too near and too far are both wrong.
    nearest: farther ? 2 * normalSurvival(Math.abs(farther.value - 0.5) / farther.error) : Number.NaN,
    groups: hotelling.map(({ on, log10P }) => `${on} ${(log10P as number).toFixed(1)}`).join(", "),
  };
}

/** What two-sample tests say of one set. */
export type Verdict = ReturnType<typeof verdict>;

/** Whatever draws rows. */
interface Sampler {
  sample(count: number, options: { readonly seed: number }): Promise<{ readonly x: NDArray }>;
}

/** What tests say of real rows, of the samples `x`, and of a Gaussian with the mean and covariance of the data. */
export interface Judged {
  readonly real: Verdict;
  readonly own: Verdict;
  readonly gaussian: Verdict;
  readonly x: NDArray;
}

/** What tests say of as many samples of a model of pictures as test rows, and of training rows and of a Gaussian in their place. */
export async function judgedPictures(
  name: string,
  seed: number,
  { model, dataset, print }: { model: Sampler; dataset: Dataset; print: (line: string) => void },
): Promise<Judged> {
  const parts: NDArray[] = [];
  // Few at a time, whose images stay near the processor.
  for (let part = 0; part * 100 < COMPARED; part++)
    parts.push((await model.sample(100, { seed: 1000 * seed + part })).x);
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
  const train = firstOf(dataset, "train", 5000);
  const gaussian = drawBaseline("gaussian", dataset.space, train, COMPARED, Key.fromSeed(seed));
  const judged = await judge(
    {
      space: dataset.space,
      real: { name: "test", x: firstOf(dataset, "test", COMPARED) },
      train: { name: "train", x: firstOf(dataset, "train", COMPARED) },
      candidates: [
        { name: "samples", x },
        { name: "gaussian", x: gaussian },
      ],
    },
    { seed, threads: 1 },
  );
  const [real, own, normal] = judged.candidates.map(verdict) as [Verdict, Verdict, Verdict];
  for (const [who, v] of [
    ["real", real],
    ["samples", own],
    ["Gaussian", normal],
  ] as const)
    print(
      `${who}: Hotelling log10 p ${v.hotelling.toFixed(1)} (${v.groups}); classifiers ${v.linear.value.toFixed(3)} on features, ${v.network.value.toFixed(3)} ± ${v.network.error.toFixed(3)} on pixels; Fréchet ${v.frechet.value.toFixed(2)}; recall ${v.recall.value.toFixed(2)}; farther ${v.farther?.value.toFixed(3)} ± ${v.farther?.error.toFixed(3)}`,
    );
  return { real, own, gaussian: normal, x };
}

/** An estimate in few digits. */
export const estimateText = ({ value, error }: { value: number; error: number }) =>
  `${value.toFixed(3)} ± ${error.toFixed(3)}`;
