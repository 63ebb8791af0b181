import { describe, expect, test } from "vitest";
import { Key } from "../random/key.ts";
import { normal } from "../random/normal.ts";
import { type ComplexMatrix, hermitianEigen, hermitianEigenvalues } from "./hermitian-eigen.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";

const random = (n: number, seed: number): ComplexMatrix => {
  const noise = normal(Key.fromSeed(seed), 2 * n * n, "f64");
  const [re, im] = [new Float64Array(n * n), new Float64Array(n * n)];
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      re[i * n + j] = noise[i * n + j]! + noise[j * n + i]!;
      im[i * n + j] = noise[n * n + i * n + j]! - noise[n * n + j * n + i]!;
    }
  return { n, re, im };
};

/** Σ_k λ_k u_k u_k†, by plain loops. */
const composed = (values: ArrayLike<number>, { n, re, im }: ComplexMatrix): ComplexMatrix => {
  const out = { n, re: new Float64Array(n * n), im: new Float64Array(n * n) };
  for (let k = 0; k < n; k++)
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        const [a, b, c, d] = [re[k * n + i]!, im[k * n + i]!, re[k * n + j]!, im[k * n + j]!];
        out.re[i * n + j]! += values[k]! * (a * c + b * d);
        out.im[i * n + j]! += values[k]! * (b * c - a * d);
      }
  return out;
};

const distance = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return most;
};

/** How far rows are from being orthonormal. */
const skew = ({ n, re, im }: ComplexMatrix) => {
  let most = 0;
  for (let k = 0; k < n; k++)
    for (let l = 0; l <= k; l++) {
      let [a, b] = [k === l ? -1 : 0, 0];
      for (let i = 0; i < n; i++) {
        a += re[k * n + i]! * re[l * n + i]! + im[k * n + i]! * im[l * n + i]!;
        b += re[k * n + i]! * im[l * n + i]! - im[k * n + i]! * re[l * n + i]!;
      }
      most = Math.max(most, Math.abs(a), Math.abs(b));
    }
  return most;
};

const vectorsOf = (n: number, seed: number) => hermitianEigen(random(n, seed)).vectors;

/** Matrices with the largest of their entries. */
const cases: readonly (readonly [string, ComplexMatrix])[] = [
  ["a number", { n: 1, re: Float64Array.of(-3), im: Float64Array.of(0) }],
  ["zeros", { n: 4, re: new Float64Array(16), im: new Float64Array(16) }],
  ["the Pauli matrix Y", { n: 2, re: new Float64Array(4), im: Float64Array.of(0, -1, 1, 0) }],
  ...[2, 3, 8, 33, 64].map((n) => [`a random matrix of ${n}`, random(n, n)] as const),
  ["eigenvalues that are equal", composed([3, 3, 3, 1, 1, -2, -2, -2], vectorsOf(8, 1))],
  ["rank one of 32", composed([1, ...new Array(31).fill(0)], vectorsOf(32, 2))],
  ["eigenvalues over 12 orders", composed([1, 1e-3, 1e-6, 1e-9, 1e-12, 0], vectorsOf(6, 3))],
  [
    "small numbers",
    {
      ...random(6, 4),
      re: random(6, 4).re.map((x) => x * 1e-120),
      im: random(6, 4).im.map((x) => x * 1e-120),
    },
  ],
];

describe("a Hermitian matrix is the sum of its eigenvectors", () => {
  test.each(cases)("%s", (_, matrix) => {
    const { values, vectors } = hermitianEigen(matrix);
    const scale = Math.max(...matrix.re.map(Math.abs), ...matrix.im.map(Math.abs), Number.MIN_VALUE);
    const back = composed(values, vectors);
    const bound = 1e-14 * matrix.n * scale;
    expect(distance(back.re, matrix.re)).toBeLessThanOrEqual(bound);
    expect(distance(back.im, matrix.im)).toBeLessThanOrEqual(bound);
    expect(skew(vectors)).toBeLessThan(1e-14 * (8 + matrix.n));
    expect([...values]).toEqual([...values].sort((a, b) => b - a));
    expect(distance(hermitianEigenvalues(matrix), values)).toBeLessThanOrEqual(bound);
  });
});

test("a real matrix has the eigenvalues and vectors that the real solver finds", () => {
  const n = 20;
  const { re } = random(n, 7);
  const real = symmetricEigen(re, n);
  const { values, vectors } = hermitianEigen({ n, re, im: new Float64Array(n * n) });
  expect(distance(values, real.values)).toBeLessThan(1e-12);
  for (let k = 0; k < n; k++) {
    let overlap = 0;
    for (let i = 0; i < n; i++) overlap += vectors.re[k * n + i]! * real.vectors[k * n + i]!;
    expect(Math.abs(overlap)).toBeCloseTo(1, 12);
  }
});

test("256 rows: what it is made of comes back", () => {
  const given = random(256, 9);
  const { values, vectors } = hermitianEigen(given);
  const back = composed(values, vectors);
  expect(distance(back.re, given.re)).toBeLessThan(1e-11);
  expect(distance(back.im, given.im)).toBeLessThan(1e-11);
});
