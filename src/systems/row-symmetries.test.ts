import { expect, test } from "vitest";
import { ndarray } from "../array.ts";
import { makeDataset } from "../data/dataset.ts";
import { createSystem } from "./registry.ts";
import { withSymmetries } from "./row-symmetries.ts";
import { simulate } from "./simulate.ts";

const { dataset } = await simulate(createSystem("ising", { shape: [4, 4], beta: 0.4 }), {
  samples: 100,
  seed: 1,
});
const { x, meta } = dataset;
const read = (space?: string, more = {}) =>
  withSymmetries(makeDataset({ arrays: { x, ...more }, meta: meta! }, "rows", { space }));

test("rows of a known system have its symmetries", () => {
  expect(dataset.symmetries).toEqual(["flip", "translations", "reflections", "rotations"]);
  expect(read().symmetries).toEqual(dataset.symmetries);
});

test("at several temperatures rows have them where their β is all that they are conditioned on", () => {
  const { beta: _, ...parameters } = meta!.system!.parameters;
  const several = { ...meta!, system: { ...meta!.system!, parameters, betas: [0.4, 0.5] } };
  const given = (width: number) =>
    withSymmetries(
      makeDataset({ arrays: { x, context: ndarray("f32", [100, width]) }, meta: several }, "rows"),
    ).symmetries;
  expect(given(1)).toEqual(dataset.symmetries);
  expect(given(2)).toBeUndefined();
});

test("rows of a system with parameters that are not known here load without", () => {
  const system = { ...meta!.system!, parameters: { ...meta!.system!.parameters, gamma: 1 } };
  const loaded = withSymmetries(makeDataset({ arrays: { x }, meta: { ...meta!, system } }, "rows"));
  expect(loaded.symmetries).toBeUndefined();
});

test("rows read as something else, with contexts of their own, or of no known system have none", () => {
  expect(read("categorical:2").symmetries).toBeUndefined();
  expect(read(undefined, { context: ndarray("f32", [100, 1]) }).symmetries).toBeUndefined();
  expect(withSymmetries(makeDataset({ arrays: { x } }, "rows")).symmetries).toBeUndefined();
  const { system: _, ...rest } = meta!;
  expect(withSymmetries(makeDataset({ arrays: { x }, meta: rest }, "rows")).symmetries).toBeUndefined();
});
