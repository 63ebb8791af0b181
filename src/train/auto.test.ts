import { beforeAll, describe, expect, test } from "vitest";
import type { Dataset } from "../data/dataset.ts";
import { createModel } from "../models/registry.ts";
import { createSystem, simulate } from "../systems/index.ts";
import type { TrainEvent } from "./event.ts";
import { fit } from "./fit.ts";
import { ownSymmetries } from "./own-symmetries.ts";

let ising: Dataset;
beforeAll(async () => {
  const system = createSystem("ising", { shape: [4, 4], beta: 0.3 });
  ising = (await simulate(system, { samples: 2000, seed: 1 })).dataset;
});

const options = () => ({
  ...({ schedule: "auto", lr: 0.01, seed: 2 } as const),
  augment: ownSymmetries(ising).used,
});

/** A fit by itself, from a checkpoint if one is given: its parameters, events and checkpoints. */
async function fitted(resume?: Uint8Array) {
  const kept: { step: number; bytes: Uint8Array }[] = [];
  const events: TrainEvent[] = [];
  const training = fit(createModel("made", ising.space, { hidden: 16 }), ising, options(), {
    resume,
    saveCheckpoint: async (bytes, { step }) => void kept.push({ step, bytes: bytes.slice() }),
  });
  await using made = await training.result((event) => events.push(event));
  return { parameters: JSON.stringify(made.parameters), kept, events };
}

describe("a fit that ends by itself", () => {
  test("falls when rows gain no more, and goes on from any checkpoint to the same bits", async () => {
    const whole = await fitted();
    const done = whole.events.at(-1);
    expect(done).toMatchObject({ type: "done", reason: "gained no more" });
    const rounds = whole.events.filter((event) => event.type === "round");
    expect(rounds.at(0)?.lr).toBe(0.01);
    expect(rounds.at(-1)?.lr).toBeLessThan(0.001);
    expect(whole.events[0]).toMatchObject({
      symmetries: ["flip", "translations", "reflections", "rotations"],
    });
    for (const at of [0.2, 0.5, 0.8, 0.95]) {
      const { bytes } = whole.kept[Math.floor(at * whole.kept.length)] as (typeof whole.kept)[number];
      expect((await fitted(bytes)).parameters).toBe(whole.parameters);
    }
  });
});

describe("the symmetries of the data's system", () => {
  test("are those that its rows have", () => {
    expect(ownSymmetries(ising).unlike).toEqual([]);
    // Rows of one sector: each is turned so that most spins are up.
    const n = 16;
    const data = Uint8Array.from(ising.x.data, Number);
    for (let row = 0; row < data.length / n; row++) {
      const spins = data.subarray(row * n, (row + 1) * n);
      if (spins.reduce((sum, v) => sum + v, 0) < n / 2)
        for (let i = 0; i < n; i++) spins[i] = 1 - (spins[i] as number);
    }
    const sector = { ...ising, x: { ...ising.x, data } } as Dataset;
    expect(ownSymmetries(sector)).toEqual({
      used: ["translations", "reflections", "rotations"],
      unlike: ["flip"],
    });
    // Rows with a site that is always up have no symmetry left.
    const pinned = {
      ...ising,
      x: { ...ising.x, data: data.map((v, i) => (i % n === 5 ? 1 : v)) },
    } as Dataset;
    expect(ownSymmetries(pinned).used).toEqual([]);
  });

  test("of no known system are none", () => {
    const { symmetries: _, ...unknown } = ising;
    expect(ownSymmetries(unknown)).toEqual({ used: [], unlike: [] });
  });
});
