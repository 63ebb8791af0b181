import { describe, expect, it } from "vitest";
import { binary, categorical, real } from "../../data/space.ts";
import { createSystem } from "../registry.ts";
import { energyTarget } from "../target.ts";
import { targetSystem } from "../target-system.ts";
import { enumerateTarget } from "./enumerate.ts";

describe("enumeration of any energy", () => {
  it.each([
    ["ising", { shape: [3, 4], beta: 0.4 }],
    ["ising", { shape: [4, 4], beta: 0.9, J: -1, lattice: "triangular" }],
    ["sk", { shape: [13], beta: 3, seed: 2 }],
    ["sk", { shape: [9], beta: -0.5, seed: 2 }],
    ["sk", { shape: [9], beta: 0 }],
    ["potts", { shape: [2, 4], beta: 0.7, q: 3 }],
    ["couplings", { shape: [3], beta: 50, bonds: [[0, 1, 100]], fields: [3, -1, 2] }],
  ])("has the exact values of %s %j", (name, parameters) => {
    const system = createSystem(name, parameters);
    const found = enumerateTarget(system);
    for (const key of ["logZ", "energy", "entropy", "heatCapacity"] as const) {
      const expected = system.exact?.[key] ?? Number.NaN;
      expect(Math.abs(found[key] - expected)).toBeLessThan(1e-10 * (1 + Math.abs(expected)));
    }
  });

  it("is refused beyond 2^20 configurations", () => {
    const target = energyTarget({ space: binary([21]), energy: () => [0] });
    expect(() => enumerateTarget(target)).toThrow("energy: has more than 1048576 configurations");
  });
});

describe("a target as a system", () => {
  it("has probabilities that sum to one, where it can be enumerated", () => {
    const space = categorical([3], 3);
    const energy = ({ data, shape: [rows = 0] }: { data: ArrayLike<unknown>; shape: readonly number[] }) =>
      Array.from({ length: rows }, (_, row) => Number(data[3 * row]) * Number(data[3 * row + 1]));
    const { exact, logWeight, logProb } = targetSystem(energyTarget({ space, beta: 0.3, energy }));
    const x = { dtype: "i32", shape: [1, 3], data: Int32Array.of(2, 1, 0) } as const;
    // Σ over the two sites that interact, by hand, times three values of the third.
    const sum = [0, 1, 2]
      .flatMap((a) => [0, 1, 2].map((b) => Math.exp(-0.3 * a * b)))
      .reduce((a, b) => a + b);
    expect(exact?.logZ).toBeCloseTo(Math.log(3 * sum), 12);
    expect(logProb(x)?.[0]).toBeCloseTo((logWeight(x)[0] as number) - Math.log(3 * sum), 12);
  });

  it("keeps the exact values of the target, and knows none of real numbers", async () => {
    const energy = () => [0];
    const known = { logZ: 1, energy: 2, entropy: 3, heatCapacity: 4 };
    const space = binary([2]);
    expect(targetSystem(energyTarget({ space, energy, exact: known })).exact).toEqual(known);
    const field = targetSystem(energyTarget({ space: real([2]), energy }));
    expect([field.exact, field.logProb({ dtype: "f32", shape: [1, 2], data: new Float32Array(2) })]).toEqual([
      undefined,
      undefined,
    ]);
    await expect(field.simulate({ samples: 1, seed: 0 })).rejects.toThrow("has no simulation");
  });
});
