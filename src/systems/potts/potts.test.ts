import { describe, expect, it } from "vitest";
import { arrayFrom, ndarray } from "../../array.ts";
import { Key } from "../../random/key.ts";
import { stream } from "../../random/stream.ts";
import { chiSquaredTest, difference, jointTest } from "../../stats/index.ts";
import { exactIsing } from "../ising/exact.ts";
import { type LatticeKind, periodicLattice } from "../ising/lattice.ts";
import { createSystem } from "../registry.ts";
import { pottsAlgorithms } from "./algorithms.ts";
import { pottsCriticalBeta } from "./parameters.ts";
import { potts } from "./potts.ts";

const system = (shape: readonly number[], beta: number, q = 3, J = 1, lattice: LatticeKind = "square") =>
  potts.create({ shape, beta, q, J, lattice });

/** All q^N configurations. */
function everything(shape: readonly number[], q: number) {
  const sites = shape.reduce((product, side) => product * side, 1);
  const rows = q ** sites;
  const x = ndarray("u8", [rows, ...shape]);
  for (let row = 0; row < rows; row++)
    for (let i = 0; i < sites; i++) x.data[row * sites + i] = Math.floor(row / q ** i) % q;
  return x;
}

describe("exact values", () => {
  const cases = [
    [[5], 3, 0.7, 1, "square"],
    [[3, 3], 3, 0.6, 1, "square"],
    [[2, 3], 4, 1.1, -1, "square"],
    [[3, 3], 3, 0.3, 1, "triangular"],
    [[3, 2], 3, 0.8, -0.5, "triangular"],
    [[2, 2, 2], 3, 0.4, 1, "square"],
  ] as const;
  it.each(cases)("%j of %i states at beta %d, J = %d, %s: as enumeration", (shape, q, beta, j, lattice) => {
    const { exact, energy, sites } = system(shape, beta, q, j, lattice);
    const energies = energy(everything(shape, q));
    let [z, first, second] = [0, 0, 0];
    for (const e of energies) {
      const w = Math.exp(-beta * e);
      z += w;
      first += w * e;
      second += w * e * e;
    }
    const u = first / z;
    expect(Math.abs(exact!.logZ - Math.log(z))).toBeLessThan(1e-12 * sites);
    expect(Math.abs(exact!.energy - u)).toBeLessThan(1e-11 * sites);
    expect(Math.abs(exact!.heatCapacity - beta * beta * (second / z - u * u))).toBeLessThan(1e-10 * sites);
    expect(Math.abs(exact!.entropy - Math.log(z) - beta * u)).toBeLessThan(1e-11 * sites);
  });

  it("of two states are those of the Ising model at half the coupling", () => {
    const ising = exactIsing(periodicLattice([6, 6]), 0.45, 0.5);
    const { exact } = system([6, 6], 0.45, 2);
    // δ = (1 + s s')/2: every one of the 72 bonds has the energy −½ besides.
    expect(exact!.logZ).toBeCloseTo(ising!.logZ + 0.45 * 36, 9);
    expect(exact!.energy).toBeCloseTo(ising!.energy - 36, 9);
  });

  it("are not known where the transfer matrix would be too large", () => {
    expect(system([8, 8], 1).exact).toBeUndefined();
  });

  it("critical temperatures: two states as Ising, and the self-dual point of the square lattice", () => {
    expect(pottsCriticalBeta(2, 2, 1, "square")).toBeCloseTo(Math.log(1 + Math.SQRT2), 14);
    expect(pottsCriticalBeta(2, 2, 1, "triangular")).toBeCloseTo(Math.log(3) / 2, 14);
    const q = 5;
    const v = Math.expm1(pottsCriticalBeta(2, q, 2, "triangular") * 2);
    expect(v ** 3 + 3 * v * v).toBeCloseTo(q, 12);
    expect(createSystem("potts", { shape: "8x8", beta: "critical", q: 4 }).beta).toBeCloseTo(Math.log(3), 14);
  });
});

