import { describe, expect, it } from "vitest";
import { Key } from "../../random/key.ts";
import { normal } from "../../random/normal.ts";
import { periodicLattice } from "../ising/lattice.ts";
import { phi4Action } from "../phi4/action.ts";
import { createSystem } from "../registry.ts";
import { u1Action } from "../u1/action.ts";
import type { Action } from "./action.ts";
import { HmcChain } from "./chain.ts";
import { kinetic, leapfrog } from "./leapfrog.ts";

const actions: [string, Action][] = [
  ["φ⁴ on 4×6", phi4Action(periodicLattice([4, 6]), { mass2: -4, lambda: 8 })],
  ["φ⁴ on 2×2×3", phi4Action(periodicLattice([2, 2, 3]), { mass2: 1, lambda: 0.5 })],
  ["φ⁴ on a ring", phi4Action(periodicLattice([7]), { mass2: -1, lambda: 1 })],
  ["U(1) on 3×4", u1Action([3, 4], 2)],
  ["U(1) on 2×5", u1Action([2, 5], 0.7)],
];

const draw = (action: Action, seed: number) =>
  normal(Key.fromSeed(seed), action.size, "f64").map((x) => 0.6 * x);

describe.each(actions)("hybrid Monte Carlo of %s", (_, action) => {
  it("has forces that are the differences of the action", () => {
    const field = draw(action, 1);
    const force = new Float64Array(action.size);
    action.force(field, force);
    for (let i = 0; i < action.size; i++) {
      const at = (h: number) => action.value(field.with(i, field[i]! + h));
      const difference = -(at(1e-5) - at(-1e-5)) / 2e-5;
      expect(Math.abs(force[i]! - difference)).toBeLessThan(1e-7 * (1 + Math.abs(difference)));
    }
  });

  it("is undone by running back", () => {
    const [field, momenta] = [draw(action, 2), draw(action, 3)];
    const start = field.slice();
    const scratch = new Float64Array(action.size);
    leapfrog(action, field, momenta, scratch, 0.05, 40);
    const moved = Math.max(...field.map((x, i) => Math.abs(x - start[i]!)));
    expect(moved).toBeGreaterThan(0.1);
    const back = momenta.map((p) => -p);
    leapfrog(action, field, back, scratch, 0.05, 40);
    for (let i = 0; i < action.size; i++) expect(field[i]).toBeCloseTo(start[i]!, 11);
  });

  it("conserves energy up to the square of the step", () => {
    const error = (steps: number) => {
      const [field, momenta] = [draw(action, 4), draw(action, 5)];
      const before = action.value(field) + kinetic(momenta);
      leapfrog(action, field, momenta, new Float64Array(action.size), 0.64 / steps, steps);
      return action.value(field) + kinetic(momenta) - before;
    };
    // Each halving of a small step divides the error by four.
    expect(error(64) / error(128)).toBeCloseTo(4, 1);
    expect(error(128) / error(256)).toBeCloseTo(4, 1.5);
  });

  it("gives the same chain from the same key, whatever pieces it is run in", () => {
    const trajectory = { step: 0.1, length: 1 };
    const [one, two] = [1, 2].map(() => new HmcChain(action, Key.fromSeed(7), draw(action, 8))) as [
      HmcChain,
      HmcChain,
    ];
    const accepted = one.advance(12, trajectory);
    const pieces = 5 * two.advance(5, trajectory) + 7 * two.advance(7, trajectory);
    expect(two.field).toEqual(one.field);
    expect(pieces / 12).toBeCloseTo(accepted, 12);
    expect(accepted).toBeGreaterThan(0);
  });
});

describe("a simulation by hybrid Monte Carlo", () => {
  const system = createSystem("phi4", { shape: [4, 4], mass2: 1, lambda: 1 });

  it("tells its acceptance and τ, and is the same from the same key", async () => {
    const options = { samples: 400, chains: 4, key: Key.fromSeed(3) };
    const { x, chain, acceptance, tau, thinning, burnIn, sampler } = await system.simulate(options);
    expect([x.shape, x.dtype]).toEqual([[400, 4, 4], "f32"]);
    expect([...new Set(chain!.data)]).toEqual([0, 1, 2, 3]);
    expect(acceptance!.value).toBeGreaterThan(0.55);
    expect(acceptance!.value).toBeLessThan(0.92);
    expect(acceptance!.error).toBeLessThan(0.03);
    expect(thinning).toBe(Math.ceil(5 * tau));
    expect(burnIn).toBeGreaterThan(100 * tau);
    expect(sampler.name).toBe("hybrid Monte Carlo");
    expect((await system.simulate(options)).x).toEqual(x);
  });

  it("stops when it is told to, and refuses counts that cannot be", async () => {
    const controller = new AbortController();
    const run = system.simulate({
      samples: 1e6,
      key: Key.fromSeed(1),
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(run).rejects.toMatchObject({ code: "interrupted" });
    const key = Key.fromSeed(1);
    await expect(system.simulate({ samples: 0, key })).rejects.toThrow("samples: a whole number");
    await expect(system.simulate({ samples: 2 ** 40, key })).rejects.toThrow("take more");
    await expect(system.simulate({ samples: 5, chains: 0, key })).rejects.toThrow("chains: a whole number");
  });
});
