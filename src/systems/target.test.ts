import { describe, expect, it } from "vitest";
import { arrayFrom, ndarray } from "../array.ts";
import { binary, categorical } from "../data/space.ts";
import { ising } from "./ising/ising.ts";
import type { Target } from "./system.ts";
import { energyTarget } from "./target.ts";

const x = arrayFrom("u8", [2, 3], [0, 1, 1, 2, 2, 0]);
const space = categorical([3], 3);
const sums = (rows: typeof x) =>
  [0, 1].map((r) => rows.data.subarray(3 * r, 3 * r + 3).reduce((a, b) => a + b, 0));

describe("energyTarget", () => {
  it("gives a function's energies as doubles, and the energy per site first among observables", () => {
    const first = (rows: { data: ArrayLike<unknown> }) =>
      Float64Array.of(Number(rows.data[0]), Number(rows.data[3]));
    const target = energyTarget({
      space,
      beta: 0.5,
      energy: (rows) => sums(rows as typeof x),
      observables: { first },
    });
    expect(target.energy(x)).toEqual(Float64Array.of(2, 4));
    expect(Object.keys(target.observables)).toEqual(["energy", "first"]);
    expect(target.observables.energy!(x)).toEqual(Float64Array.of(2 / 3, 4 / 3));
    expect(target.observables.first!(x)).toEqual(Float64Array.of(0, 2));
    expect([target.name, target.beta, target.exact]).toEqual(["energy", 0.5, undefined]);
  });

  it("keeps its own copy of what the function returns", () => {
    const buffer = new Float64Array(1);
    const target = energyTarget({
      space: binary([1]),
      energy: (rows) => buffer.fill(Number(rows.data[0])),
    });
    const one = target.energy(ndarray("u8", [1, 1], Uint8Array.of(1)));
    target.energy(ndarray("u8", [1, 1], Uint8Array.of(0)));
    expect(one[0]).toBe(1);
  });

  it("says what is wrong with the rows, the function or beta", () => {
    const of = (energy: () => number[]) => energyTarget({ name: "mine", space, energy });
    expect(() => of(() => [1, 2]).energy(arrayFrom("u8", [2, 2], [0, 0, 0, 0]))).toThrow(
      /^mine: an array of shape \[2, 2\] is not rows of 3 sites$/,
    );
    expect(() => of(() => [1]).energy(x)).toThrow(
      /^mine: the energy function returned 1 numbers for 2 rows$/,
    );
    expect(() => of(() => [1, Number.NaN]).energy(x)).toThrow(/^mine: the energy of row 1 is NaN; /);
    expect(() => energyTarget({ space, beta: Number.NaN, energy: () => [] })).toThrow(
      /^energy: beta is a finite/,
    );
  });

  it("is what every system is", () => {
    const system: Target = ising.create({ shape: [3], beta: 0.3, J: 1 });
    expect([system.beta, system.name]).toEqual([0.3, "ising"]);
  });
});
