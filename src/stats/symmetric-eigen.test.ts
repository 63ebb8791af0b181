import { expect, test } from "vitest";
import { Key } from "../random/key.ts";
import { normal } from "../random/normal.ts";
import { symmetricEigen, symmetricEigenvalues } from "./symmetric-eigen.ts";

test.each([1, 2, 3, 7, 40])("vectors of a random matrix of %i rows are orthonormal and give it back", (n) => {
  const a = normal(Key.fromSeed(n), n * n, "f64");
  const matrix = Float64Array.from(a, (_, at) => a[at]! + a[(at % n) * n + Math.floor(at / n)]!);
  const { values, vectors } = symmetricEigen(matrix, n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      let [dot, back] = [0, 0];
      for (let k = 0; k < n; k++) {
        dot += vectors[i * n + k]! * vectors[j * n + k]!;
        back += values[k]! * vectors[k * n + i]! * vectors[k * n + j]!;
      }
      expect(dot).toBeCloseTo(i === j ? 1 : 0, 11);
      expect(back).toBeCloseTo(matrix[i * n + j]!, 10);
    }
  const alone = symmetricEigenvalues(matrix, n);
  for (let k = 0; k < n; k++) expect(alone[k]).toBeCloseTo(values[k]!, 10);
  for (let k = 1; k < n; k++) expect(values[k]!).toBeLessThanOrEqual(values[k - 1]!);
});

test("a path of springs has its known frequencies, and a zero matrix none", () => {
  const n = 12;
  const path = Float64Array.from({ length: n * n }, (_, at) => {
    const apart = Math.abs(Math.floor(at / n) - (at % n));
    return apart === 0 ? 2 : apart === 1 ? -1 : 0;
  });
  symmetricEigen(path, n).values.forEach((value, k) => {
    expect(value).toBeCloseTo(2 - 2 * Math.cos((Math.PI * (n - k)) / (n + 1)), 12);
  });
  expect([...symmetricEigen(new Float64Array(9), 3).values]).toEqual([0, 0, 0]);
});
