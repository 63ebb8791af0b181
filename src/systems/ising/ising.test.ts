import { describe, expect, it } from "vitest";
import { arrayFrom, ndarray } from "../../array.ts";
import { Key } from "../../random/key.ts";
import { stream } from "../../random/stream.ts";
import { createSystem } from "../registry.ts";
import { allConfigurations } from "./enumerate.ts";
import { ising } from "./ising.ts";
import type { LatticeKind } from "./lattice.ts";

const system = (shape: readonly number[], beta = 0.4, J = 1) => ising.create({ shape, beta, J });

/** Random rows of spins on a lattice. */
function randomRows(rows: number, shape: readonly number[], seed: number) {
  const random = stream(Key.fromSeed(seed));
  const sites = shape.reduce((product, side) => product * side, 1);
  return ndarray(
    "u8",
    [rows, ...shape],
    Uint8Array.from({ length: rows * sites }, () => random.below(2)),
  );
}

/** s(x, y) = ±1 on the torus, by coordinates alone. */
function torus(x: { data: ArrayLike<number> }, row: number, [lx, ly]: readonly [number, number]) {
  return (i: number, j: number) => 2 * x.data[row * lx * ly + (i % lx) * ly + (j % ly)]! - 1;
}

describe("energy and observables, against loops over coordinates", () => {
  it.each([[[4, 6]], [[3, 5]], [[2, 2]], [[2, 3]]] as [readonly [number, number]][])("%j", (shape) => {
    const [lx, ly] = shape;
    const sites = lx * ly;
    const x = randomRows(20, shape, 1);
    const { energy, observables, correlation } = system(shape, 0.4, -1.5);
    const energies = energy(x);
    const along = [correlation(x, 0), correlation(x, 1)] as const;
    for (let row = 0; row < 20; row++) {
      const s = torus(x, row, shape);
      let bonds = 0;
      let sum = 0;
      for (let i = 0; i < lx; i++)
        for (let j = 0; j < ly; j++) {
          bonds += s(i, j) * (s(i + 1, j) + s(i, j + 1));
          sum += s(i, j);
        }
      expect(energies[row]).toBe(1.5 * bonds);
      expect(observables.energy!(x)[row]).toBeCloseTo((1.5 * bonds) / sites, 14);
      expect(observables.magnetisation!(x)[row]).toBeCloseTo(sum / sites, 14);
      expect(observables.absMagnetisation!(x)[row]).toBeCloseTo(Math.abs(sum) / sites, 14);
      along.forEach(({ data, shape: [, distances = 0] }, axis) => {
        expect(distances).toBe(Math.floor(shape[axis]! / 2) + 1);
        for (let r = 0; r < distances; r++) {
          let g = 0;
          for (let i = 0; i < lx; i++)
            for (let j = 0; j < ly; j++) g += s(i, j) * (axis === 0 ? s(i + r, j) : s(i, j + r));
          expect(data[row * distances + r]).toBeCloseTo(g / sites, 14);
        }
      });
    }
  });

  it("triangular lattice: the diagonal (+1, +1) too, and the two-point function along axes", () => {
    const shape = [5, 4] as const;
    const x = randomRows(20, shape, 3);
    const { energy, correlation } = ising.create({ shape, beta: 1, J: -2, lattice: "triangular" });
    const energies = energy(x);
    const { data } = correlation(x, 0);
    for (let row = 0; row < 20; row++) {
      const s = torus(x, row, shape);
      let [bonds, along] = [0, 0];
      for (let i = 0; i < 5; i++)
        for (let j = 0; j < 4; j++) {
          bonds += s(i, j) * (s(i + 1, j) + s(i, j + 1) + s(i + 1, j + 1));
          along += s(i, j) * s(i + 2, j);
        }
      expect(energies[row]).toBe(2 * bonds);
      expect(data[row * 3 + 2]).toBeCloseTo(along / 20, 14);
    }
  });

  it("takes 0 and 1 in any type, and rows of no length", () => {
    const { energy } = system([2, 2]);
    const values = [0, 1, 1, 1];
    for (const dtype of ["u8", "bool", "f32", "f64", "i32", "i64"] as const)
      expect([...energy(arrayFrom(dtype, [1, 2, 2], values))]).toEqual([0]);
    expect(energy(ndarray("u8", [0, 2, 2])).length).toBe(0);
  });

  it("says which row is wrong, and which shape", () => {
    const { energy, correlation } = system([2, 2]);
    const bad = arrayFrom("f32", [3, 2, 2], [0, 1, 0, 1, 0, 0, 0, 0, 1, 2, 0, 0]);
    expect(() => energy(bad)).toThrow("row 2, column 1 (site 0, 1) has the value 2; a spin is 0 or 1");
    expect(() => energy(ndarray("u8", [3, 4]))).toThrow(/\[3, 4\] are not rows of 2x2 spins/);
    expect(() => correlation(ndarray("u8", [3, 2, 2]), 2)).toThrow(/axis 2/);
  });
});

