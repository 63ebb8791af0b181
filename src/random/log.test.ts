import fc from "fast-check";
import { expect, test } from "vitest";
import { expOfNonPositive, log } from "./log.ts";

const ULP = 2 ** -52;

test("log is within 2 units in the last place of the platform's, over all positive normal numbers", () => {
  const positive = fc.double({ min: 2 ** -1022, max: Number.MAX_VALUE, noNaN: true });
  const nearOne = fc.double({ min: 0.5, max: 2, noNaN: true });
  fc.assert(
    fc.property(fc.oneof(positive, nearOne), (x) => {
      expect(Math.abs(log(x) - Math.log(x))).toBeLessThanOrEqual(2 * ULP * Math.abs(Math.log(x)));
    }),
    { numRuns: 20_000, seed: 1 },
  );
});

test("log is exact where the answer is", () => {
  expect(log(1)).toBe(0);
  expect(log(2)).toBe(Math.LN2);
  expect(log(2 ** -1022)).toBe(-1022 * Math.LN2);
});

test("exp is within 2 units in the last place of the platform's, for x ≤ 0", () => {
  fc.assert(
    fc.property(fc.double({ min: -708, max: 0, noNaN: true }), (x) => {
      expect(Math.abs(expOfNonPositive(x) / Math.exp(x) - 1)).toBeLessThanOrEqual(2 * ULP);
    }),
    { numRuns: 20_000, seed: 1 },
  );
  expect(expOfNonPositive(0)).toBe(1);
  expect(expOfNonPositive(-709)).toBe(0);
  expect(expOfNonPositive(-Infinity)).toBe(0);
});
