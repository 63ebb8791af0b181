import { expect, test } from "vitest";
import { clipScale, countNonFinite, flatParameters, globalNorm, sgd } from "./index.ts";

test("the global norm spans all parts, applies masks and sums repeated rows first", () => {
  const flat = flatParameters({ size: 3, stateVectors: 0, masked: true });
  flat.grads.set([3, 100, 4]);
  flat.mask!.set([1, 0, 1]);
  expect(globalNorm(flat)).toBe(5);
  // (1, 2) twice is (2, 4): 4 + 16 more.
  const rows = { ids: Int32Array.of(8, 8), grads: Float32Array.of(1, 2, 1, 2), width: 2 };
  expect(globalNorm(flat, rows)).toBeCloseTo(Math.sqrt(25 + 20), 14);
  expect(globalNorm()).toBe(0);
});

test("a clipped step has the length that was asked; a short one is left alone", () => {
  const optimiser = sgd();
  for (const [maxNorm, length] of [
    [2, 2],
    [50, 10],
  ] as const) {
    const flat = flatParameters({ size: 2, stateVectors: 0 });
    flat.grads.set([6, -8]);
    optimiser.step(flat, { lr: 1, t: 1, gradScale: clipScale(globalNorm(flat), maxNorm) });
    expect(Math.hypot(...flat.params)).toBeCloseTo(length, 6);
    expect(flat.params[0]! / flat.params[1]!).toBeCloseTo(-0.75, 6);
  }
});

test("a gradient that is not finite shows in the norm, is counted, and is refused by the step", () => {
  const flat = flatParameters({ size: 9, stateVectors: 0 });
  flat.grads.fill(3e38);
  expect(Number.isFinite(globalNorm(flat))).toBe(true);
  flat.grads[8] = Number.NaN;
  flat.grads[2] = Number.NEGATIVE_INFINITY;
  expect(countNonFinite(flat)).toBe(2);
  expect(globalNorm(flat)).toBeNaN();
  const gradScale = clipScale(globalNorm(flat), 1);
  expect(() => sgd().step(flat, { lr: 1, t: 1, gradScale })).toThrow("sgd: gradScale");
  expect(() => clipScale(1, 0)).toThrow("maxNorm must be finite and above 0; got 0");
});
