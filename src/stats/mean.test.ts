import { expect, test } from "vitest";
import { Key, normal, uniform } from "../random/index.ts";
import { chiSquaredSurvival } from "./chi-squared.ts";
import { combine, independentMean, mean, variance, weightedMean } from "./mean.ts";
import { sum } from "./sum.ts";

test("the sum loses nothing to cancellation or length", () => {
  expect(sum([1, 1e100, 1, -1e100])).toBe(2);
  expect(sum(new Float64Array(1_000_000).fill(0.1))).toBe(100_000);
  expect(sum([])).toBe(0);
  expect(sum([1, Infinity, 2])).toBe(Infinity);
  expect(sum([1, Number.NaN])).toBeNaN();
});

test("mean and variance of 1, 2, 3, 4, far from 0 too", () => {
  expect(mean([1, 2, 3, 4])).toBe(2.5);
  expect(variance([1e9 + 1, 1e9 + 2, 1e9 + 3, 1e9 + 4])).toBeCloseTo(5 / 3, 12);
  expect(independentMean([1, 2, 3, 4])).toEqual({ value: 2.5, error: Math.sqrt(5 / 12) });
  expect(independentMean([7])).toEqual({ value: 7, error: Number.NaN });
});

test("the error of the mean is honest: χ² of 400 means of 25 normals, of known variance", () => {
  const draws = normal(Key.fromSeed(11), 10_000, "f64");
  let squares = 0;
  let errors = 0;
  for (let i = 0; i < 400; i++) {
    const { value, error } = independentMean(draws.subarray(25 * i, 25 * i + 25));
    squares += (value / 0.2) ** 2;
    errors += error ** 2;
  }
  expect(chiSquaredSurvival(squares, 400)).toBeGreaterThan(0.01);
  expect(chiSquaredSurvival(squares, 400)).toBeLessThan(0.99);
  // error² is unbiased for 1/25; each has relative variance 2/24.
  expect(Math.abs(errors / 400 / 0.04 - 1)).toBeLessThan(3 * Math.sqrt(2 / 24 / 400));
});

test("equal weights are no weights", () => {
  const samples = normal(Key.fromSeed(12), 100, "f64");
  const weighted = weightedMean(
    samples,
    samples.map(() => 3),
  );
  const plain = independentMean(samples);
  expect(weighted.value).toBeCloseTo(plain.value, 14);
  expect(weighted.error).toBeCloseTo(plain.error, 14);
});

test("a weighted mean finds ∫x·2x = 2/3 from uniform samples, with an honest error", () => {
  const samples = uniform(Key.fromSeed(13), 400_000, "f64");
  let squares = 0;
  for (let i = 0; i < 400; i++) {
    const part = samples.subarray(1000 * i, 1000 * i + 1000);
    const { value, error } = weightedMean(part, part);
    squares += ((value - 2 / 3) / error) ** 2;
  }
  expect(chiSquaredSurvival(squares, 400)).toBeGreaterThan(0.005);
  expect(chiSquaredSurvival(squares, 400)).toBeLessThan(0.995);
});

test("combining estimates weights by their precision", () => {
  const { value, error } = combine([
    { value: 1, error: 1 },
    { value: 4, error: 0.5 },
  ]);
  expect(value).toBeCloseTo((1 + 4 * 4) / 5, 14);
  expect(error).toBeCloseTo(Math.sqrt(1 / 5), 14);
});

test("bad input is named", () => {
  expect(() => weightedMean([1, 2], [1])).toThrow(/2 values have 1 weights/);
  expect(() => weightedMean([1, 2], [1, -1])).toThrow(/weight 1 is -1/);
  expect(() => weightedMean([1, 2], [0, 0])).toThrow(/all 2 weights are 0/);
  expect(() => combine([{ value: 1, error: 0 }])).toThrow(/estimate 0 has the error 0/);
  expect(() => combine([])).toThrow(/no estimates/);
});

test("equal values have no variance, whatever the rounding of their sum", () => {
  for (const value of [0.1, 1 / 3, -2.7, 1e-17])
    for (const n of [3, 7, 49, 1000]) {
      const values = new Float64Array(n).fill(value);
      expect(independentMean(values)).toEqual({ value, error: 0 });
    }
});
