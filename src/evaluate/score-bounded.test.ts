import { expect, test } from "vitest";
import { inverted } from "../../test/laws/matrix.ts";
import type { PpcaParameters } from "../../test/laws/models/ppca.ts";
import { covarianceOf, gap, logProb, withPosterior } from "../../test/laws/models/ppca-known.ts";
import { ndarray } from "../array.ts";
import { type Dataset, makeDataset } from "../data/dataset.ts";
import { real } from "../data/space.ts";
import { FittedBounded } from "../models/fitted/bounded.ts";
import { createModel } from "../models/index.ts";
import { Key } from "../random/key.ts";
import { normal } from "../random/normal.ts";
import { chiSquaredSurvival, independentMean, mean } from "../stats/index.ts";
import { scoreBounded } from "./index.ts";
import "../../test/laws/models/register.ts";

const space = real([3]);
const model = createModel("ppca", space, { latent: 2 });
const start = model.init(Key.fromSeed(2));
const tight = withPosterior({ ...start, mean: ndarray("f32", [3], Float32Array.of(1, 0, -2)) });
/** An encoder whose means are 0.5 off: the same divergence from the posterior for every row. */
const loose = withPosterior(tight, 0.5);

/** Rows that the model itself draws. */
async function rowsOf(parameters: PpcaParameters, rows: number, seed: number): Promise<Dataset> {
  const fitted = new FittedBounded(model, parameters);
  const { x } = await fitted.sample(rows, { seed });
  await fitted.release();
  return makeDataset({ arrays: { x } }, "rows", { space });
}

test("by the posterior the bound of a dataset is its mean log P, whatever the number of draws", async () => {
  const data = await rowsOf(tight, 300, 1);
  const exact = independentMean(logProb(tight, data.x));
  const fitted = new FittedBounded(model, tight);
  for (const draws of [1, 7]) {
    const score = await scoreBounded(fitted, data, { part: "all", draws, rows: true });
    expect(score).toMatchObject({ kind: "bounded", draws, importance: true, count: 300 });
    expect(score.bound.value).toBeCloseTo(exact.value, 4);
    expect(score.bound.error).toBeCloseTo(exact.error, 4);
    expect(score.nll).toEqual({ value: -score.bound.value, error: score.bound.error });
    expect(score.nllPerSite.value).toBeCloseTo(score.nll.value / 3, 12);
    expect(mean(score.rows ?? [])).toBeCloseTo(score.bound.value, 10);
    expect(score.kl).toBeUndefined();
  }
  await fitted.release();
});

test("error bars cover the known bound of a wrong encoder (seeds 1 to 20)", async () => {
  // E log P under the model itself is minus the entropy of a normal distribution; the divergence is the same for every row.
  const { logDet } = inverted(covarianceOf(loose));
  const entropy = 0.5 * (3 * (1 + Math.log(2 * Math.PI)) + logDet);
  const fitted = new FittedBounded(model, loose);
  const below: number[] = [];
  const z: number[] = [];
  for (let seed = 1; seed <= 20; seed++) {
    const data = await rowsOf(loose, 300, seed);
    const gaps = gap(loose, data.x);
    expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThan(1e-4);
    const { bound } = await scoreBounded(fitted, data, { part: "all", draws: 1, seed });
    z.push((bound.value + entropy + mean(gaps)) / bound.error);
    below.push(mean(gaps));
  }
  await fitted.release();
  expect(mean(below)).toBeGreaterThan(0.1);
  const chiSquared = z.reduce((sum, v) => sum + v * v, 0);
  const pValue = chiSquaredSurvival(chiSquared, 20);
  expect(pValue).toBeGreaterThan(1e-3);
  expect(pValue).toBeLessThan(1 - 1e-3); // errors are not too large either
});

test("more draws come closer to log P from below, and the seed fixes them", async () => {
  const data = await rowsOf(loose, 300, 4);
  const exact = mean(logProb(loose, data.x));
  const fitted = new FittedBounded(model, loose);
  const behind: number[] = [];
  for (const draws of [1, undefined, 1000]) {
    const score = await scoreBounded(fitted, data, { part: "all", draws, key: Key.fromSeed(5) });
    expect(await scoreBounded(fitted, data, { part: "all", draws, seed: 5 })).toEqual(score);
    expect(score.draws).toBe(draws ?? 16);
    behind.push(exact - score.bound.value);
  }
  await fitted.release();
  const [one, some, many] = behind as [number, number, number];
  expect(one).toBeGreaterThan(2 * some);
  expect(some).toBeGreaterThan(Math.abs(many));
});

test("can be stopped, and says how far it has come", async () => {
  const data = await rowsOf(loose, 300, 4);
  const fitted = new FittedBounded(model, loose);
  const told: [number, number][] = [];
  await scoreBounded(fitted, data, { part: "all", draws: 4, onProgress: (...at) => told.push(at) });
  expect(told).toEqual([300, 600, 900, 1200].map((done) => [done, 1200]));
  await expect(scoreBounded(fitted, data, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: "interrupted",
  });
  await fitted.release();
});

test("rows of another width are refused", async () => {
  const data = makeDataset(
    { arrays: { x: ndarray("f32", [20, 2], normal(Key.fromSeed(1), 40, "f32")) } },
    "narrow",
    { space: real([2]) },
  );
  await expect(scoreBounded(new FittedBounded(model, loose), data)).rejects.toThrow("rows of shape [2]");
});
