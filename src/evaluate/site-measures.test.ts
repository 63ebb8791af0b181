import { describe, expect, it } from "vitest";
import { type NDArray, ndarray } from "../array.ts";
import { binary, categorical, levels, real, type Space } from "../data/space.ts";
import { Key } from "../random/key.ts";
import { normal } from "../random/normal.ts";
import { uniform } from "../random/uniform.ts";
import { jointTest } from "../stats/index.ts";
import { compareObservables } from "./observables.ts";
import { siteTwoPoint } from "./site-correlation.ts";
import { siteLattice } from "./site-lattice.ts";
import { siteStatistics } from "./site-statistics.ts";
import { spectrum } from "./spectrum.ts";
import { rowStatistic } from "./statistic.ts";

const field = (shape: readonly number[], data: ArrayLike<number>) =>
  ndarray("f32", [data.length / shape.reduce((a, b) => a * b), ...shape], Float32Array.from(data));

/** Spins of both signs alike, `rows` of `shape`. */
function freeSpins(rows: number, shape: readonly number[], seed: number) {
  const n = shape.reduce((a, b) => a * b);
  const bits = uniform(Key.fromSeed(seed), rows * n, "f64").map((u) => Number(u < 0.5));
  return ndarray("u8", [rows, ...shape], Uint8Array.from(bits));
}

describe("the lattice of rows without a system", () => {
  it.each([
    ["spins in a row", binary([20]), "pm1", "spins"],
    ["a list of bits", binary([20]), "01", undefined],
    ["bits on a lattice", binary([4, 4]), "01", "bits"],
    ["a table of columns", real([6]), "plain", undefined],
    ["a chain of numbers", real([32]), "plain", "field"],
    ["a picture", levels([8, 8], 256), "levels", "levels"],
    ["states", categorical([4, 4], 3), "plain", undefined],
  ] as const)("%s", (_, space, encoding, kind) => {
    expect(siteLattice({ space, encoding })?.kind).toBe(kind);
  });
});

describe("statistics of free spins", () => {
  const x = freeSpins(4000, [4, 4], 1);
  const known = { space: binary([4, 4]), encoding: "pm1" } as const;

  it("are χ = 1 and Binder's cumulant 2/(3N)", () => {
    const { fluctuation, binder } = siteStatistics(known);
    const chi = rowStatistic(fluctuation!, { x });
    const cumulant = rowStatistic(binder!, { x });
    const exact = 2 / (3 * 16);
    const sigmas = [(chi.value - 1) / chi.error, (cumulant.value - exact) / cumulant.error];
    expect(jointTest(sigmas).largestPValue).toBeGreaterThan(1e-3);
    expect(chi.error).toBeLessThan(0.05);
  });

  it("stand in the comparison with data, but not pooled over contexts", () => {
    const names = (context?: Float32Array) =>
      compareObservables({
        ...{ ...known, samples: x },
        data: { x, ...(context && { context: ndarray("f32", [4000, 1], context) }) },
      }).map(({ name }) => name);
    expect(names()).toEqual(["magnetisation", "absMagnetisation", "fluctuation", "binder"]);
    expect(names(new Float32Array(4000))).toEqual(["magnetisation", "absMagnetisation"]);
  });
});

describe("numbers of rows without a system", () => {
  const names = (space: Space, x: NDArray, maps?: boolean) =>
    compareObservables({ space, samples: x, data: { x }, ...(maps && { maps }) }).map(({ name }) => name);

  it("are the mean and the variance of each column of a table, whatever its offset", () => {
    const z = normal(Key.fromSeed(7), 2 * 2000, "f64");
    const x = field(
      [2],
      z.map((v, i) => (i % 2 ? 3 * v : v + 1000)),
    );
    expect(names(real([2]), x)).toEqual(["column0", "column1", "variance0", "variance1"]);
    const found = compareObservables({ space: real([2]), samples: x, data: { x } });
    const sigmas = [1, 9].map((exact, i) => {
      const { value, error } = found[2 + i]!.model;
      // √(2/n) of the variance of normal numbers.
      expect(error / exact).toBeCloseTo(Math.sqrt(2 / 2000), 2);
      return (value - exact) / error;
    });
    expect(jointTest(sigmas).largestPValue).toBeGreaterThan(1e-3);
  });

  it("are those of a field on a lattice, but the variance of pixels of maps", () => {
    const x = field([4, 4], normal(Key.fromSeed(8), 16 * 50, "f64"));
    expect(names(real([4, 4]), x)).toEqual(["mean", "meanSquare", "fluctuation", "binder"]);
    expect(names(real([4, 4]), x, true)).toEqual(["pixelMean", "pixelVariance"]);
    const [, variance] = compareObservables({ space: real([4, 4]), samples: x, maps: true });
    const row = [...x.data.subarray(0, 16)] as number[];
    const mean = row.reduce((a, b) => a + b) / 16;
    const own = row.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 16;
    expect(variance?.values?.model[0]).toBeCloseTo(own, 10);
  });
});

