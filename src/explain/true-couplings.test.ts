import { describe, expect, it } from "vitest";
import { binary } from "../data/space.ts";
import { createSystem } from "../systems/registry.ts";
import { energyTarget } from "../systems/target.ts";
import { trueCouplings } from "./true-couplings.ts";

describe("true couplings", () => {
  it("of the Ising model are βJ on its bonds, twice where two bonds join a pair", () => {
    const truth = trueCouplings(createSystem("ising", { shape: [2, 4], beta: 0.3, J: -2 }), 2)!;
    // A side of 2: the bonds forward and back join the same sites.
    expect(truth.of([0, 4])).toBeCloseTo(-1.2, 12);
    expect(truth.of([0, 1])).toBeCloseTo(-0.6, 12);
    expect(truth.of([0, 3])).toBeCloseTo(-0.6, 12);
    expect(truth.of([0, 2])).toBe(0);
    expect(truth.of([3])).toBe(0);
    expect(truth.products.length).toBe(4 + 8);
  });

  it("of a glass are its couplings", () => {
    const sk = createSystem("sk", { shape: [9], beta: 1.5, seed: 3 }) as ReturnType<typeof createSystem> & {
      couplings: { data: Float64Array };
    };
    const truth = trueCouplings(sk, 2)!;
    for (let i = 0; i < 9; i++)
      for (let j = i + 1; j < 9; j++)
        expect(truth.of([i, j])).toBeCloseTo(1.5 * sk.couplings.data[i * 9 + j]!, 12);
  });

  const threeBody = energyTarget({
    space: binary([5]),
    beta: 2,
    energy: ({ data, shape: [rows = 0] }) =>
      Float64Array.from({ length: rows }, (_, row) => {
        const s = (i: number) => 2 * Number(data[row * 5 + i]) - 1;
        return 7 - 0.5 * s(0) * s(2) * s(4) + 0.25 * s(1) * s(2) - 0.125 * s(3);
      }),
  });

  it("of any energy are those of its products, whatever its constant", () => {
    const truth = trueCouplings(threeBody, 3)!;
    expect(truth.products).toEqual([[3], [1, 2], [0, 2, 4]]);
    expect(truth.of([0, 2, 4])).toBeCloseTo(1, 12);
    expect(truth.of([1, 2])).toBeCloseTo(-0.5, 12);
    expect(truth.of([3])).toBeCloseTo(0.25, 12);
  });

  it("are not told where the energy has products of more spins", () => {
    expect(trueCouplings(threeBody, 2)).toBeUndefined();
  });
});
