import { expect, test } from "vitest";
import { constant, cosine, stepDecay, warmup } from "./index.ts";

test("constant", () => {
  expect([0, 1, 1e6].map(constant(0.3))).toEqual([0.3, 0.3, 0.3]);
});

test("cosine starts at lr, is half way in the middle, ends and stays at its final fraction", () => {
  const rate = cosine({ lr: 2, steps: 100, finalFraction: 0.1 });
  expect(rate(0)).toBe(2);
  expect(rate(50)).toBeCloseTo((2 + 0.2) / 2, 14);
  // 1/3 of the way, cos(π/3) = 1/2: three quarters of the fall remain.
  expect(cosine({ lr: 2, steps: 99, finalFraction: 0.1 })(33)).toBeCloseTo(0.2 + 1.8 * 0.75, 14);
  expect([100, 101, 1e9].map(rate)).toEqual([0.2, 0.2, 0.2]);
  expect(cosine({ lr: 2, steps: 7 })(7)).toBe(0);
});

test("step decay drops after every period", () => {
  const rate = stepDecay({ lr: 8, every: 10, factor: 0.5 });
  expect([0, 9, 10, 19, 20, 35].map(rate)).toEqual([8, 8, 4, 4, 2, 1]);
});

test("warm-up rises linearly into the schedule and leaves its count alone", () => {
  expect([0, 1, 2, 3, 4, 5].map(warmup(4, constant(1)))).toEqual([0.25, 0.5, 0.75, 1, 1, 1]);
  const inner = cosine({ lr: 1, steps: 50 });
  const rate = warmup(10, inner);
  expect(rate(4)).toBe(0.5 * inner(4));
  for (let step = 9; step < 60; step++) expect(rate(step)).toBe(inner(step));
  expect(warmup(0, inner)(0)).toBe(1);
});

test("options out of range are refused by name", () => {
  expect(() => constant(0)).toThrow("constant: lr must be finite and above 0; got 0");
  expect(() => cosine({ lr: 1, steps: 0 })).toThrow("cosine: steps must be an integer of at least 1; got 0");
  expect(() => cosine({ lr: 1, steps: 5, finalFraction: -1 })).toThrow("cosine: finalFraction");
  expect(() => stepDecay({ lr: 1, every: 0.5 })).toThrow("stepDecay: every");
  expect(() => warmup(-1, constant(1))).toThrow("warmup: steps");
});
