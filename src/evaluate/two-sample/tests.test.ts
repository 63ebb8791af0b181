import { describe, expect, test } from "vitest";
import { ndarray } from "../../array.ts";
import { Key } from "../../random/key.ts";
import { normal } from "../../random/normal.ts";
import { kolmogorovTest } from "../../stats/kolmogorov.ts";
import { energyDistance } from "../energy-distance.ts";
import { log10Survival } from "./deviate.ts";
import { duplicates } from "./duplicates.ts";
import type { FeatureTable } from "./features/feature.ts";
import { frechetDistance } from "./frechet.ts";
import { hotelling } from "./hotelling.ts";
import { kernelTests } from "./kernel-tests.ts";
import { kolmogorovSmirnov } from "./kolmogorov-smirnov.ts";
import { linearClassifierTest } from "./linear-classifier.ts";
import { roc } from "./roc.ts";
import { slicedWasserstein } from "./sliced-wasserstein.ts";
import { squaredDistances, supportOverlap } from "./support.ts";
import { testGroups } from "./test-groups.ts";

const names = (width: number) => Array.from({ length: width }, (_, i) => `f${i}`);
/** Normal rows, shifted and scaled column by column. */
function table(
  seed: number,
  rows: number,
  width: number,
  of = (v: number, _column: number) => v,
): FeatureTable {
  const values = normal(Key.fromSeed(seed), rows * width, "f64").map((v, i) => of(v, i % width));
  return { names: names(width), rows, values };
}
const alone = (x: FeatureTable, y: FeatureTable) =>
  testGroups({ name: "x", rows: x.rows }, { name: "y", rows: y.rows });
/** Each row twice: parents of two rows that are one. */
function doubled({ names: own, rows, values }: FeatureTable): FeatureTable {
  const width = own.length;
  const out = new Float64Array(2 * values.length);
  for (let row = 0; row < 2 * rows; row++)
    out.set(values.subarray((row >> 1) * width, ((row >> 1) + 1) * width), row * width);
  return { names: own, rows: 2 * rows, values: out };
}
const pairsOf = (rows: number) => Int32Array.from({ length: 2 * rows }, (_, row) => row >> 1);

describe("p-values of equal distributions are uniform", () => {
  const repeats = 150;
  const uniform = (p: (seed: number) => number) =>
    kolmogorovTest(
      Array.from({ length: repeats }, (_, i) => p(2 * i)),
      (u) => u,
    ).pValue;

  test.each([
    ["few features", 3, 40],
    ["more features than rows allow", 30, 25],
  ])("Hotelling with %s", (_, width, rows) => {
    const p = uniform((seed) => {
      const [x, y] = [table(seed, rows, width), table(seed + 1, rows, width)];
      return 10 ** hotelling(x, y, alone(x, y)).log10P;
    });
    expect(p).toBeGreaterThan(1e-3);
  });

  test("Hotelling, Kolmogorov–Smirnov and classifiers with parents, and not if parents are not told", () => {
    const sets = (seed: number) => [doubled(table(seed, 60, 3)), doubled(table(seed + 1, 73, 3))] as const;
    const groups = testGroups(
      { name: "x", rows: 120, parent: pairsOf(60) },
      { name: "y", rows: 146, parent: pairsOf(73) },
    );
    const told = (seed: number) => 10 ** hotelling(...sets(seed), groups).log10P;
    const untold = (seed: number) => {
      const [x, y] = sets(seed);
      return 10 ** hotelling(x, y, alone(x, y)).log10P;
    };
    expect(uniform(told)).toBeGreaterThan(1e-3);
    expect(uniform(untold)).toBeLessThan(1e-6);
    const ks = (seed: number) => {
      const [x, y] = sets(seed).map(({ values }) => values.filter((_, i) => i % 3 === 0)) as [
        Float64Array,
        Float64Array,
      ];
      return 10 ** kolmogorovSmirnov(x, y, groups, { key: Key.fromSeed(seed), permutations: 99 }).log10P;
    };
    expect(uniform(ks)).toBeGreaterThan(1e-3);
    expect(uniform((seed) => 10 ** linearClassifierTest(...sets(seed), groups).log10P)).toBeGreaterThan(1e-3);
  });

  test("Kolmogorov–Smirnov and the linear classifier on single rows", () => {
    const ks = (seed: number) => {
      const [x, y] = [table(seed, 100, 1), table(seed + 1, 117, 1)];
      return 10 ** kolmogorovSmirnov(x.values, y.values, alone(x, y), { key: Key.fromSeed(0) }).log10P;
    };
    expect(uniform(ks)).toBeGreaterThan(1e-3);
    const linear = (seed: number) => {
      const [x, y] = [table(seed, 60, 4), table(seed + 1, 60, 4)];
      return 10 ** linearClassifierTest(x, y, alone(x, y)).log10P;
    };
    expect(uniform(linear)).toBeGreaterThan(1e-3);
  });
});

