import { describe, expect, it } from "vitest";
import { type NDArray, ndarray } from "../array.ts";
import { siteShape, sites } from "../data/space.ts";
import { categorical } from "../random/categorical.ts";
import { Key } from "../random/key.ts";
import { jointTest } from "../stats/index.ts";
import { allConfigurations } from "../systems/ising/enumerate.ts";
import { createSystem } from "../systems/registry.ts";
import type { System } from "../systems/system.ts";
import { compareCouplings } from "./comparison.ts";
import { explainData } from "./explain-data.ts";
import { candidatesIn } from "./explanation.ts";
import { trueCouplings } from "./true-couplings.ts";

/** Exact draws of a lattice small enough to enumerate. */
function draws({ energy, beta, space }: System, n: number, key: Key): NDArray<"u8"> {
  const width = sites(space);
  const all = allConfigurations(siteShape(space));
  const logs = energy(all).map((e) => -beta * e);
  const top = logs.reduce((a, b) => Math.max(a, b));
  const x = ndarray("u8", [n, ...siteShape(space)]);
  const drawn = categorical(
    key,
    logs.map((log) => Math.exp(log - top)),
    n,
  );
  drawn.forEach((c, row) => {
    x.data.set(all.data.subarray(c * width, (c + 1) * width), row * width);
  });
  return x;
}

/** Cold data of few rows: selecting by backward elimination alone named terms that are not there for most of these seeds. */
const cases: [string, (seed: number) => System, number, number[]][] = [
  [
    "a ±J glass of 16 spins at β = 1",
    (seed) => createSystem("spin-glass", { shape: [4, 4], beta: 1, seed }),
    1000,
    [1, 2, 3],
  ],
  [
    "the Ising model of 3×3 at β = 0.8",
    () => createSystem("ising", { shape: [3, 3], beta: 0.8 }),
    2000,
    [1, 3, 5, 6],
  ],
];

describe("explaining cold data of few rows", () => {
  it.each(cases)(
    "names no term of %s that is not there, and says that it lacks some",
    async (_, systemOf, rows, seeds) => {
      const sigmas: number[] = [];
      for (const seed of seeds) {
        const system = systemOf(seed);
        const x = draws(system, rows, Key.fromSeed(seed).fold(1));
        const key = Key.fromSeed(seed);
        const explanation = await explainData({ x }, system.space, { key });
        const truth = trueCouplings(system, 2)!;
        const { spurious, missed, exact } = compareCouplings(
          explanation,
          truth,
          candidatesIn(system.space, { key }),
        );
        // Each with 99 % probability; these seeds are fixed.
        expect(spurious).toEqual([]);
        if (missed.length > 0) expect(explanation.undecided.length).toBeGreaterThan(0);
        explanation.coefficients.forEach(({ estimate }, i) => {
          sigmas.push((estimate.value - exact[i]!) / estimate.error);
        });
      }
      expect(jointTest(sigmas).largestPValue).toBeGreaterThan(0.001);
    },
    120_000,
  );
});
