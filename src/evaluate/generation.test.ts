import { describe, expect, test } from "vitest";
import { createModel } from "../models/index.ts";
import { Key } from "../random/key.ts";
import { createSystem } from "../systems/index.ts";
import { solve } from "../train/index.ts";
import { breakEven, type Generation, modelGeneration, simulationGeneration } from "./generation.ts";

const sampler = (perSecond: number, before: number, error = 0): Generation => ({
  ...{ sampler: "", before, tau: { value: 0.5, error: 0 } },
  perSecond: { value: perSecond, error },
});

describe("the number from which a model is done sooner", () => {
  test("is where both have taken as long", () => {
    const [model, chain] = [sampler(1000, 60), sampler(10, 3)];
    const { value } = breakEven(model, chain);
    expect(60 + value / 1000).toBeCloseTo(3 + value / 10, 9);
  });

  test("is 0 for what starts sooner and is faster, infinite for what is slower, unknown where rates agree", () => {
    expect(breakEven(sampler(10, 1), sampler(5, 2)).value).toBe(0);
    expect(breakEven(sampler(5, 60), sampler(10, 1)).value).toBe(Number.POSITIVE_INFINITY);
    expect(breakEven(sampler(10, 60, 1), sampler(9, 1, 1)).value).toBeNaN();
  });

  test("has the error of the rates", () => {
    const [model, chain] = [sampler(1000, 60), sampler(10, 3, 0.01)];
    const [low, high] = [9.99, 10.01].map((rate) => breakEven(model, sampler(rate, 3)).value) as [
      number,
      number,
    ];
    expect(breakEven(model, chain).error).toBeCloseTo(Math.abs(high - low) / 2, 3);
  });
});

test("a simulation and a solved model of one system are timed, τ of the slowest observable", async () => {
  const system = createSystem("ising", { shape: [4, 4], beta: 0.3 });
  const simulation = await simulationGeneration(system, { key: Key.fromSeed(1) });
  expect(system.algorithms).toContain(simulation?.sampler);
  // Rows two τ of single sweeps apart: some correlation is left, but little.
  expect(simulation?.tau.value).toBeGreaterThanOrEqual(0.5);
  expect(simulation?.tau.value).toBeLessThan(1.5);
  expect(simulation?.perSecond.value).toBeGreaterThan(1000);

  const definition = createModel("made", { space: system.space }, { hidden: 16 });
  if (definition.kind !== "exact") throw new Error("MADE has an exact likelihood");
  const model = await solve(definition, system, { steps: 300, batch: 100, seed: 1 }).result();
  const ours = await modelGeneration(model, system, { training: 2, key: Key.fromSeed(2) });
  expect(ours).toMatchObject({ sampler: "made", before: 2 });
  expect(ours.tau.value).toBeLessThan(3);
  expect(ours.perSecond.value).toBeGreaterThan(100);
  await model.release();
});

test("what does not burn in in time is left out, and a stop is a stop", async () => {
  const stopped = AbortSignal.abort();
  const system = createSystem("ising", { shape: [4, 4], beta: 0.3 });
  await expect(simulationGeneration(system, { key: Key.fromSeed(1), signal: stopped })).rejects.toMatchObject(
    {
      code: "interrupted",
    },
  );
});