describe("simulation", () => {
  const cases = [
    [[2, 3], 3, 0.5, 1, "square"],
    [[2, 3], 3, 0.8, -1, "square"],
    [[5], 4, 1, 1, "square"],
    [[3, 2], 3, 0.3, 1, "triangular"],
    [[3, 3], 2, 0.6, 1, "square"],
    [[2, 2], 5, 0, 1, "square"],
  ] as const;
  for (const algorithm of pottsAlgorithms)
    it.each(cases)(`${algorithm}: distribution of %j, %i states, beta %d, J = %d, %s`, async (...which) => {
      const [shape, q, beta, j, lattice] = which;
      const cluster = algorithm === "wolff" || algorithm === "swendsen-wang";
      const one = system(shape, beta, q, j, lattice);
      const samples = 30_000;
      const running = one.simulate({ samples, key: Key.fromSeed(2), algorithm });
      if (cluster && beta * j < 0) {
        await expect(running).rejects.toThrow(/clusters need neighbours that attract/);
        return;
      }
      const { x } = await running;
      const counts = new Array<number>(q ** one.sites).fill(0);
      for (let row = 0; row < samples; row++) {
        let index = 0;
        for (let i = one.sites - 1; i >= 0; i--) index = q * index + x.data[row * one.sites + i]!;
        counts[index]!++;
      }
      const expected = Array.from(one.logProb(everything(shape, q))!, (l) => samples * Math.exp(l));
      expect(chiSquaredTest(counts, expected).pValue).toBeGreaterThan(1e-3);
    });

  it("has exact energies on lattices of some size, by every algorithm", async () => {
    const sigmas: number[] = [];
    for (const algorithm of pottsAlgorithms)
      for (const beta of [0.6, 1.0050525]) {
        const one = system([4, 12], beta);
        const { energy } = await one.simulate({ samples: 1600, chains: 32, key: Key.fromSeed(5), algorithm });
        sigmas.push(difference(energy, one.exact!.energy / one.sites).sigmas);
      }
    const test = jointTest(sigmas);
    expect(test.pValue).toBeGreaterThan(1e-3);
    expect(test.pValue).toBeLessThan(1 - 1e-3);
  });

  it("visits all states evenly in every chain, far below the critical temperature", async () => {
    const { x, chain } = await system([6, 6], 3).simulate({
      samples: 1200,
      chains: 2,
      key: Key.fromSeed(1),
      algorithm: "heat-bath",
    });
    for (const c of [0, 1]) {
      const counts = [0, 0, 0];
      for (let row = 0; row < 1200; row++) if (chain!.data[row] === c) counts[x.data[row * 36]!]!++;
      expect(chiSquaredTest(counts, [200, 200, 200]).pValue).toBeGreaterThan(1e-3);
    }
  });
});

it("measures energy and order by plain loops", () => {
  const random = stream(Key.fromSeed(3));
  const shape = [4, 5];
  const x = ndarray(
    "u8",
    [10, ...shape],
    Uint8Array.from({ length: 200 }, () => random.below(3)),
  );
  const { energy, observables } = system(shape, 1, 3, -2);
  for (let row = 0; row < 10; row++) {
    const s = (i: number, j: number) => x.data[row * 20 + (i % 4) * 5 + (j % 5)]!;
    let like = 0;
    const counts = [0, 0, 0];
    for (let i = 0; i < 4; i++)
      for (let j = 0; j < 5; j++) {
        like += Number(s(i, j) === s(i + 1, j)) + Number(s(i, j) === s(i, j + 1));
        counts[s(i, j)]!++;
      }
    expect(energy(x)[row]).toBe(2 * like);
    expect(observables.order!(x)[row]).toBeCloseTo(((3 * Math.max(...counts)) / 20 - 1) / 2, 14);
  }
});

it.each([
  [{ shape: "4x4", beta: 1, q: 1 }, /^system potts: q: give the number of states, from 2 to 256/],
  [{ shape: "4x1", beta: 1 }, /^shape 4x1: a side is a whole number of at least 2, not 1/],
  [{ shape: "4x4x4", beta: "critical" }, /^beta critical: known for the ferromagnet in two dimensions/],
])("refuses %j", (parameters, message) => {
  expect(() => createSystem("potts", parameters)).toThrow(message);
});

it("refuses values that no spin has", () => {
  expect(() => system([2, 2], 1).energy(arrayFrom("u8", [1, 2, 2], [0, 1, 2, 3]))).toThrow(
    /row 0, column 3 \(site 1, 1\) has the value 3; a spin of 3 states is a whole number from 0 to 2/,
  );
});
