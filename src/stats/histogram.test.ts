import fc from "fast-check";
import { expect, test } from "vitest";
import { Key, uniform } from "../random/index.ts";
import { chiSquaredSurvival } from "./chi-squared.ts";
import { histogram } from "./histogram.ts";
import { sum } from "./sum.ts";

test("every sample is counted once, in the bin whose edges hold it", () => {
  const samples = fc.array(fc.double({ min: -1, max: 2, noNaN: true }), { minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(samples, fc.integer({ min: 1, max: 37 }), (xs, bins) => {
      const { edges, counts, below, above } = histogram(xs, { bins, range: [0, 0.7] });
      expect(edges).toHaveLength(bins + 1);
      expect(sum(counts) + below + above).toBe(xs.length);
      for (let bin = 0; bin < bins; bin++) {
        const last = bin === bins - 1;
        const held = xs.filter(
          (x) => x >= edges[bin]! && (last ? x <= edges[bin + 1]! : x < edges[bin + 1]!),
        );
        expect(counts[bin]).toBe(held.length);
      }
    }),
  );
});

test("without a range every sample is inside, equal samples too", () => {
  expect([...histogram([1, 2, 3, 4], { bins: 3 }).counts]).toEqual([1, 1, 2]);
  expect([...histogram([5, 5], { bins: 2 }).counts]).toEqual([0, 2]);
});

test("errors are honest: χ² over the bins of 100 histograms", () => {
  let squares = 0;
  for (let i = 0; i < 100; i++) {
    const { probability } = histogram(uniform(Key.fromSeed(61).fold(i), 1000, "f64"), {
      bins: 4,
      range: [0, 1],
    });
    // Three of the four, whitened, would be χ² with 3; one bin of each histogram is enough.
    squares += ((probability[1]!.value - 0.25) / probability[1]!.error) ** 2;
  }
  expect(chiSquaredSurvival(squares, 100)).toBeGreaterThan(0.01);
  expect(chiSquaredSurvival(squares, 100)).toBeLessThan(0.99);
});

test("correlation widens errors by √(2τ), and an empty bin has an error", () => {
  const xs = uniform(Key.fromSeed(62), 10_000, "f64");
  const independent = histogram(xs, { bins: 4, range: [0, 1] }).probability[0]!;
  const correlated = histogram(xs, { bins: 4, range: [0, 1], tau: 8 }).probability[0]!;
  expect(correlated.value).toBe(independent.value);
  expect(correlated.error / independent.error).toBeCloseTo(4, 2);
  expect(histogram([0.5], { bins: 2, range: [0, 1] }).probability[0]!.error).toBeGreaterThan(0);
});

test("bad input is named", () => {
  expect(() => histogram([1, Number.NaN])).toThrow(/sample 1 is NaN/);
  expect(() => histogram([])).toThrow(/no samples/);
  expect(() => histogram([1], { bins: 0 })).toThrow(/bins/);
  expect(() => histogram([1], { range: [1, 1] })).toThrow(/range/);
  expect(() => histogram([1], { tau: 0 })).toThrow(/tau/);
});