test("T² of one feature is the square of Student's t, and a constant feature is left out", () => {
  const [x, y] = [
    table(1, 12, 2, (v, c) => (c === 0 ? v : 7)),
    table(2, 15, 2, (v, c) => (c === 0 ? v + 1 : 7)),
  ];
  const [a, b] = [x, y].map(({ values }) => values.filter((_, i) => i % 2 === 0)) as [
    Float64Array,
    Float64Array,
  ];
  const mean = (v: Float64Array) => v.reduce((s, u) => s + u, 0) / v.length;
  const squares = (v: Float64Array) => v.reduce((s, u) => s + (u - mean(v)) ** 2, 0);
  const pooled = (squares(a) + squares(b)) / 25;
  const { t2, components, constant } = hotelling(x, y, alone(x, y));
  expect(t2).toBeCloseTo((mean(a) - mean(b)) ** 2 / (pooled * (1 / 12 + 1 / 15)), 9);
  expect([components, constant]).toEqual([1, 1]);
  const none = table(3, 8, 1, () => 2);
  expect(hotelling(none, none, alone(none, none))).toMatchObject({ t2: 0, log10P: 0, components: 0 });
});

test("energy distance is that of the score, MMD² is its double sum, and both see a shift", async () => {
  const [x, y] = [table(4, 30, 2), table(5, 30, 2, (v) => v + 2)];
  const points = ({ rows, values }: FeatureTable) => ({
    count: rows,
    width: 2,
    values,
    metric: "euclidean" as const,
  });
  const {
    energyDistance: own,
    mmd,
    bandwidth,
  } = await kernelTests(points(x), points(y), alone(x, y), { key: Key.fromSeed(1), permutations: 99 });
  const direct = await energyDistance(points(x), points(y));
  // The U-statistic leaves out the pairs (xᵢ, yᵢ), the double sum does not.
  expect(Math.abs(own.value - direct.value)).toBeLessThan(0.2 * direct.error);
  expect(own.error).toBeCloseTo(direct.error, 5);
  const kernel = (a: FeatureTable, i: number, b: FeatureTable, j: number) =>
    Math.exp(
      -((a.values[2 * i]! - b.values[2 * j]!) ** 2 + (a.values[2 * i + 1]! - b.values[2 * j + 1]!) ** 2) /
        (2 * bandwidth ** 2),
    );
  let sum = 0;
  for (let i = 0; i < 30; i++)
    for (let j = 0; j < 30; j++) {
      sum -= (2 * kernel(x, i, y, j)) / 900;
      if (i !== j) sum += (kernel(x, i, x, j) + kernel(y, i, y, j)) / 870;
    }
  expect(mmd.value).toBeCloseTo(sum, 6);
  expect([own.pValue, mmd.pValue]).toEqual([0.01, 0.01]);
});

