import fc from "fast-check";
import { expect, test } from "vitest";
import { Key, normal } from "../random/index.ts";
import { chiSquaredSurvival } from "./chi-squared.ts";
import { effectiveSampleSize, logMeanExp } from "./effective-sample-size.ts";

test("equal weights: the fraction is 1 and log Z has no error, at any size", () => {
  for (const x of [0, -3000, 3000, 1e300])
    expect(logMeanExp(new Float64Array(10).fill(x))).toEqual({ value: x, error: 0, effectiveSampleSize: 1 });
});

test("one weight among n: the fraction is 1/n", () => {
  expect(effectiveSampleSize([0, -Infinity, -Infinity, -Infinity])).toBe(0.25);
});

test("a common factor of the weights shifts the value alone", () => {
  const logs = fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 2, maxLength: 30 });
  fc.assert(
    fc.property(logs, fc.integer({ min: -5000, max: 5000 }), (logWeights, shift) => {
      const a = logMeanExp(logWeights);
      const b = logMeanExp(logWeights.map((x) => x + shift));
      expect(b.value - shift).toBeCloseTo(a.value, 9);
      expect(b.effectiveSampleSize).toBeCloseTo(a.effectiveSampleSize, 9);
      const sums = logWeights.map((x) => Math.exp(x - 20));
      const [s1, s2] = [sums.reduce((t, w) => t + w, 0), sums.reduce((t, w) => t + w * w, 0)];
      expect(a.effectiveSampleSize).toBeCloseTo(s1 ** 2 / s2 / sums.length, 9);
    }),
  );
});

test("lognormal weights: log Z = σ²/2 and the fraction exp(−σ²), with an honest error", () => {
  const sigma = 0.5;
  const draws = normal(Key.fromSeed(41), 400_000, "f64").map((x) => sigma * x);
  let squares = 0;
  for (let i = 0; i < 200; i++) {
    const { value, error } = logMeanExp(draws.subarray(2000 * i, 2000 * i + 2000));
    squares += ((value - sigma ** 2 / 2) / error) ** 2;
  }
  expect(chiSquaredSurvival(squares, 200)).toBeGreaterThan(0.005);
  expect(chiSquaredSurvival(squares, 200)).toBeLessThan(0.995);
  expect(effectiveSampleSize(draws)).toBeCloseTo(Math.exp(-(sigma ** 2)), 2);
});

test("no weight, no error bar; bad weights are named", () => {
  expect(logMeanExp([-Infinity, -Infinity])).toEqual({
    value: -Infinity,
    error: Number.NaN,
    effectiveSampleSize: Number.NaN,
  });
  expect(logMeanExp([2]).error).toBeNaN();
  expect(() => logMeanExp([0, Number.NaN])).toThrow(/sample 1 has the log-weight NaN/);
  expect(() => logMeanExp([Infinity])).toThrow(/sample 0/);
  expect(() => logMeanExp([])).toThrow(/no weights/);
});