describe("exact log-probability", () => {
  it.each([
    [[9], 0.7, 1],
    [[9], 0.7, -1],
    [[3, 3], 0.44, 1],
    [[3, 3], 0.44, -1],
    [[2, 5], 0.3, 2],
    [[4, 4], 0.5, 1],
    [[2, 2, 3], 0.22, 1],
    [[3, 4], 0.6, -1, "triangular"],
    [[4, 4], 0.3, 1, "triangular"],
  ] as const)(
    "sums to one over every configuration of %j at beta %d, J = %d %s",
    (shape, beta, J, lattice?: LatticeKind) => {
      const { logProb, exact, energy } = ising.create({ shape, beta, J, lattice });
      const all = allConfigurations(shape);
      const p = logProb(all)!.map(Math.exp);
      const mean = (values: Float64Array) => values.reduce((sum, value, i) => sum + p[i]! * value, 0);
      expect(Math.abs(mean(p.map(() => 1)) - 1)).toBeLessThan(1e-12);
      expect(Math.abs(mean(energy(all)) - exact!.energy)).toBeLessThan(1e-10);
      expect(Math.abs(mean(logProb(all)!.map((l) => -l)) - exact!.entropy)).toBeLessThan(1e-10);
    },
  );

  it("is undefined, not wrong, where log Z is not known", () => {
    const cube = system([4, 4, 4], 0.2);
    expect(cube.exact).toBeUndefined();
    expect(cube.logProb(ndarray("u8", [1, 4, 4, 4]))).toBeUndefined();
    expect([...cube.logWeight(ndarray("u8", [1, 4, 4, 4]))]).toEqual([expect.closeTo(0.2 * 192, 12)]);
  });

  it("has nearest-neighbour correlations that add up to its energy", () => {
    const { exact, logProb, correlation } = system([4, 4], 0.4);
    const all = allConfigurations([4, 4]);
    const p = logProb(all)!.map(Math.exp);
    for (const axis of [0, 1]) {
      const { data } = correlation(all, axis);
      const mean = p.reduce((sum, weight, row) => sum + weight * data[row * 3 + 1]!, 0);
      expect(Math.abs(-2 * 16 * mean - exact!.energy)).toBeLessThan(1e-10);
    }
  });
});

describe("parameters", () => {
  it("reads a command line's words, and its own output again", () => {
    const made = createSystem("ising", { shape: "8x8", beta: "critical" });
    expect(made.parameters).toEqual({
      shape: [8, 8],
      beta: expect.closeTo(Math.log(1 + Math.SQRT2) / 2, 15),
      J: 1,
      lattice: "square",
    });
    expect(made.shape).toEqual([8, 8]);
    const again = createSystem("ising", JSON.parse(JSON.stringify(made.parameters)));
    expect(again.parameters).toEqual(made.parameters);
    expect(createSystem("ising", { shape: "64", beta: "0.3", J: "-2" }).parameters).toEqual({
      shape: [64],
      beta: 0.3,
      J: -2,
      lattice: "square",
    });
    expect(createSystem("ising", { shape: [4, 4], beta: "critical", J: -2 }).parameters.beta).toBeCloseTo(
      0.22034339675,
      10,
    );
  });

  it.each([
    ["isng", {}, /^unknown system isng; did you mean ising\? \(there are ising, potts/],
    ["ising", { beta: 0.4 }, /^system ising: shape: give the sides of the lattice, such as 8x8$/],
    [
      "ising",
      { shape: "8x8" },
      /^system ising: beta: give a number, or critical \(--beta on the command line\)$/,
    ],
    [
      "ising",
      { shape: "8x8", beta: "hot" },
      /^system ising: beta: give a number, or critical \(--beta on the command line\)$/,
    ],
    ["ising", { shape: "8x8", beta: "" }, /^system ising: beta: /],
    ["ising", { shape: "8x8", beta: Number.NaN }, /^system ising: beta: /],
    ["ising", { shape: "8x", beta: 1 }, /^system ising: shape: give the sides of the lattice, such as 8x8$/],
    ["ising", { shape: "8x1", beta: 1 }, /^shape 8x1: a side is a whole number of at least 2, not 1$/],
    [
      "ising",
      { shape: "8x8", beta: 1, field: 2 },
      /^system ising has no parameter 'field' \(it has shape, beta, J, lattice\)$/,
    ],
    ["ising", { shape: "8", beta: "critical" }, /^beta critical: a chain has no transition/],
    ["ising", { shape: "8x8", beta: "critical", J: 0 }, /^beta critical: free spins/],
    [
      "ising",
      { shape: "8x8", beta: 1, lattice: "kagome" },
      /^system ising: lattice: give square \(a chain of one side, cubic of three\) or triangular$/,
    ],
    ["ising", { shape: "8", beta: 1, lattice: "triangular" }, /^shape 8: a triangular lattice has two sides/],
    [
      "ising",
      { shape: "8x8", beta: "critical", J: -1, lattice: "triangular" },
      /^beta critical: the antiferromagnet on a triangular lattice has no transition; give beta a number$/,
    ],
    ["ising", 7, /^system ising: /],
  ])("%s with %j is one clear line", (name, parameters, message) => {
    expect(() => createSystem(name, parameters)).toThrow(message);
  });
});
