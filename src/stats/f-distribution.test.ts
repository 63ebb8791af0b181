import { expect, test } from "vitest";
import { chiSquaredSurvival } from "./chi-squared.ts";
import { logFSurvival } from "./f-distribution.ts";

test("two degrees of freedom in the numerator have a closed form, however small the probability", () => {
  // P(F > f) = (1 + 2f/d2)^(−d2/2).
  for (const f of [0.01, 0.5, 1, 7, 300, 1e6])
    for (const d2 of [1, 4, 33, 1000])
      expect(logFSurvival(f, 2, d2)).toBeCloseTo((-d2 / 2) * Math.log1p((2 * f) / d2), 9);
});

test("many degrees of freedom in the denominator give χ²", () => {
  for (const [f, d] of [
    [0.3, 5],
    [1.2, 9],
    [4, 30],
  ] as const)
    expect(logFSurvival(f, d, 1e8)).toBeCloseTo(Math.log(chiSquaredSurvival(f * d, d)), 4);
});

test("the median of F with equal degrees of freedom is 1", () => {
  for (const d of [1, 3, 20, 501]) expect(logFSurvival(1, d, d)).toBeCloseTo(Math.log(0.5), 11);
  expect(logFSurvival(0, 3, 5)).toBe(0);
});
