import { expect, it } from "vitest";
import { ndarray } from "../array.ts";
import { makeDataset } from "../data/dataset.ts";
import { Key } from "../random/key.ts";
import { stream } from "../random/stream.ts";
import { independentMean } from "../stats/index.ts";
import { validationMean } from "./validation-mean.ts";

/** A walk of 12 bits, `flips` of which are drawn anew from each row to the next, and 0 or 1 for each row: its first bit. */
function walk(rows: number, flips: number) {
  const next = stream(Key.fromSeed(1));
  const x = ndarray("u8", [rows, 12]);
  const state = Uint8Array.from({ length: 12 }, () => next.below(2));
  for (let r = 0; r < rows; r++) {
    for (let n = 0; n < flips; n++) state[next.below(12)] = next.below(2);
    x.data.set(state, r * 12);
  }
  return { x, firstOf: (which: Uint32Array) => Float64Array.from(which, (r) => x.data[r * 12] as number) };
}

it("has the error that the chains of the validation rows allow, independent ones if there are none", () => {
  const { x, firstOf } = walk(20_000, 3);
  const dataset = makeDataset({ arrays: { x } }, "walk.npy");
  const { valid } = dataset.splits;
  const { value, error } = validationMean(dataset, valid)(firstOf(valid));
  const independent = independentMean(firstOf(valid));
  expect(value).toBeCloseTo(independent.value, 12);
  // One bit has τ = ½ (1 + φ)/(1 − φ) with φ = (11/12)³: error² is 2τ times that of independent rows.
  const phi = (11 / 12) ** 3;
  const wanted = Math.sqrt((1 + phi) / (1 - phi));
  expect(error / independent.error / wanted).toBeGreaterThan(0.7);
  expect(error / independent.error / wanted).toBeLessThan(1.4);

  const shuffled = makeDataset({ arrays: { x } }, "walk.npy", { rows: "independent" });
  const own = shuffled.splits.valid;
  expect(validationMean(shuffled, own)(firstOf(own))).toEqual(independentMean(firstOf(own)));
});

it("is known from rows left out, if all of the split are enough", () => {
  const { x, firstOf } = walk(20_000, 1);
  const dataset = makeDataset({ arrays: { x } }, "walk.npy");
  // Every fourth of them are fewer than 50 τ of all rows, but span as many as all.
  const some = dataset.splits.valid.filter((_, i) => i % 4 === 0);
  expect(validationMean(dataset, some)(firstOf(some)).error).toBeGreaterThan(0);
  const few = dataset.splits.valid.subarray(0, 20);
  const alone = { ...dataset, splits: { ...dataset.splits, valid: few } };
  expect(validationMean(alone, few)(firstOf(few)).error).toBeNaN();
});
