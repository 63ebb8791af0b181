import { describe, expect, it } from "vitest";
import { ndarray } from "../array.ts";
import { categorical, real } from "../data/space.ts";
import { Key, normal } from "../random/index.ts";
import { type Estimate, erf } from "../stats/index.ts";
import { energyDistance } from "./energy-distance.ts";
import { distance, type Points, pointEncoder } from "./points.ts";
import { halved, paired, type RowGroups, rowGroups, singleRows, together } from "./row-groups.ts";

const points = (values: Float64Array, width = 1): Points => ({
  ...{ count: values.length / width, width, values, metric: "euclidean" },
});
const normals = (key: Key, count: number, mean = 0) => normal(key, count, "f64").map((v) => v + mean);

/**
 * Of normal numbers with variance 1 whose means are `apart`: X − Y is normal with variance 2 and that mean, X − X' with mean
 * 0, and E|N(m, 2)| = 2 e^(−m²/4)/√π + m erf(m/2).
 */
const exact = (apart: number) =>
  2 * ((2 * Math.exp((-apart * apart) / 4)) / Math.sqrt(Math.PI) + apart * erf(apart / 2)) -
  4 / Math.sqrt(Math.PI);

/** Mean and root mean square of standard scores, and how many lie within one and two errors. */
async function standardScores(count: number, known: number, draw: (key: Key) => Promise<Estimate>) {
  const z: number[] = [];
  for (let seed = 0; seed < count; seed++) {
    const { value, error } = await draw(Key.fromSeed(41).fold(seed));
    if (!Number.isNaN(error)) z.push((value - known) / error);
  }
  // Where τ is not known there is no error.
  expect(z.length).toBeGreaterThan(0.7 * count);
  const share = (of: number) => z.filter((v) => Math.abs(v) < of).length / z.length;
  const mean = z.reduce((sum, v) => sum + v, 0) / z.length;
  return { mean, rms: Math.hypot(...z) / Math.sqrt(z.length), share };
}

describe("of normal numbers of known distance, the error covers (300 seeds)", () => {
  it.each([
    ["few rows", 40, 40, 2],
    ["more rows", 100, 100, 1],
    ["sets of two sizes", 40, 150, 1.5],
  ])("%s", async (_, n, m, apart) => {
    const { rms, share } = await standardScores(300, exact(apart), (key) =>
      energyDistance(points(normals(key.fold(0), n)), points(normals(key.fold(1), m, apart))),
    );
    // Shares of 300 have a standard deviation of 0.027 at one error and 0.013 at two: bounds at p < 1e-3, with room for t.
    expect(share(1)).toBeGreaterThan(0.58);
    expect(share(1)).toBeLessThan(0.78);
    expect(share(2)).toBeGreaterThan(0.89);
    expect(rms).toBeGreaterThan(0.85);
    expect(rms).toBeLessThan(1.2);
  });
});

describe("of equal distributions, where the statistic is degenerate, the error covers (300 seeds)", () => {
  it.each([
    ["10 rows of one number", 10, 1, 1.5],
    ["40 rows of one number", 40, 1, 1.5],
    ["40 rows of 20 numbers", 40, 20, 1.2],
  ])("%s", async (_, n, width, most) => {
    const values: number[] = [];
    const errors: number[] = [];
    const { rms, share } = await standardScores(300, 0, async (key) => {
      const own = (k: number) => points(normals(key.fold(k), n * width), width);
      const estimate = await energyDistance(own(0), own(1));
      values.push(estimate.value);
      errors.push(estimate.error);
      return estimate;
    });
    // The law is skewed: of one number it is nearly that of a χ² with one degree of freedom.
    expect(share(1)).toBeGreaterThan(0.62);
    expect(share(2)).toBeGreaterThan(0.92);
    expect(rms).toBeGreaterThan(0.5);
    expect(rms).toBeLessThan(1.2);
    const spread = Math.hypot(...values) / Math.sqrt(300);
    const told = Math.hypot(...errors) / Math.sqrt(300);
    // That of a jackknife is 1.4 times the spread on average, of many numbers as of one.
    expect(told / spread).toBeGreaterThan(0.85);
    expect(told / spread).toBeLessThan(most);
    // Without bias: the mean of 300 within 3.5 errors (p < 1e-3).
    const mean = values.reduce((sum, v) => sum + v, 0) / 300;
    expect(Math.abs(mean)).toBeLessThan((3.5 * spread) / Math.sqrt(300));
  });
});

/** AR(1) chains of unit variance, one after the other. */
function chainsOf(key: Key, chains: number, length: number, tau: number) {
  const a = (2 * tau - 1) / (2 * tau + 1);
  const values = normal(key, chains * length, "f64");
  for (let i = 0; i < values.length; i++)
    if (i % length > 0) values[i] = a * values[i - 1]! + Math.sqrt(1 - a * a) * values[i]!;
  return { values, chain: Int32Array.from(values, (_, i) => Math.floor(i / length)) };
}

