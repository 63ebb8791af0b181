import { expect, test } from "vitest";
import { type PlateauState, plateau } from "./index.ts";

const scales = (rule: ReturnType<typeof plateau>, metrics: readonly number[]) => {
  let state: PlateauState = rule.initial;
  return metrics.map((metric) => {
    // A checkpoint in between must change nothing.
    state = JSON.parse(JSON.stringify(rule.observe(state, metric)));
    return state.scale;
  });
};

test("reduces after more than `patience` observations without progress, then starts to count anew", () => {
  const rule = plateau({ factor: 0.5, patience: 2 });
  expect(scales(rule, [5, 4, 4, 4.5, 4, 4, 4, 4, 3])).toEqual([1, 1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25]);
});

test("progress smaller than minDelta does not count", () => {
  const falling = [1, 0.95, 0.9, 0.85];
  expect(scales(plateau({ factor: 0.1, patience: 1, minDelta: 0.2 }), falling)[2]).toBeCloseTo(0.1, 14);
  expect(scales(plateau({ factor: 0.1, patience: 1 }), falling)).toEqual([1, 1, 1, 1]);
});

test("stops at minScale, and a NaN is no progress", () => {
  const rule = plateau({ factor: 0.1, patience: 0, minScale: 0.05 });
  expect(scales(rule, [1, Number.NaN, Number.NaN, 1])).toEqual([1, 0.1, 0.05, 0.05]);
});

test("options out of range are refused by name", () => {
  expect(() => plateau({ factor: 1 })).toThrow("plateau: factor must be in [0, 1); got 1");
  expect(() => plateau({ patience: -1 })).toThrow("plateau: patience");
});
