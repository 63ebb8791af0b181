import { expect, test } from "vitest";
import { arrayFrom, type NDArray } from "../../../../array.ts";
import { Key } from "../../../../random/key.ts";
import { normal } from "../../../../random/normal.ts";
import { jit } from "../../../../runtime/jit.ts";
import { invertUnitLower } from "./triangular-inverse.ts";

test.each([1, 2, 3, 7, 8, 33])("the inverse of a unit lower triangular matrix of %d rows", async (n) => {
  const lower = normal(Key.fromSeed(n), n * n, "f64") as Float64Array;
  const invert = jit(invertUnitLower);
  // What stands on and above the diagonal is not read.
  const inverse = (await invert(arrayFrom("f64", [n, n], lower))) as NDArray<"f64">;
  await invert.release();
  const entry = (i: number, j: number) => (i === j ? 1 : j < i ? (lower[i * n + j] as number) : 0);
  const scale = Math.max(...inverse.data.map((v) => Math.abs(v)));
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      let product = 0;
      for (let k = 0; k < n; k++) product += entry(i, k) * Number(inverse.data[k * n + j]);
      expect(Math.abs(product - (i === j ? 1 : 0))).toBeLessThan(1e-13 * scale);
    }
});