describe("the two-point function without a system", () => {
  // x_{i+1} = ρ x_i + √(1 − ρ²) z: covariance ρ^r, about any mean.
  const [rows, side, rho] = [3000, 24, 0.6];
  const z = normal(Key.fromSeed(3), rows * side, "f64");
  const x = new Float64Array(rows * side);
  for (let i = 0; i < x.length; i++)
    x[i] = i % side === 0 ? z[i]! : rho * x[i - 1]! + Math.sqrt(1 - rho ** 2) * z[i]!;

  it("is that of an open chain, whatever is subtracted from its sites", () => {
    const offset = Float64Array.from({ length: side }, () => 5);
    const points = siteTwoPoint({ space: real([side]), offset }, { x: field([side], x) });
    expect(points?.map(({ r }) => r)).toEqual(Array.from({ length: 13 }, (_, r) => r));
    const sigmas = points!.map(({ r, value, error }) => (value - rho ** r) / error);
    expect(jointTest(sigmas).largestPValue).toBeGreaterThan(1e-3);
  });

  it("averages both axes of a square, and has no pairs around its edge", () => {
    // One row, +1 on the left half and −1 on the right: pairs along rows cross the middle, those along columns do not.
    const left = Float64Array.from({ length: 16 }, (_, i) => (i % 4 < 2 ? 1 : -1));
    const rows = field([4, 4], [...left, ...left.map((v) => -v)]);
    const [, one] = siteTwoPoint({ space: real([4, 4]) }, { x: rows })!;
    // Of 12 pairs along rows 4 are unlike, of 12 along columns none; all means are 0.
    expect(one?.value).toBeCloseTo((20 - 4) / 24, 12);
  });
});

describe("the power spectrum", () => {
  it("is the mean square of the transform over each shell of |k|, by its definition", () => {
    const [height, width] = [8, 12];
    const n = height * width;
    const phi = normal(Key.fromSeed(4), n, "f64").map((v) => Math.fround(v));
    const sums = new Map<number, number[]>();
    for (let ky = -3; ky <= 4; ky++)
      for (let kx = -5; kx <= 6; kx++) {
        let [a, b] = [0, 0];
        for (let i = 0; i < n; i++) {
          const angle = 2 * Math.PI * ((ky * Math.floor(i / width)) / height + (kx * (i % width)) / width);
          a += phi[i]! * Math.cos(angle);
          b += phi[i]! * Math.sin(angle);
        }
        const shell = Math.round(Math.hypot((ky * 12) / height, kx));
        sums.set(shell, [...(sums.get(shell) ?? []), (a * a + b * b) / n]);
      }
    const points = spectrum({ space: real([height, width]) }, { x: field([height, width], phi) })!;
    expect(points.map(({ k }) => k)).toEqual([1, 2, 3, 4, 5, 6]);
    for (const { k, value } of points) {
      const own = sums.get(k)!;
      expect(value).toBeCloseTo(own.reduce((total, p) => total + p, 0) / own.length, 9);
    }
  });

  it("of white noise is its variance at every k, with errors that cover", () => {
    const noise = normal(Key.fromSeed(5), 400 * 256, "f64").map((v) => 2 * v + 7);
    const points = spectrum({ space: real([16, 16]) }, { x: field([16, 16], noise) })!;
    expect(jointTest(points.map(({ value, error }) => (value - 4) / error)).pValue).toBeGreaterThan(1e-3);
  });

  it("is of fields and pictures alone", () => {
    const x = freeSpins(4, [8, 8], 6);
    expect(spectrum({ space: binary([8, 8]), encoding: "pm1" }, { x })).toBeUndefined();
    expect(spectrum({ space: real([4, 4]) }, { x: field([4, 4], new Float32Array(16)) })).toBeUndefined();
  });
});
