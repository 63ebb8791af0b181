import { describe, expect, it } from "vitest";
import { arrayFrom, type NDArray, ndarray, sizeOf } from "../array.ts";
import type { Space } from "../data/space.ts";
import { augment, type SymmetryName, symmetryGroup, symmetryNames } from "../data/symmetry.ts";
import { bits } from "../random/bits.ts";
import { Key } from "../random/key.ts";
import { normal } from "../random/normal.ts";
import { createSystem } from "./registry.ts";

const systems = [
  ["ising", { shape: [6, 6], beta: 0.4 }],
  ["ising", { shape: [4, 6], beta: 0.4, J: -1 }],
  ["ising", { shape: [9], beta: 0.4 }],
  ["ising", { shape: [4, 4, 3], beta: 0.2 }],
  ["ising", { shape: [6, 6], beta: 0.4, lattice: "triangular" }],
  ["sk", { shape: [12], beta: 1 }],
  ["hopfield", { shape: [12], beta: 1, patterns: 3 }],
  ["phi4", { shape: [6, 6], mass2: -4, lambda: 8 }],
  ["phi4", { shape: [4, 6], mass2: 1, lambda: 1 }],
  ["phi4", { shape: [9], mass2: 1, lambda: 1 }],
  ["phi4", { shape: [4, 4, 3], mass2: 1, lambda: 0 }],
] as const;

/** Fifty random configurations. */
function draw(space: Space, sites: number, shape: readonly number[]): NDArray<"u8" | "f32"> {
  const key = Key.fromSeed(1);
  if (space.kind === "real") return ndarray("f32", [50, ...shape], normal(key, 50 * sites, "f32"));
  return arrayFrom(
    "u8",
    [50, ...shape],
    Array.from(bits(key, 50 * sites), (word) => word & 1),
  );
}

describe("the symmetries that a system names are those that leave its energy as it is", () => {
  it.each(systems)("%s %j", (name, parameters) => {
    const { space, shape, sites, energy, symmetries } = createSystem(name, parameters);
    const x = draw(space, sites, shape);
    const before = energy(x);
    const kept = (symmetry: SymmetryName) => {
      const image = { ...x, data: x.data.slice() };
      augment(image.data, 50, symmetryGroup(space, [symmetry]), Key.fromSeed(2));
      expect(image.data).not.toEqual(x.data);
      return energy(image).every((e, row) => Math.abs(e - before[row]!) < 1e-10 * sizeOf(shape));
    };
    const possible = symmetryNames.filter((s) => s !== "rotations" || new Set(shape).size < shape.length);
    // Reflections contain the mirror image, which systems therefore do not name.
    const mirror: SymmetryName[] = symmetries.includes("reflections") ? ["mirror"] : [];
    expect(possible.filter(kept)).toEqual([...symmetries, ...mirror]);
  });
});
