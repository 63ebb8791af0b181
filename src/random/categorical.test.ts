import { describe, expect, test } from "vitest";
import { chiSquaredTest } from "../stats/index.ts";
import { categorical, categoricalRows } from "./categorical.ts";
import { Key } from "./key.ts";

const key = Key.fromSeed(81);

function count(draws: Int32Array, states: number): Float64Array {
  const counts = new Float64Array(states);
  for (const state of draws) counts[state]! += 1;
  return counts;
}

describe("categorical", () => {
  test("draws in proportion to the weights: chi-squared", () => {
    const weights = [3, 0, 1, 4, 2, 0];
    const counts = count(categorical(key, weights, 50_000), 6);
    // A count in a state of weight 0 would give p = 0.
    expect(
      chiSquaredTest(
        counts,
        weights.map((weight) => weight * 5000),
      ).pValue,
    ).toBeGreaterThan(0.01);
  });

  test("a common factor of 2 changes nothing, at extreme sizes too", () => {
    const draws = categorical(key, [1, 2, 3], 100);
    for (const factor of [2, 2 ** 1000, 2 ** -1000])
      expect(categorical(key, [factor, 2 * factor, 3 * factor], 100)).toEqual(draws);
  });

  test("never draws a trailing or leading state of weight 0", () => {
    expect(new Set(categorical(key, [0, 5e-324, 0], 1000))).toEqual(new Set([1]));
  });

  test("bad weights are named", () => {
    expect(() => categorical(key, [1, -1], 1)).toThrow(/state 1 has the weight -1/);
    expect(() => categorical(key, [1, Number.NaN], 1)).toThrow(/state 1 has the weight NaN/);
    expect(() => categorical(key, [0, 0], 1)).toThrow(/sum to 0/);
    expect(() => categorical(key, [], 1)).toThrow(/sum to 0/);
  });
});

describe("categoricalRows", () => {
  const logits = [0.5, -Infinity, 2, -1];

  test("draws from the softmax of each row: chi-squared", () => {
    const rows = 50_000;
    const counts = count(categoricalRows(key, Array.from({ length: rows }, () => logits).flat(), 4), 4);
    const weights = logits.map(Math.exp);
    const total = weights.reduce((a, b) => a + b);
    expect(
      chiSquaredTest(
        counts,
        weights.map((weight) => (rows * weight) / total),
      ).pValue,
    ).toBeGreaterThan(0.01);
  });

  test("a row depends on its own logits and place alone, and not on their common shift", () => {
    const table = [...logits, ...logits, ...logits];
    const draws = categoricalRows(key, table, 4);
    expect([...categoricalRows(key, table.slice(0, 8), 4)]).toEqual([...draws.subarray(0, 2)]);
    expect(
      categoricalRows(
        key,
        table.map((logit) => logit + 1024),
        4,
      ),
    ).toEqual(draws);
  });

  test("equals `categorical` of the same weights", () => {
    const halves = [0, -Math.LN2, -Math.LN2];
    expect(categoricalRows(key, Array.from({ length: 500 }, () => halves).flat(), 3)).toEqual(
      categorical(key, [2, 1, 1], 500),
    );
  });

  test("bad logits are named", () => {
    expect(() => categoricalRows(key, [0, 0, 0, Number.NaN], 2)).toThrow(/row 1, state 1 has the logit NaN/);
    expect(() => categoricalRows(key, [0, 0, -Infinity, -Infinity], 2)).toThrow(/row 1 has no state/);
    expect(() => categoricalRows(key, [0, 0, 0], 2)).toThrow(/3 logits are not rows of 2/);
  });
});
