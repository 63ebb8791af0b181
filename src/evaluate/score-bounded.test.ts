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
import { chiSquaredSurvival, independentMean, mean, variance } from "../stats/index.ts";
import { type AnnealedScore, type EncoderScore, scoreBounded } from "./index.ts";
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
    expect(score.draws).toBe(draws ?? 200);
    behind.push(exact - score.bound.value);
  }
  await fitted.release();
  const [one, some, many] = behind as [number, number, number];
  expect(one).toBeGreaterThan(2 * some);
  expect(some).toBeGreaterThan(Math.abs(many));
});

test("bounds after fewer draws are on the way to the last, and the noise of draws is a part of the error", async () => {
  const data = await rowsOf(loose, 300, 4);
  const exact = mean(logProb(loose, data.x));
  const fitted = new FittedBounded(model, loose);
  const score = await scoreBounded(fitted, data, { part: "all", draws: 120, seed: 2 });
  const single = await scoreBounded(fitted, data, { part: "all", draws: 1, seed: 2 });
  // Noise is what other draws of the same rows would change.
  const others: number[] = [];
  for (let seed = 3; seed < 33; seed++)
    others.push((await scoreBounded(fitted, data, { part: "all", draws: 5, seed })).bound.value);
  const { noise } = await scoreBounded(fitted, data, { part: "all", draws: 5, seed: 40 });
  await fitted.release();
  // χ² of 29 degrees of freedom, both tails, p = 1e-3 each.
  const ratio = (29 * variance(others)) / noise ** 2;
  expect(chiSquaredSurvival(ratio, 29)).toBeGreaterThan(1e-3);
  expect(chiSquaredSurvival(ratio, 29)).toBeLessThan(1 - 1e-3);
  const curve = score.curve ?? [];
  expect(curve.map(({ draws }) => draws)).toEqual([1, 2, 5, 10, 20, 50, 100, 120]);
  expect(curve.at(-1)?.nll).toEqual(score.nll);
  expect(curve[0]?.nll.value).toBeGreaterThan((curve[4]?.nll.value as number) + 0.02);
  // The mean of 120 single draws is the bound of one draw, with less noise.
  expect(score.single.value).toBeLessThan(score.bound.value - 0.05);
  expect(Math.abs(score.single.value - single.bound.value)).toBeLessThan(5 * single.bound.error);
  expect(Math.abs(score.bound.value - exact)).toBeLessThan(0.02);
  expect(score.noise).toBeLessThan(score.bound.error / 3);
  expect(single.noise).toBeNaN();
});

test("annealing bounds data from one side and own samples from both, around the entropy of the model", async () => {
  const data = await rowsOf(loose, 200, 4);
  const { logDet } = inverted(covarianceOf(loose));
  const entropy = 0.5 * (3 * (1 + Math.log(2 * Math.PI)) + logDet);
  const fitted = new FittedBounded(model, loose);
  const told: number[] = [];
  const score = await scoreBounded(fitted, data, {
    ...{ part: "all", draws: 5, seed: 2, anneal: 32 },
    onProgress: (done, total) => told.push(done / total),
  });
  await fitted.release();
  const { data: ofData, own, temperatures, chains, acceptance, warnings } = score.annealed as AnnealedScore;
  expect({ temperatures, chains, warnings }).toEqual({ temperatures: 32, chains: 8, warnings: [] });
  expect(acceptance).toBeGreaterThan(0.5);
  expect(own.lower.value - 4 * own.lower.error).toBeLessThan(entropy);
  expect(own.upper.value + 4 * own.upper.error).toBeGreaterThan(entropy);
  expect(own.gap.value).toBeCloseTo(own.upper.value - own.lower.value, 10);
  expect(own.gap.error).toBeLessThan(own.upper.error);
  expect(Math.abs(ofData.nll.value - entropy)).toBeLessThan(4 * ofData.nll.error);
  // Closer to log P than five weights by the wrong encoder, and not above it.
  const behind = mean(logProb(loose, data.x)) - score.bound.value;
  expect(ofData.gain.value).toBeGreaterThan(0.5 * behind);
  expect(ofData.gain.value).toBeLessThan(behind + 4 * ofData.gain.error);
  expect(told.every((part, i) => part >= (told[i - 1] ?? 0) && part <= 1)).toBe(true);
  const { rate, distortion, units } = score.encoder as EncoderScore;
  expect(units).toBe(2);
  expect(rate.value + distortion.value).toBeCloseTo(-score.single.value, 1);
});

test("what has no latent variables is not annealed", async () => {
  const data = await rowsOf(loose, 20, 4);
  const { latent: _, ...bare } = model;
  const fitted = new FittedBounded(bare, loose);
  await expect(scoreBounded(fitted, data, { part: "all", anneal: true })).rejects.toThrow(
    "a ppca has no latent variables to anneal",
  );
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
