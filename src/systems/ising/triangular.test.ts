import { describe, expect, it } from "vitest";
import { triangularCriticalBeta as betaC, criticalBeta } from "./critical.ts";
import { densityOfStates, fromDensityOfStates } from "./enumerate.ts";
import { exactIsing } from "./exact.ts";
import { periodicLattice } from "./lattice.ts";
import { triangular } from "./triangular.ts";

const couplings = [-100, -5, -1, -0.5, -0.1, 0, 1e-6, 0.2, betaC, 0.5, 1, 3, 100];

describe("the formula of the triangular lattice", () => {
  const shapes = [
    [2, 2],
    [2, 3],
    [3, 2],
    [3, 3],
    [3, 4],
    [4, 3],
    [4, 4],
    [2, 7],
    [3, 5],
    [4, 5],
    [3, 6],
  ] as const;
  it.each(shapes)("%d x %d, against enumeration", (lx, ly) => {
    const states = densityOfStates(periodicLattice([lx, ly], "triangular"));
    const sites = lx * ly;
    for (const coupling of couplings) {
      const scale = sites * (1 + Math.abs(coupling));
      const [a, b] = [triangular(lx, ly, coupling)!, fromDensityOfStates(states, coupling)];
      expect(Math.abs(a.logZ - b.logZ)).toBeLessThan(1e-12 * scale);
      expect(Math.abs(a.slope - b.slope)).toBeLessThan(1e-12 * sites);
      expect(Math.abs(a.entropy - b.entropy)).toBeLessThan(1e-12 * scale);
      expect(Math.abs(a.heatCapacity - b.heatCapacity)).toBeLessThan(
        1e-11 * scale * (1 + Math.abs(coupling)),
      );
    }
  });

  it("energy and heat capacity are the derivatives of log Z", () => {
    for (const coupling of [-2, -0.4, 0.1, betaC, 0.6]) {
      const h = 1e-3;
      const f = (steps: number) => triangular(16, 12, coupling + steps * h)!.logZ;
      const first = (8 * (f(1) - f(-1)) - (f(2) - f(-2))) / (12 * h);
      const second = (16 * (f(1) + f(-1)) - (f(2) + f(-2)) - 30 * f(0)) / (12 * h * h);
      const { slope, heatCapacity } = triangular(16, 12, coupling)!;
      expect(Math.abs(slope / first - 1)).toBeLessThan(1e-7);
      expect(Math.abs(heatCapacity / (coupling ** 2 * second) - 1)).toBeLessThan(1e-3);
    }
  });

  it("approaches Houtappel's critical energy −2J a site as 1/L", () => {
    const excess = (side: number) => (triangular(side, side, betaC)!.slope / side ** 2 - 2) * side;
    expect(excess(64)).toBeGreaterThan(0);
    expect(Math.abs(excess(128) - excess(64))).toBeLessThan(1e-3);
  });

  it("approaches Wannier's residual entropy, 0.3230659669 a site (Phys. Rev. B 7, 5017, 1973), as 1/L²", () => {
    const wannier = 0.3230659669;
    const excess = (side: number) => (triangular(side, side, -30)!.entropy / side ** 2 - wannier) * side ** 2;
    // Sides that are multiples of 3 have the ground states of three sublattices.
    for (const side of [96, 192]) expect(Math.abs(excess(side) - excess(48))).toBeLessThan(1e-3);
    expect(Math.abs(excess(192) / 192 ** 2)).toBeLessThan(1e-4);
  });

  it("has one satisfied bond in three less than a third broken at T = 0: U = −N|J|", () => {
    for (const side of [6, 8, 9, 12]) expect(triangular(side, side, -50)!.slope).toBeCloseTo(-(side ** 2), 9);
  });

  it("is stable on 64 × 64 at every temperature", () => {
    for (const sign of [1, -1]) {
      let last = Number.POSITIVE_INFINITY;
      for (const k of [0, 1e-9, 0.1, 0.27, betaC, 0.28, 0.5, 1, 2, 5, 50, 1000]) {
        const { logZ, slope, entropy, heatCapacity } = triangular(64, 64, sign * k)!;
        expect(entropy).toBeLessThanOrEqual(last * (1 + 1e-13));
        expect(heatCapacity).toBeGreaterThanOrEqual(0);
        expect(Math.abs(logZ - sign * k * slope - entropy)).toBeLessThan(1e-11 * Math.max(4096, logZ));
        last = entropy;
      }
    }
  });

  it("leaves a cold, long and narrow antiferromagnet to the transfer matrix", () => {
    expect(triangular(4, 64, -3)).toBeUndefined();
    const { logZ, energy, entropy } = exactIsing(periodicLattice([4, 64], "triangular"), 3, -1)!;
    expect(Math.abs(logZ + 3 * energy - entropy)).toBeLessThan(1e-10);
    // 16 times shorter it can be counted; an entropy of a site hardly knows the length.
    expect(Math.abs(entropy / 256 - 0.307)).toBeLessThan(1e-3);
  });
});

describe("criticalBeta", () => {
  it("is ln(3)/4 for the triangular ferromagnet, and refused for the antiferromagnet", () => {
    expect(criticalBeta(2, 2, "triangular")).toBeCloseTo(0.27465307216702745 / 2, 15);
    expect(() => criticalBeta(2, -1, "triangular")).toThrow(
      /^beta critical: the antiferromagnet on a triangular/,
    );
    expect(criticalBeta(2, -1)).toBeCloseTo(0.44068679350977, 13);
  });
});
