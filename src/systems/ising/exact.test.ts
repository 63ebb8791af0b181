import { describe, expect, it } from "vitest";
import type { Exact } from "../system.ts";
import { squareCriticalBeta as betaC } from "./critical.ts";
import { densityOfStates, fromDensityOfStates } from "./enumerate.ts";
import { exactIsing } from "./exact.ts";
import { periodicLattice } from "./lattice.ts";

const exact = (shape: readonly number[], beta: number, j = 1): Exact => {
  const values = exactIsing(periodicLattice(shape), beta, j);
  if (!values) throw new Error(`no exact values for ${shape}`);
  return values;
};
const relative = (value: number, expected: number) => Math.abs(value / expected - 1);

// Kaufman's formula as printed (cosh γ_r = cosh 2K coth 2K − cos πr/n), evaluated with 50 digits by mpmath 1.3;
// U and C by its numerical derivatives.
type Row = [lx: number, ly: number, beta: number, logZ: number, energy?: number, heatCapacity?: number];
const table: Row[] = [
  [4, 4, 0.3, 12.78552332571],
  [4, 4, 0.4, 14.56109302384],
  [4, 4, betaC, 15.5219154587553, -25.0499806022131, 12.5322692148626],
  [4, 4, 0.5, 17.10536711873],
  [8, 8, 0.3, 50.60933049818],
  [8, 8, 0.4, 56.5993887604254, -78.2285211680584, 70.4304569191956],
  [8, 8, betaC, 60.14178078907],
  [8, 8, 0.5, 66.34458187923],
  [8, 8, 2, 256.693154387647, -127.999942323946, 0.00184656337383977],
  [16, 16, 0.3, 202.3832322625],
  [16, 16, 0.4, 225.2288467559],
  [16, 16, betaC, 238.6422566351],
  [16, 16, 0.5, 263.296210434],
  [32, 32, 0.3, 809.53248866009, -721.407049492127, 293.16118135399],
  [32, 32, 0.4, 900.4783077631],
  [32, 32, betaC, 952.6480795485],
  [32, 32, 0.5, 1051.104987615],
  [7, 12, 0.43, 77.4863427630496, -117.898499018545, 103.552878634705],
  [12, 7, 0.43, 77.4863427630496, -117.898499018545, 103.552878634705],
  [64, 32, 1, 4097.40643219961, -4090.18409802189, 47.8813484780383],
  [128, 128, 0.3, 12952.5198184655, -11542.5127765188, 4690.5786838556],
  [128, 128, 0.44, 15216.8521717242, -23101.3749342353, 42358.1244750785],
  [128, 128, 0.5, 16807.2825903741, -28599.3300019209, 11876.2938138882],
];

describe("Kaufman's formula", () => {
  it.each(table)("on %d × %d at beta = %d", (lx, ly, beta, logZ, energy, heatCapacity) => {
    const values = exact([lx, ly], beta);
    expect(relative(values.logZ, logZ)).toBeLessThan(1e-12);
    if (energy === undefined || heatCapacity === undefined) return;
    expect(relative(values.energy, energy)).toBeLessThan(1e-12);
    expect(relative(values.entropy, logZ + beta * energy)).toBeLessThan(1e-11);
    expect(relative(values.heatCapacity, heatCapacity)).toBeLessThan(1e-10);
  });

  it.each([
    [4, -1.565623788],
    [8, -1.491589107],
    [16, -1.453064853],
    [32, -1.433658466],
  ])("gives the critical energy per site at L = %d", (side, energy) => {
    expect(Math.abs(exact([side, side], betaC).energy / side ** 2 - energy)).toBeLessThan(1e-9);
  });

  it("approaches Onsager's critical energy −√2 as 1/L", () => {
    const excess = (side: number) => (-exact([side, side], betaC).energy / side ** 2 / Math.SQRT2 - 1) * side;
    expect(Math.abs(excess(128) - excess(64))).toBeLessThan(1e-3);
  });

  it("is stable at L = 128 from infinite temperature to the ground state", () => {
    const sites = 128 ** 2;
    let last = Number.POSITIVE_INFINITY;
    for (const beta of [0, 1e-9, 0.1, 0.3, 0.44, betaC, 0.4407, 0.45, 0.6, 1, 2, 5, 50, 1000]) {
      const { logZ, energy, entropy, heatCapacity } = exact([128, 128], beta);
      expect(Number.isFinite(logZ)).toBe(true);
      expect(energy).toBeLessThanOrEqual(0);
      expect(energy).toBeGreaterThanOrEqual(-2 * sites);
      expect(entropy).toBeLessThanOrEqual(sites * Math.LN2 * (1 + 1e-12));
      expect(entropy).toBeGreaterThanOrEqual(Math.LN2 * (1 - 1e-12));
      expect(heatCapacity).toBeGreaterThanOrEqual(0);
      expect(entropy).toBeLessThanOrEqual(last);
      last = entropy;
      expect(Math.abs(logZ + beta * energy - entropy)).toBeLessThan(1e-11 * Math.max(sites, logZ));
    }
  });
});

