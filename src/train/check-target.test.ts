import { describe, expect, it } from "vitest";
import type { NDArray } from "../array.ts";
import { binary, categorical, circle, real, type Space, sites } from "../data/space.ts";
import type { SymmetryName } from "../data/symmetry.ts";
import { createSystem } from "../systems/registry.ts";
import { energyTarget } from "../systems/target.ts";
import { add, cast, cos, mul, sum, type Tensor } from "../tensor/index.ts";
import { checkTarget } from "./check-target.ts";

/** A target of a function of one row. */
function targetOf(
  space: Space,
  of: (row: readonly number[], place: number) => number,
  rest: { energyTensor?: (x: Tensor) => Tensor; symmetries?: SymmetryName[] } = {},
) {
  const n = sites(space);
  const energy = ({ data, shape: [rows = 0] }: NDArray) =>
    Array.from({ length: rows }, (_, r) =>
      of(
        Array.from({ length: n }, (_, i) => Number(data[r * n + i])),
        r,
      ),
    );
  return energyTarget({ name: "own", space, energy, ...rest });
}
const total = (row: readonly number[]) => row.reduce((a, b) => a + b, 0);

describe("an energy is taken", () => {
  it.each([
    ["phi4", { shape: [4, 4], mass2: -4, lambda: 8 }],
    ["u1", { shape: [3, 3], beta: 2 }],
    ["xy", { shape: [4, 4], beta: 1 }],
    ["gaussians8", {}],
    ["ising", { shape: [4, 4], beta: 1 }],
  ])("of %s, whose forms and symmetries agree", async (name, parameters) => {
    await checkTarget(createSystem(name, parameters));
  });

  it.each([
    [binary([5]), (x: Tensor) => sum(x, 1)],
    [categorical([5], 4), (x: Tensor) => sum(cast(x, "f32"), 1)],
    [real([5], [0, 3]), (x: Tensor) => sum(x, 1)],
  ] as const)("over %j", async (space, energyTensor) => {
    await checkTarget(targetOf(space, total, { energyTensor }));
  });
});

describe("an energy is refused, in one line,", () => {
  const angles = circle([3]);
  const ofAngles = (row: readonly number[]) => total(row.map(Math.cos));
  it.each([
    [
      "tensors of another formula",
      targetOf(angles, ofAngles, { energyTensor: (x) => sum(mul(cos(x), 1.001), 1) }),
      "own: energy and energyTensor do not agree: ",
    ],
    [
      "tensors with another constant",
      targetOf(angles, ofAngles, { energyTensor: (x) => add(sum(cos(x), 1), 0.01) }),
      "for random configuration 0 of 64, more than 0.0002",
    ],
    [
      "tensors that sum over the batch",
      targetOf(angles, ofAngles, { energyTensor: (x) => sum(cos(x)) }),
      "returns the shape [] for a batch of 64",
    ],
    [
      "a symmetry that it lacks",
      targetOf(binary([3]), total, { symmetries: ["flip"] }),
      "the energy is not the same after flip: ",
    ],
    [
      "a lattice that it does not have",
      targetOf(real([3]), ([x = 0]) => x ** 2, { symmetries: ["translations"] }),
      "not the same after translations: ",
    ],
    [
      "a memory of the row before",
      targetOf(binary([3]), (row, place) => total(row) + place / 100),
      "the energy of a row depends on the other rows: ",
    ],
    [
      "no finite number",
      targetOf(binary([3]), (_, place) => (place === 7 ? Number.NaN : 0)),
      "the energy of row 7 is NaN",
    ],
  ])("for %s", async (_, target, message) => {
    await expect(checkTarget(target)).rejects.toThrow(message);
  });
});
