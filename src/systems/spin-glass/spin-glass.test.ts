import { describe, expect, it } from "vitest";
import { ndarray } from "../../array.ts";
import { Key } from "../../random/key.ts";
import { chiSquaredTest, difference, jointTest } from "../../stats/index.ts";
import { allConfigurations } from "../ising/enumerate.ts";
import type { LatticeKind } from "../ising/lattice.ts";
import { createSystem } from "../registry.ts";
import { spinGlass } from "./spin-glass.ts";

const glass = (shape: readonly number[], beta: number, seed = 1, J = 1, lattice: LatticeKind = "square") =>
  spinGlass.create({ shape, beta, J, lattice, seed });

describe("couplings", () => {
  it("are ±1 with equal probability, follow from the seed, and are the same from both ends", () => {
    const { signs, lattice } = glass([20, 20], 1, 7, 1, "triangular");
    const plus = signs.ofBonds.filter((sign) => sign === 1).length;
    expect(signs.ofBonds.every((sign) => sign === 1 || sign === -1)).toBe(true);
    expect(Math.abs(plus - 600) / Math.sqrt(300)).toBeLessThan(3.3);
    expect(glass([20, 20], 2, 7, 3, "triangular").signs).toEqual(signs);
    expect(glass([20, 20], 1, 8, 1, "triangular").signs).not.toEqual(signs);
    const degree = 6;
    lattice.neighbours.forEach((next, at) => {
      const site = Math.floor(at / degree);
      const back = lattice.neighbours.subarray(next * degree, (next + 1) * degree).indexOf(site);
      expect(signs.ofNeighbours[next * degree + back]).toBe(signs.ofNeighbours[at]);
    });
  });

  it("give the energy of loops over bonds, and of pairs of sites where two are joined twice", () => {
    const one = glass([2, 3], 0.7, 4, 1.5);
    const x = allConfigurations([2, 3]);
    const energies = one.energy(x);
    let z = 0;
    for (let row = 0; row < 64; row++) {
      let sum = 0;
      for (let b = 0; b < one.signs.ofBonds.length; b++) {
        const [i, j] = [one.lattice.bonds[2 * b]!, one.lattice.bonds[2 * b + 1]!];
        sum += one.signs.ofBonds[b]! * (2 * x.data[row * 6 + i]! - 1) * (2 * x.data[row * 6 + j]! - 1);
      }
      expect(energies[row]).toBeCloseTo(-1.5 * sum, 12);
      z += Math.exp(-0.7 * energies[row]!);
    }
    expect(one.exact!.logZ).toBeCloseTo(Math.log(z), 10);
  });
});

describe("parallel tempering of 128 chains at once", () => {
  it.each([
    [[3, 3], 1.5, 1, 1, "square"],
    [[3, 3], 1, 2, -1, "triangular"],
    [[2, 2, 2], 2, 3, 1, "square"],
    [[8], 2, 3, 1, "square"],
    [[3, 3], 0, 5, 1, "square"],
  ] as const)("%j at beta %d, seed %i, J = %d, %s: every configuration by χ²", async (...which) => {
    const [shape, beta, seed, j, lattice] = which;
    const one = glass(shape, beta, seed, j, lattice);
    const samples = 30_000;
    const { x } = await one.simulate({ samples, chains: 128, key: Key.fromSeed(2) });
    const counts = new Array<number>(2 ** one.sites).fill(0);
    for (let row = 0; row < samples; row++)
      counts[x.data.subarray(row * one.sites, (row + 1) * one.sites).reduce((n, s) => 2 * n + s, 0)]!++;
    const expected = Array.from(one.logProb(allConfigurations(shape))!, (l) => samples * Math.exp(l));
    expect(chiSquaredTest(counts, expected).pValue).toBeGreaterThan(1e-3);
  });

  it("has the exact energies of cold glasses of 16 to 24 spins", async () => {
    const sigmas: number[] = [];
    for (const [shape, beta, seed] of [
      [[4, 4], 1, 1],
      [[4, 6], 2, 2],
      [[2, 3, 4], 1.5, 3],
      [[20], 1, 4],
    ] as const) {
      const one = glass(shape, beta, seed);
      const { energy } = await one.simulate({ samples: 3200, chains: 32, key: Key.fromSeed(4) });
      sigmas.push(difference(energy, one.exact!.energy / one.sites).sigmas);
    }
    const test = jointTest(sigmas);
    expect(test.pValue).toBeGreaterThan(1e-3);
    expect(test.pValue).toBeLessThan(1 - 1e-3);
  });

  it("has chains that differ from each other", async () => {
    const { x } = await glass([6, 6], 0.5).simulate({ samples: 128, chains: 128, key: Key.fromSeed(1) });
    const rows = new Set(
      Array.from({ length: 128 }, (_, r) => x.data.subarray(36 * r, 36 * r + 36).join("")),
    );
    expect(rows.size).toBe(128);
  });
});

it("is a system of the registry, without exact values beyond 25 sites", () => {
  const one = createSystem("spin-glass", { shape: "6x6", beta: "1.5" });
  expect(one.parameters).toEqual({ shape: [6, 6], beta: 1.5, J: 1, lattice: "square", seed: 0 });
  expect([one.exact, one.logProb(ndarray("u8", [1, 6, 6]))]).toEqual([undefined, undefined]);
  expect(() => createSystem("spin-glass", { shape: "1x6", beta: 1 })).toThrow(
    "shape 1x6: a side is a whole number of at least 2, not 1",
  );
});
