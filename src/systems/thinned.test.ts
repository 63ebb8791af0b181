import { expect, it } from "vitest";
import { Key } from "../random/index.ts";
import { chiSquaredSurvival } from "../stats/index.ts";
import { createSystem } from "./registry.ts";

const system = createSystem("ising", { shape: [3, 3], beta: 0.45 });
const exact = (system.exact?.energy as number) / system.sites;

it.each([
  ["rows one sweep apart", { thinning: 1 }],
  ["rows too few to tell τ", { thinning: 1, samples: 160 }],
  ["a burn-in too short to tell τ", { thinning: 1, burnIn: 40 }],
  ["rows five τ apart", {}],
])("the energy of %s has an error that covers the exact one", async (_, options) => {
  const repeats = 40;
  let squares = 0;
  for (let seed = 0; seed < repeats; seed++) {
    const { energy } = await system.simulate({
      ...{ samples: 640, algorithm: "metropolis", key: Key.fromSeed(100 + seed) },
      ...options,
    });
    squares += ((energy.value - exact) / energy.error) ** 2;
  }
  // Eight one-sided tests; errors may be a few per cent too large where chains are few.
  expect(chiSquaredSurvival(squares, repeats)).toBeGreaterThan(0.001);
  expect(chiSquaredSurvival(squares, repeats)).toBeLessThan(0.9995);
});

it("a burn-in that says nothing of τ leaves it to the rows, and unknown where they are few", async () => {
  const of = (samples: number, burnIn: number) =>
    system.simulate({ samples, burnIn, thinning: 1, algorithm: "metropolis", key: Key.fromSeed(1) });
  const { tau } = await of(4000, 2000);
  // Burn-in measures every fourth sweep, and so tells no less than 2.
  const byRows = (await of(16_000, 50)).tau;
  expect(byRows).toBeGreaterThan(0.5);
  expect(byRows).toBeLessThan(1.1 * tau);
  const few = await of(40, 0);
  expect(few.tau).toBeNaN();
  expect(
    (await system.simulate({ samples: 5, chains: 5, burnIn: 0, key: Key.fromSeed(1) })).energy.error,
  ).toBeNaN();
});
