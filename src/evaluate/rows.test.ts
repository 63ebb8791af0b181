import { describe, expect, it } from "vitest";
import { arrayFrom } from "../array.ts";
import { makeDataset } from "../data/dataset.ts";
import { binary } from "../data/space.ts";
import { Key, normal, permutation } from "../random/index.ts";
import { independentMean, variance } from "../stats/index.ts";
import { partMean, partRows, rowMean } from "./index.ts";

/** `chains` stationary AR(1) chains of unit variance and `length` rows, one after the other, of the given τ. */
function rows(seed: number, chains: number, length: number, tau: number) {
  const a = (2 * tau - 1) / (2 * tau + 1);
  const values = normal(Key.fromSeed(77).fold(seed), chains * length, "f64");
  for (let i = 0; i < values.length; i++)
    if (i % length > 0) values[i] = a * values[i - 1]! + Math.sqrt(1 - a * a) * values[i]!;
  const chain = Int32Array.from(values, (_, i) => Math.floor(i / length));
  return { values, chain };
}

describe("the error of a mean over rows", () => {
  it.each([
    ["many short chains of long τ", 40, 20, 20],
    ["chains of one row", 300, 1, 0.5],
    ["a few long chains", 4, 2000, 5],
    ["chains whose window would be half of them", 16, 40, 6.2],
  ])("is honest for %s", (_, chains, length, tau) => {
    const z = Array.from({ length: 300 }, (_, seed) => {
      const { values, chain } = rows(seed, chains, length, tau);
      const { value, error } = rowMean(values, chain);
      return value / error;
    });
    expect(z.every(Number.isFinite)).toBe(true);
    const covered = z.filter((x) => Math.abs(x) < 1).length / z.length;
    expect(covered).toBeGreaterThan(0.6);
    expect(covered).toBeLessThan(0.75);
    expect(Math.hypot(...z) / Math.sqrt(z.length)).toBeLessThan(1.2);
  });

  it.each([
    [1, 1000, -0.95],
    [1, 4000, -0.5],
    [16, 40, -0.95],
    [4, 2000, -0.99],
  ])(
    "of %i chains of %i rows that alternate covers, and is hardly larger than the true one",
    (chains, length, a) => {
      const z = Array.from({ length: 200 }, (_, seed) => {
        const { values, chain } = rows(seed, chains, length, (1 + a) / (2 * (1 - a)));
        const { value, error } = rowMean(values, chain);
        return value / error;
      });
      const rms = Math.hypot(...z) / Math.sqrt(z.length);
      // The rms of 200 normal numbers has a deviation of 0.05: four of them.
      expect(rms).toBeLessThan(1.2);
      expect(rms).toBeGreaterThan(0.8);
      expect(z.filter((x) => Math.abs(x) < 2).length).toBeGreaterThan(180);
    },
  );

  it("is that of the chains' means where eight chains or more are too short for τ, else unknown", () => {
    const { values, chain } = rows(1, 8, 20, 20);
    const means = Array.from(
      { length: 8 },
      (_, c) => independentMean(values.subarray(20 * c, 20 * (c + 1))).value,
    );
    expect(rowMean(values, chain).error).toBeCloseTo((8 / 7) * Math.sqrt(variance(means) / 8), 12);
    const seven = rowMean(values.subarray(20), chain.subarray(20));
    expect(seven).toEqual({ value: independentMean(values.subarray(20)).value, error: Number.NaN });
    expect(rowMean(values, chain, { tau: 20, thinning: 10 })).toEqual(rowMean(values, chain));
    expect(rowMean(values, chain, { tau: 20 })).toEqual(rowMean(values, chain));
    expect(rowMean(new Float64Array(160).fill(0.1), chain).error).toBeNaN();
  });

  it("is at least that of independent rows for rows thinned by two τ or more", () => {
    const spacing = { tau: 3, thinning: 6 };
    for (let seed = 0; seed < 20; seed++) {
      const few = rows(seed, 3, 20, 0.5);
      expect(rowMean(few.values, few.chain, spacing)).toEqual(independentMean(few.values));
      for (const tau of [0.4, 0.5, 2]) {
        const many = rows(seed, 2, 1000, tau);
        const independent = independentMean(many.values).error;
        const { error } = rowMean(many.values, many.chain, spacing);
        expect(error).toBeGreaterThanOrEqual(independent);
        // What the rows themselves show counts more than what the meta says.
        if (tau === 2) expect(error).toBeGreaterThan(1.6 * independent);
      }
    }
  });

  it("is that of independent rows where there are no chains", () => {
    const { values } = rows(2, 1, 30, 5);
    expect(rowMean(values)).toEqual(independentMean(values));
  });
});

describe("the error of a mean over rows with parents", () => {
  /** `parents` maps with `each` crops in random order: a number of the map and one of the crop, whose variances are `shared` and 1. */
  function crops(seed: number, parents: number, each: number, shared: number) {
    const key = Key.fromSeed(78).fold(seed);
    const own = normal(key.fold(0), parents * each, "f64");
    const common = normal(key.fold(1), parents, "f64");
    const parent = Int32Array.from(permutation(key.fold(2), own.length), (row) => row % parents);
    return { parent, values: own.map((v, row) => v + Math.sqrt(shared) * common[parent[row]!]!) };
  }

  it.each([
    [100, 4, 1],
    [10, 20, 0.5],
    [40, 3, 0],
  ])("is honest for %i parents of %i rows", (parents, each, shared) => {
    const z = Array.from({ length: 400 }, (_, seed) => {
      const { values, parent } = crops(seed, parents, each, shared);
      const { value, error } = partMean(values, { parent });
      return value / error;
    });
    // 400 fractions of 0.683 have a deviation of 0.023: three of them.
    const covered = z.filter((x) => Math.abs(x) < 1).length / z.length;
    expect(covered).toBeGreaterThan(0.61);
    expect(covered).toBeLessThan(0.75);
  });

  it("is that of independent rows if each row has its own, and unknown for seven parents", () => {
    const { values, parent } = crops(1, 7, 10, 1);
    expect(partMean(values, { parent: Int32Array.from(values.keys()) })).toEqual(independentMean(values));
    expect(partMean(values, { parent }).error).toBeNaN();
    expect(partMean(values.fill(2), { parent }).error).toBe(0);
  });

  it("goes by parents rather than by chains", () => {
    const { values, parent } = crops(2, 20, 5, 1);
    const chain = new Int32Array(values.length);
    expect(partMean(values, { parent, chain })).toEqual(partMean(values, { parent }));
    expect(partMean(values, { chain })).toEqual(rowMean(values, chain));
  });
});

it("partRows says how the rows of the chains were thinned", () => {
  const x = arrayFrom("u8", [40, 2], new Array(80).fill(1));
  const chain = { count: 1, tau: 2, thinning: 10 };
  const meta = { version: 1, space: binary([2]), encoding: "01", chain } as const;
  expect(partRows(makeDataset({ arrays: { x }, meta }, "x"), "all").spacing).toEqual(chain);
  expect(partRows(makeDataset({ arrays: { x } }, "x"), "all")).not.toHaveProperty("spacing");
});
