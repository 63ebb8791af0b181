import { describe, expect, it } from "vitest";
import { ndarray, sizeOf } from "../array.ts";
import { augment, type SymmetryName, symmetryGroup, symmetryNames } from "../data/symmetry.ts";
import { bits } from "../random/bits.ts";
import { Key } from "../random/key.ts";
import { createSystem } from "./registry.ts";

const systems = [
  ["ising", { shape: [6, 6], beta: 0.4 }],
  ["ising", { shape: [4, 6], beta: 0.4, J: -1 }],
  ["ising", { shape: [9], beta: 0.4 }],
  ["ising", { shape: [4, 4, 3], beta: 0.2 }],
  ["ising", { shape: [6, 6], beta: 0.4, lattice: "triangular" }],
  ["sk", { shape: [12], beta: 1 }],
  ["hopfield", { shape: [12], beta: 1, patterns: 3 }],
] as const;

describe("the symmetries that a system names are those that leave its energy as it is", () => {
  it.each(systems)("%s %j", (name, parameters) => {
    const { space, shape, sites, energy, symmetries } = createSystem(name, parameters);
    const x = ndarray(
      "u8",
      [50, ...shape],
      Uint8Array.from(bits(Key.fromSeed(1), 50 * sites), (word) => word & 1),
    );
    const before = energy(x);
    const kept = (symmetry: SymmetryName) => {
      const image = ndarray("u8", x.shape, x.data.slice());
      augment(image.data, 50, symmetryGroup(space, [symmetry]), Key.fromSeed(2));
      expect(image.data).not.toEqual(x.data);
      return energy(image).every((e, row) => Math.abs(e - before[row]!) < 1e-10 * sizeOf(shape));
    };
    const possible = symmetryNames.filter((s) => s !== "rotations" || new Set(shape).size < shape.length);
    expect(possible.filter(kept)).toEqual([...symmetries]);
  });
});
