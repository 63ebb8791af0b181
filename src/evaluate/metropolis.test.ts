import { describe, expect, it } from "vitest";
import type { NDArray } from "../array.ts";
import { isArray } from "../models/arrays.ts";
import { makeMade } from "../models/exact/made/made.ts";
import type { MadeParameters } from "../models/exact/made/network.ts";
import { FittedExact } from "../models/fitted/exact.ts";
import { Key } from "../random/key.ts";
import { normal } from "../random/normal.ts";
import { chiSquaredTest, difference } from "../stats/index.ts";
import { createSystem } from "../systems/index.ts";
import { mapTree } from "../tensor/tree.ts";
import { solve } from "../train/index.ts";
import { freeEnergy, metropolis } from "./index.ts";

const target = createSystem("ising", { shape: [2, 3], beta: 0.35 });
const model = makeMade({ space: target.space }, { hidden: 12, inputs: "spins" });
const states = 64;
const all = {
  dtype: "u8",
  shape: [states, 2, 3],
  data: Uint8Array.from({ length: states * 6 }, (_, i) => (Math.floor(i / 6) >> (i % 6)) & 1),
} satisfies NDArray<"u8">;
/** Exact probabilities by enumeration. */
const probabilities = target.logProb(all)?.map(Math.exp) as Float64Array;
const exactMean = (observable: (x: NDArray) => Float64Array) =>
  observable(all).reduce((sum, v, i) => sum + v * (probabilities[i] as number), 0);

const numberOf = (x: NDArray, row: number) => {
  let n = 0;
  for (let i = 0; i < 6; i++) n |= Number(x.data[row * 6 + i]) << i;
  return n;
};

/** A model whose weights have nothing to do with the target. */
function random(scale: number, seed: number): FittedExact<MadeParameters> {
  let i = 0;
  const parameters = mapTree(model.init(Key.fromSeed(seed)), isArray, (a, path) => {
    const mask = model.masks?.[path];
    const data = normal(Key.fromSeed(seed).fold(++i), a.data.length, "f32") as Float32Array;
    return { ...a, data: data.map((v, j) => scale * v * (mask?.[j] ?? 1)) };
  }) as MadeParameters;
  return new FittedExact(model, parameters);
}

describe.each([
  [
    "a solved model",
    async () => solve(model, target, { steps: 150, batch: 100, lr: 0.02, seed: 1 }).result(),
    0.8,
    1,
  ],
  ["a model that knows nothing", async () => random(0.1, 2), 0.15, 0.8],
  ["a bad model", async () => random(0.7, 5), 0.02, 0.45],
] as const)("independence Metropolis with %s", (_, make, least, most) => {
  it("samples the target exactly", { timeout: 120_000 }, async () => {
    const fitted = (await make()) as FittedExact;
    const run = await metropolis(fitted, target, {
      samples: 60_000,
      chains: 4,
      burnIn: 2000,
      key: Key.fromSeed(7),
    });
    expect(run.acceptance.value).toBeGreaterThan(least);
    expect(run.acceptance.value).toBeLessThan(most);
    expect([...new Set(run.chain.data)]).toEqual([0, 1, 2, 3]);
    for (const [name, observable] of Object.entries(target.observables)) {
      const found = run.observables[name];
      expect(found?.reliable, name).toBe(true);
      // Three observables: |z| < 3.5 has p < 0.0015 in all.
      expect(Math.abs(difference(found as never, exactMean(observable)).sigmas), name).toBeLessThan(3.5);
    }
    // Rows 10 τ apart are as good as independent: their counts are held against the 64 exact probabilities.
    const apart = Math.ceil(10 * run.tau);
    const counts = new Float64Array(states);
    let rows = 0;
    for (let row = 0; row < 60_000; row += apart, rows++) {
      const n = numberOf(run.x, row);
      counts[n] = (counts[n] as number) + 1;
    }
    const { pValue } = chiSquaredTest(
      counts,
      probabilities.map((p) => p * rows),
    );
    expect(pValue).toBeGreaterThan(0.001);
    await fitted.release();
  });
});

it("one chain of one row is a sample; the same key gives the same rows; numbers out of range are named", async () => {
  const fitted = random(0.3, 3) as unknown as FittedExact;
  const once = await metropolis(fitted, target, { samples: 1, key: Key.fromSeed(1) });
  expect([once.x.shape, once.chains, once.burnIn]).toEqual([[1, 2, 3], 1, 100]);
  const draw = () => metropolis(fitted, target, { samples: 50, chains: 3, key: Key.fromSeed(4) });
  expect((await draw()).x).toEqual((await draw()).x);
  const of = (options: object) =>
    metropolis(fitted, target, { samples: 5, key: Key.fromSeed(1), ...options });
  await expect(of({ samples: 0 })).rejects.toThrow(/positive integer, not 0/);
  await expect(of({ chains: 6 })).rejects.toThrow(/5 samples cannot be spread over 6 chains/);
  await expect(of({ burnIn: -1 })).rejects.toThrow(/burn-in has 0 steps or more/);
  await fitted.release();
});

it("importance sampling with a bad model agrees with the exact values within its errors", async () => {
  const fitted = random(0.25, 6) as unknown as FittedExact;
  const { exact } = target;
  const free = await freeEnergy(fitted, target, { samples: 40_000, key: Key.fromSeed(9) });
  expect(free.ess.value).toBeGreaterThan(0.02);
  expect(free.ess.value).toBeLessThan(0.7);
  expect(free.logZBound.value).toBeLessThan((exact?.logZ as number) - 5 * free.logZBound.error);
  // Four estimates: |z| < 3.5 has p < 0.002 in all.
  for (const key of ["logZ", "energy", "entropy", "heatCapacity"] as const)
    expect(Math.abs(difference(free[key], exact?.[key] as number).sigmas), key).toBeLessThan(3.5);
  await fitted.release();
});

it("chains of a model too far from the target say so, and have no errors", async () => {
  const fitted = random(3, 8) as unknown as FittedExact;
  const cold = createSystem("ising", { shape: [2, 3], beta: 1.5 });
  const run = await metropolis(fitted, cold, { samples: 320, key: Key.fromSeed(2) });
  expect(run.unmixed).toMatch(/proposals count as|heavy tail|steps/);
  for (const { error } of Object.values(run.observables)) expect(error).toBeNaN();
  await fitted.release();
});