describe("rows of Markov chains", () => {
  it.each([
    ["many short chains", 30, 6, 20],
    ["two long chains", 2, 280, 2],
  ])("%s: no bias, and an error that covers (60 seeds)", async (_, chains, length, tau) => {
    for (const [apart, least] of [
      [0, 0.4],
      [2.5, 0.7],
    ] as const) {
      const { mean, rms, share } = await standardScores(60, exact(apart), async (key) => {
        const [x, y] = [
          chainsOf(key.fold(0), chains, length, tau),
          chainsOf(key.fold(1), chains, length, tau),
        ];
        // The chains' own numbers, and their squares, are slowest.
        const [a, b] = [x, y].map(({ values, chain }) =>
          rowGroups(values.length, chain, {}, [values, values.map((v) => v * v)]),
        ) as [RowGroups, RowGroups];
        const shifted = points(y.values.map((v) => v + apart));
        return energyDistance(points(x.values), shifted, { groups: together(a, b) });
      });
      // As independent rows they have an rms above the upper bound.
      expect(rms).toBeGreaterThan(least);
      expect(rms).toBeLessThan(1.3);
      expect(share(2)).toBeGreaterThan(0.87);
      expect(Math.abs(mean)).toBeLessThan(0.4);
    }
  });

  it("have no error where they are few and too short for τ, or do not move; thinned ones count as rows", async () => {
    const { values, chain } = chainsOf(Key.fromSeed(3), 3, 30, 10);
    const groups = rowGroups(90, chain, {}, [values]);
    const own = points(values);
    const { value, error } = await energyDistance(own, own, { groups: halved(groups) });
    expect([Number.isFinite(value), error]).toEqual([true, Number.NaN]);
    expect(rowGroups(90, chain, { tau: 1, thinning: 2 }, [values])).toEqual(singleRows(90));
    expect(rowGroups(90, chain, { tau: 1, thinning: 1 }, [values]).independent).toBe(false);
    const still = Int32Array.from({ length: 90 }, (_, i) => Math.floor(i / 9));
    expect(rowGroups(90, still, {}, [values]).independent).toBe(true);
    expect(rowGroups(90, still, {}, [new Float64Array(90)]).independent).toBe(false);
    expect(rowGroups(90)).toEqual(singleRows(90));
  });
});

it("a set against itself by halves: no bias, and an error that covers (300 seeds)", async () => {
  const values: number[] = [];
  const { rms, share } = await standardScores(300, 0, async (key) => {
    const own = points(normals(key, 80));
    const estimate = await energyDistance(own, own, { groups: halved(singleRows(80)) });
    values.push(estimate.value);
    return estimate;
  });
  const spread = Math.hypot(...values) / Math.sqrt(300);
  expect(Math.abs(values.reduce((sum, v) => sum + v, 0) / 300)).toBeLessThan((3.5 * spread) / Math.sqrt(300));
  expect(rms).toBeLessThan(1.2);
  expect(share(2)).toBeGreaterThan(0.92);
});

it("samples in the contexts of rows are no nearer to them for that (300 seeds)", async () => {
  const biased: number[] = [];
  const values: number[] = [];
  const { rms, share } = await standardScores(300, 0, async (key) => {
    // x = c + noise of a fifth, the model being right.
    const context = normals(key.fold(0), 40);
    const given = (k: number) =>
      points(normals(key.fold(k), 40).map((v, i) => (context[i] as number) + v / 5));
    const [x, y] = [given(1), given(2)];
    const estimate = await energyDistance(x, y, { groups: paired(singleRows(40)) });
    values.push(estimate.value);
    let own = 0;
    for (let i = 0; i < 40; i++) own += distance(x, i, y, i);
    biased.push(own / 40);
    return estimate;
  });
  const mean = (of: number[]) => of.reduce((sum, v) => sum + v, 0) / 300;
  const error = Math.hypot(...values) / 300;
  expect(Math.abs(mean(values))).toBeLessThan(3.5 * error);
  // With the pairs of one context in the cross term, whose distance is 0.23 and not 1.15, the mean would lie far off.
  expect((2 / 40) * (exact(0) + 1.15 - mean(biased))).toBeGreaterThan(10 * error);
  expect(rms).toBeLessThan(1.2);
  expect(share(2)).toBeGreaterThan(0.92);
});

it("is the sum over pairs of different rows, by plain loops", async () => {
  const [x, y] = [normals(Key.fromSeed(1), 7), normals(Key.fromSeed(2), 7, 1)];
  let sum = 0;
  for (let i = 0; i < 7; i++)
    for (let j = 0; j < 7; j++)
      if (i !== j) sum += 2 * Math.abs(x[i]! - y[j]!) - Math.abs(x[i]! - x[j]!) - Math.abs(y[i]! - y[j]!);
  expect((await energyDistance(points(x), points(y))).value).toBeCloseTo(sum / 42, 12);
});

it("tells of progress, stops when asked, has no error for three rows, and refuses points of two spaces", async () => {
  const many = points(normals(Key.fromSeed(1), 3000));
  const seen: [number, number][] = [];
  const few = points(many.values.slice(0, 3) as Float64Array);
  expect((await energyDistance(few, few, { onProgress: (...at) => seen.push(at) })).error).toBeNaN();
  expect(seen.at(-1)).toEqual([3, 3]);
  const stop = new AbortController();
  const stopped = energyDistance(many, many, { signal: stop.signal, onProgress: () => stop.abort() });
  await expect(stopped).rejects.toMatchObject({ code: "interrupted" });
  const labels = pointEncoder(categorical([1], 3), ndarray("u8", [1, 1]))(ndarray("u8", [3, 1]));
  await expect(energyDistance(few, labels)).rejects.toThrow("points of two spaces");
  const wide = pointEncoder(real([2]), ndarray("f32", [2, 2]))(ndarray("f32", [3, 2]));
  await expect(energyDistance(few, wide)).rejects.toThrow("points of two spaces");
});
