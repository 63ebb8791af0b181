import { expect, test } from "vitest";
import type { NoiseNetworkParameters } from "../../test/laws/models/noise-network.ts";
import { ndarray } from "../array.ts";
import { type Dataset, makeDataset } from "../data/dataset.ts";
import { real } from "../data/space.ts";
import { numbers } from "../data/values.ts";
import { FittedImplicit } from "../models/fitted/implicit.ts";
import { createModel } from "../models/index.ts";
import { Key } from "../random/key.ts";
import { normal } from "../random/normal.ts";
import { mean, variance } from "../stats/index.ts";
import { type ImplicitScore, scoreImplicit } from "./index.ts";
import "../../test/laws/models/register.ts";

const space = real([1]);
const model = createModel("noise-network", space, { noise: 1, hidden: 1 });

/** The network without its hidden units and with x = z + offset: standard normal rows around `offset`. */
function normalAround(offset: number): FittedImplicit<NoiseNetworkParameters> {
  const { generator } = model.init(Key.fromSeed(1));
  const zero = (array: (typeof generator)["outer"]) => ({ ...array, data: array.data.map(() => 0) });
  const one = { ...generator.skip, data: Float32Array.of(1) };
  const moved = { ...generator.offset, data: Float32Array.of(offset) };
  return new FittedImplicit(model, {
    generator: { ...generator, skip: one, outer: zero(generator.outer), offset: moved },
  });
}

function dataOf(rows: number, seed: number): Dataset {
  const x = ndarray("f32", [rows, 1], normal(Key.fromSeed(seed), rows, "f32"));
  return makeDataset({ arrays: { x } }, "rows", { space });
}

const SEEDS = 16;

async function scores(offset: number): Promise<ImplicitScore[]> {
  const fitted = normalAround(offset);
  const all: ImplicitScore[] = [];
  for (let seed = 1; seed <= SEEDS; seed++)
    all.push(await scoreImplicit(fitted, dataOf(1000, 100 + seed), { part: "all", seed }));
  await fitted.release();
  return all;
}

/** Standard score of the mean of values around what is expected, of t with SEEDS − 1 degrees of freedom. */
const tOf = (values: number[], expected: number) =>
  (mean(values) - expected) / Math.sqrt(variance(values) / values.length);

// 2E|X − Y| − E|X − X'| − E|Y − Y'| of normal numbers with variance 1 whose means are 1 apart; erf(1/2) = 0.5204998778.
const apart = 2 * ((2 * Math.exp(-1 / 4)) / Math.sqrt(Math.PI) + 0.5204998778) - 4 / Math.sqrt(Math.PI);

test.each([
  ["of a perfect model as near as real rows to real rows", 0, 0],
  ["of a wrong one as far as is known", 1, apart],
])("%s (seeds 1 to 16)", async (_, offset, exact) => {
  const all = await scores(offset);
  for (const { kind, count, samples } of all)
    expect([kind, count, samples]).toEqual(["implicit", 1000, 1000]);
  for (const [what, expected] of [
    ["model", exact],
    ["real", 0],
  ] as const) {
    const values = all.map(({ distance }) => distance[what].value);
    // |t| with 15 degrees of freedom is above 4.1 with p = 1e-3.
    expect(Math.abs(tOf(values, expected))).toBeLessThan(4.1);
    // Squared errors are the variance between seeds: F is outside of 1/5 and 5 with p < 1e-2.
    const told = mean(all.map(({ distance }) => distance[what].error ** 2));
    expect(told / variance(values)).toBeGreaterThan(0.2);
    expect(told / variance(values)).toBeLessThan(5);
  }
});

test("the seed fixes the score, and samples are at most those asked for", async () => {
  const fitted = normalAround(0.5);
  const data = dataOf(1000, 7);
  const score = await scoreImplicit(fitted, data, { part: "all", seed: 3, samples: 600 });
  expect(score).toMatchObject({ samples: 600, count: 600, available: 1000 });
  expect(await scoreImplicit(fitted, data, { part: "all", key: Key.fromSeed(3), samples: 600 })).toEqual(
    score,
  );
  expect(await scoreImplicit(fitted, data, { part: "all", seed: 4, samples: 600 })).not.toEqual(score);
  await expect(scoreImplicit(fitted, data, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: "interrupted",
  });
  await fitted.release();
});

test("too few rows are refused in words", async () => {
  await expect(scoreImplicit(normalAround(0), dataOf(3, 1), { part: "all" })).rejects.toThrow(
    "3 rows are too few to compare; give 4 or more",
  );
});

test("rows of one parent count once: each twice has the error of each once, not one smaller by √2 (seeds 1 to 16)", async () => {
  const fitted = normalAround(1);
  const errors = { once: [] as number[], twice: [] as number[] };
  for (let seed = 1; seed <= SEEDS; seed++) {
    const once = dataOf(200, 200 + seed);
    const x = ndarray("f32", [400, 1], Float32Array.from([...numbers(once.x), ...numbers(once.x)]));
    const parent = ndarray(
      "i32",
      [400],
      Int32Array.from({ length: 400 }, (_, row) => row % 200),
    );
    const twice = makeDataset({ arrays: { x, parent } }, "rows", { space });
    const error = async (data: Dataset) =>
      (await scoreImplicit(fitted, data, { part: "all", seed })).distance.real.error;
    errors.once.push(await error(once));
    errors.twice.push(await error(twice));
  }
  await fitted.release();
  // Halves of real rows are of whole parents.
  const ratio = mean(errors.twice) / mean(errors.once);
  expect(ratio).toBeGreaterThan(0.85);
  expect(ratio).toBeLessThan(1.2);
});
