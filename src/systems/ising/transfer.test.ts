import { describe, expect, it } from "vitest";
import { densityOfStates, fromDensityOfStates } from "./enumerate.ts";
import { kaufman } from "./kaufman.ts";
import { periodicLattice } from "./lattice.ts";
import type { Reduced } from "./thermodynamics.ts";
import { transferMatrix } from "./transfer.ts";
import { triangular } from "./triangular.ts";

/** Holds two results to each other, relative to the size of each number. */
function agree(a: Reduced, b: Reduced, coupling: number, sites: number): void {
  const scale = sites * (1 + Math.abs(coupling));
  expect(Math.abs(a.logZ - b.logZ)).toBeLessThan(1e-12 * scale);
  expect(Math.abs(a.slope - b.slope)).toBeLessThan(1e-12 * sites);
  expect(Math.abs(a.entropy - b.entropy)).toBeLessThan(1e-12 * scale);
  expect(Math.abs(a.heatCapacity - b.heatCapacity)).toBeLessThan(1e-11 * sites * (1 + coupling ** 2));
}

const couplings = [-40, -8, -2, -0.7, -0.3, 0, 1e-6, 0.2, Math.log(3) / 4, 0.44, 1, 3, 40];
const kinds = ["square", "triangular"] as const;

describe("the transfer matrix", () => {
  const shapes = [
    [2, 2],
    [2, 3],
    [3, 2],
    [3, 3],
    [2, 7],
    [3, 4],
    [4, 4],
    [3, 5],
    [4, 5],
    [3, 6],
  ];
  for (const kind of kinds)
    it.each(shapes.map((shape) => [shape.join("x"), shape] as const))(
      `${kind} %s, against enumeration`,
      (_, shape) => {
        const lattice = periodicLattice(shape, kind);
        const states = densityOfStates(lattice);
        for (const coupling of couplings)
          agree(
            transferMatrix(lattice, coupling)!,
            fromDensityOfStates(states, coupling),
            coupling,
            lattice.sites,
          );
      },
    );

  it.each([
    [6, 6],
    [4, 9],
    [8, 8],
    [5, 20],
  ])("%d x %d, against both formulas", (lx, ly) => {
    for (const coupling of [0.2, 0.44, 1]) {
      agree(
        transferMatrix(periodicLattice([lx, ly]), coupling)!,
        kaufman(lx, ly, coupling)!,
        coupling,
        lx * ly,
      );
      for (const k of [coupling, -coupling])
        agree(
          transferMatrix(periodicLattice([lx, ly], "triangular"), k)!,
          triangular(lx, ly, k)!,
          coupling,
          lx * ly,
        );
    }
  });

  it("gives a frustrated rectangle beyond enumeration, whichever side is odd", () => {
    const [a, b] = [
      [5, 6],
      [6, 5],
    ].map((shape) => transferMatrix(periodicLattice(shape), -0.8)!);
    expect(a).toEqual(b);
    // At T = 0 each of the six rings of five sites has one broken bond, of 60 in all.
    expect(transferMatrix(periodicLattice([5, 6]), -30)!.slope).toBeCloseTo(-(60 - 2 * 6), 10);
  });

  it("is out of reach for wide lattices and in other dimensions", () => {
    for (const shape of [[16, 16], [13, 15], [12, 40], [12], [4, 4, 4]])
      expect(transferMatrix(periodicLattice(shape), -0.4)).toBeUndefined();
  });
});
