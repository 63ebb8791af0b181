import { expect, test } from "vitest";
import { ndarray } from "../../src/array.ts";
import { makeDataset } from "../../src/data/dataset.ts";
import { binary, levels, real } from "../../src/data/space.ts";
import { fill } from "../../src/evaluate/fill.ts";
import { freeEnergy } from "../../src/evaluate/free-energy.ts";
import { metropolis } from "../../src/evaluate/metropolis.ts";
import { score } from "../../src/evaluate/score.ts";
import { explainData } from "../../src/explain/explain-data.ts";
import { explainModel } from "../../src/explain/explain-model.ts";
import { explicable } from "../../src/explain/explicable.ts";
import { bracketLogZ } from "../../src/models/approximate/partition/bracket.ts";
import { makeRbm } from "../../src/models/approximate/rbm/rbm.ts";
import { makeGlow } from "../../src/models/exact/flows/glow.ts";
import { makeSpline } from "../../src/models/exact/flows/spline.ts";
import { makeMade } from "../../src/models/exact/made/made.ts";
import { FittedExact } from "../../src/models/fitted/exact.ts";
import { latentGrid } from "../../src/models/latent-grid.ts";
import { Key } from "../../src/random/key.ts";
import type { SeedOrKey } from "../../src/random/seed.ts";
import { createSystem } from "../../src/systems/registry.ts";

const ising = createSystem("ising", { shape: [2, 2], beta: 0.3 });
const made = makeMade({ space: ising.space }, { hidden: 4 });
const model = new FittedExact(made, made.init(Key.fromSeed(1)));
const rbm = makeRbm({ space: binary([4]) }, { hidden: 2 });
const spline = makeSpline({ space: real([2]) }, { couplings: 2, hidden: 4 });
const glow = makeGlow({ space: levels([2, 2], 2) }, { steps: 1, channels: 2, dequantisation: "variational" });
const grey = new FittedExact(glow, glow.init(Key.fromSeed(1)));
const bits = (shape: number[]) =>
  ndarray(
    "u8",
    [12, ...shape],
    Uint8Array.from({ length: 48 }, (_, i) => (i * i + (i >> 2)) % 2),
  );
const images = makeDataset({ arrays: { x: bits([2, 2]) } }, "images", { space: "levels:2" });
const gaps = {
  values: ndarray("f32", [1, 2, 2]),
  known: ndarray("f32", [1, 2, 2], Float32Array.of(0, 0, 1, 1)),
};

const asked: Record<string, (from: SeedOrKey) => Promise<unknown>> = {
  async simulate(from) {
    const { x, energy } = await ising.simulate({ samples: 200, chains: 2, ...from });
    return { x, energy };
  },
  "simulate a field": async (from) =>
    (await createSystem("phi4", { shape: [2, 2], mass2: 1, lambda: 1 }).simulate({ samples: 20, ...from })).x,
  "draw in the plane": async (from) => (await createSystem("moons", {}).simulate({ samples: 20, ...from })).x,
  "free energy": (from) => freeEnergy(model, ising, { samples: 50, ...from }),
  metropolis: async (from) => (await metropolis(model, ising, { samples: 50, chains: 2, ...from })).x,
  fill: (from) => fill(model, gaps, { completions: 40, ...from }),
  "score of grey levels": async (from) => (await score(grey, images, from)).nll,
  "explain a model": async (from) =>
    (await explainModel(explicable(model), { samples: 2000, ...from })).coefficients,
  bracket: (from) =>
    bracketLogZ(rbm, rbm.init(Key.fromSeed(1)), { chains: 4, temperatures: 20, threads: 1, ...from }),
  "latent grid": (from) =>
    latentGrid({ model: spline, parameters: spline.init(Key.fromSeed(1)) }, { lines: 3, points: 4, ...from }),
};

test.each(Object.entries(asked))(
  "%s: a seed is the key of it, and 0 where neither is given",
  async (_, ask) => {
    const bySeed = await ask({ seed: 7 });
    expect(await ask({ key: Key.fromSeed(7) })).toEqual(bySeed);
    const first = await ask({});
    expect(await ask({ key: Key.fromSeed(0) })).toEqual(first);
    expect(first).not.toEqual(bySeed);
    await expect(ask({ seed: 7, key: Key.fromSeed(7) })).rejects.toThrow("a seed and a key say the same");
  },
);

test("explain data: a seed is the key of the folds", async () => {
  const { x } = await ising.simulate({ samples: 2000, seed: 1 });
  const ask = (from: SeedOrKey) => explainData({ x }, ising.space, from);
  const bySeed = await ask({ seed: 7 });
  expect(await ask({ key: Key.fromSeed(7) })).toEqual(bySeed);
  expect((await ask({})).held).not.toEqual(bySeed.held);
  await expect(ask({ seed: 7, key: Key.fromSeed(7) })).rejects.toThrow("a seed and a key say the same");
});