test("one direction of one column gives the mean distance of sorted values", () => {
  const [x, y] = [table(6, 50, 1), table(7, 50, 1, (v) => 2 * v + 1)];
  const [a, b] = [x.values.slice().sort(), y.values.slice().sort()];
  const direct = a.reduce((sum, v, i) => sum + Math.abs(v - b[i]!), 0) / 50;
  const { value, pValue } = slicedWasserstein(x, y, alone(x, y), {
    key: Key.fromSeed(2),
    directions: 3,
    permutations: 99,
  });
  expect(value).toBeCloseTo(direct, 10);
  expect(pValue).toBe(0.01);
});

test("the area under the curve is the share of pairs in order, equal ones half", () => {
  const [x, y] = [Float64Array.of(1, 2, 2, 5), Float64Array.of(2, 3, 6)];
  let pairs = 0;
  for (const u of x) for (const v of y) pairs += v > u ? 1 : v === u ? 0.5 : 0;
  const single = (n: number) => Array.from({ length: n }, (_, i) => Uint32Array.of(i));
  expect(roc(x, y, { x: single(4), y: single(3) }).auc.value).toBeCloseTo(pairs / 12, 12);
});

test("tails of the normal distribution stay accurate below the least double", () => {
  // The two formulas meet at 30, with the slope of the logarithm, −(z + 1/z).
  const step = log10Survival(30.0001) - log10Survival(29.9999);
  expect(step).toBeCloseTo((-0.0002 * (30 + 1 / 30)) / Math.LN10, 4);
  expect(log10Survival(1000)).toBeCloseTo(
    -500_000 / Math.LN10 - Math.log10(1000 * Math.sqrt(2 * Math.PI)),
    3,
  );
});

test("the Fréchet distance of independent columns has its closed form", () => {
  const [x, y] = [table(8, 40, 3), table(9, 40, 3)];
  // Columns made uncorrelated and of exact moments: those of a 2³ design, scaled.
  const design = (scale: readonly number[], shift: number) => ({
    ...{ names: names(3), rows: 8 },
    values: Float64Array.from(
      { length: 24 },
      (_, i) => shift + scale[i % 3]! * ((Math.floor(i / 3) >> (i % 3)) & 1 ? 1 : -1),
    ),
  });
  const d = frechetDistance(design([1, 2, 3], 0), design([2, 2, 1], 0.5));
  // Covariances over n − 1: 8/7 of the squares.
  expect(d).toBeCloseTo(3 * 0.25 + (8 / 7) * (1 + 0 + 4), 9);
  expect(frechetDistance(x, x)).toBeCloseTo(0, 6);
  expect(frechetDistance(x, y)).toBeCloseTo(frechetDistance(y, x), 9);
});

test("supports of equal sets overlap wholly, of distant ones nowhere", () => {
  const [x, y] = [table(10, 60, 2), table(11, 60, 2, (v) => v + 100)];
  const overlap = (a: FeatureTable, b: FeatureTable) =>
    supportOverlap(squaredDistances(a, a), squaredDistances(b, b), squaredDistances(a, b), 60, 60);
  expect(overlap(x, x)).toMatchObject({ precision: 1, recall: 1, coverage: 1 });
  expect(overlap(x, y)).toEqual({ precision: 0, recall: 0, density: 0, coverage: 0 });
});

test("copies are counted row by row", () => {
  const x = ndarray("f32", [4, 2], Float32Array.of(1, 2, 1, 2, 3, 4, 5, 6));
  const y = ndarray("f32", [2, 2], Float32Array.of(3, 4, 2, 1));
  expect(duplicates(x, y)).toEqual({ within: 0.25, copied: 0.25 });
});

test("fewer than four parents, or rows, are refused in one line", () => {
  const one = { name: "sky.npz", rows: 40, parent: new Int32Array(40) };
  expect(() => testGroups(one, { name: "b", rows: 40 })).toThrow(
    "sky.npz: its 40 rows are of 1 parent, and p-values permute parents; give rows of 4 parents or more",
  );
  expect(() => testGroups({ name: "a", rows: 3 }, { name: "b", rows: 9 })).toThrow(
    "a: 3 rows are too few to test; give 4 or more",
  );
});