describe("exactIsing against enumeration", () => {
  const shapes = [[2], [3], [4], [7], [2, 2], [3, 3], [4, 4], [2, 3], [3, 4], [4, 3], [2, 5], [3, 5], [4, 5]];
  const couplings = [-2, -0.7, -betaC, -0.1, 0, 1e-6, 0.2, 0.4, betaC, 0.44068679, 0.5, 1, 3];
  it.each(shapes.map((shape) => [shape.join("x"), shape] as const))("%s", (_, shape) => {
    const lattice = periodicLattice(shape);
    const states = densityOfStates(lattice);
    for (const coupling of couplings) {
      const expected = fromDensityOfStates(states, coupling);
      const { logZ, energy, entropy, heatCapacity } = exact(shape, coupling);
      const scale = lattice.sites;
      expect(Math.abs(logZ - expected.logZ)).toBeLessThan(1e-13 * scale * (1 + Math.abs(coupling)));
      expect(Math.abs(energy + expected.slope)).toBeLessThan(1e-13 * scale);
      expect(Math.abs(entropy - expected.entropy)).toBeLessThan(1e-13 * scale * (1 + Math.abs(coupling)));
      expect(Math.abs(heatCapacity - expected.heatCapacity)).toBeLessThan(
        1e-12 * scale * (1 + coupling ** 2),
      );
    }
  });

  it("counts every configuration: [2^N], with the ground states and the mean of a free lattice", () => {
    const { levels, counts } = densityOfStates(periodicLattice([4, 4]));
    expect(counts.reduce((sum, n) => sum + n, 0)).toBe(2 ** 16);
    expect(levels.at(-1)).toBe(32);
    expect(counts.at(-1)).toBe(2);
    // The 4 × 4 torus has 32 configurations with one flipped spin, and no level between.
    expect([levels.at(-2), counts.at(-2)]).toEqual([24, 32]);
    expect(levels.reduce((sum, level, i) => sum + level * counts[i]!, 0)).toBe(0);
  });
});

describe("limits and symmetries", () => {
  it("high temperature: log Z = N ln 2 + bonds · K²/2 + O(K⁴)", () => {
    for (const shape of [[64], [8, 8]]) {
      const bonds = shape.length * 64;
      const { logZ, energy } = exact(shape, 1e-3);
      expect(Math.abs(logZ - 64 * Math.LN2 - (bonds * 1e-6) / 2)).toBeLessThan(1e-9);
      expect(relative(energy, -bonds * 1e-3)).toBeLessThan(1e-5);
    }
  });

  it("low temperature: two ground states, and single flips of cost 8 (torus) or pairs of walls (ring)", () => {
    const torus = exact([8, 8], 3);
    expect(relative(torus.energy + 128, 8 * 64 * Math.exp(-24))).toBeLessThan(1e-3);
    expect(Math.abs(torus.entropy - Math.LN2)).toBeLessThan(1e-7);
    const chain = exact([10], 6);
    expect(relative(chain.energy + 10, 4 * 45 * Math.exp(-24))).toBeLessThan(1e-3);
  });

  it("a frustrated ring keeps one broken bond: S → ln 2N, U → −N + 2", () => {
    for (const beta of [20, 1000]) {
      const { energy, entropy } = exact([9], beta, -1);
      expect(Math.abs(entropy - Math.log(18))).toBeLessThan(1e-12);
      expect(Math.abs(energy + 7)).toBeLessThan(1e-12);
    }
  });

  it("depends on J and beta through their product, energies scaled by J", () => {
    const [a, b] = [exact([6, 4], 0.4), exact([6, 4], 0.2, 2)];
    expect(b.logZ).toBe(a.logZ);
    expect(b.energy).toBe(2 * a.energy);
    const antiferromagnet = exact([6, 4], 0.4, -1);
    expect(antiferromagnet).toEqual(a);
    expect(exact([6, 4], -0.4).energy).toBe(-a.energy);
  });

  it("energy and heat capacity are the derivatives of log Z", () => {
    for (const shape of [[12], [16, 16], [9, 16]])
      for (const beta of [0.2, betaC, 0.6]) {
        const h = 1e-3;
        const f = (steps: number) => exact(shape, beta + steps * h).logZ;
        const first = (8 * (f(1) - f(-1)) - (f(2) - f(-2))) / (12 * h);
        const second = (16 * (f(1) + f(-1)) - (f(2) + f(-2)) - 30 * f(0)) / (12 * h * h);
        const { energy, heatCapacity } = exact(shape, beta);
        expect(relative(energy, -first)).toBeLessThan(1e-7);
        expect(relative(heatCapacity, beta ** 2 * second)).toBeLessThan(1e-4);
      }
  });

  it("knows where it does not know", () => {
    expect(exactIsing(periodicLattice([15, 16]), 0.4, -1)).toBeUndefined();
    expect(exactIsing(periodicLattice([7, 6]), 0.4, -1)).toBeDefined();
    expect(exactIsing(periodicLattice([4, 4, 4]), 0.2, 1)).toBeUndefined();
    expect(exactIsing(periodicLattice([3, 3]), 0.4, -1)).toBeDefined();
    expect(exactIsing(periodicLattice([2, 2, 2]), 0.2, 1)).toBeDefined();
  });
});
