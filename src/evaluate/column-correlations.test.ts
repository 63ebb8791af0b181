import { expect, test } from "vitest";
import { ndarray } from "../array.ts";
import { real } from "../data/space.ts";
import { Key } from "../random/key.ts";
import { normal } from "../random/normal.ts";
import { jointTest } from "../stats/index.ts";
import { columnCorrelations } from "./column-correlations.ts";

test("correlations of columns of any scale are those they were made with, within their errors", () => {
  const n = 4000;
  const z = normal(Key.fromSeed(1), 3 * n, "f64");
  const x = new Float32Array(3 * n);
  const r = 0.7;
  for (let row = 0; row < n; row++) {
    const [a, b, c] = z.subarray(3 * row, 3 * row + 3);
    x.set([1e6 * a!, 3 + 1e-6 * 0 + 1e-2 * (r * a! + Math.sqrt(1 - r * r) * b!), 1e-7 * c!], 3 * row);
  }
  const found = columnCorrelations(real([3]), { x: ndarray("f32", [n, 3], x) })!;
  expect(found.map(({ first, second }) => [first, second])).toEqual([
    [0, 1],
    [0, 2],
    [1, 2],
  ]);
  const sigmas = found.map(({ estimate }, i) => (estimate.value - [r, 0, 0][i]!) / estimate.error);
  expect(jointTest(sigmas).largestPValue).toBeGreaterThan(1e-3);
  // (1 − r²)/√n is the error of normal data.
  expect(found[0]!.estimate.error * Math.sqrt(n)).toBeCloseTo(1 - r * r, 1);
});

test("only tables have them; a column that does not vary has none", () => {
  const x = ndarray("f32", [3, 2], Float32Array.of(1, 1, 1, 2, 1, 3));
  expect(columnCorrelations(real([2]), { x })?.[0]?.estimate.value).toBeNaN();
  expect(columnCorrelations(real([1, 2]), { x })).toBeUndefined();
});
