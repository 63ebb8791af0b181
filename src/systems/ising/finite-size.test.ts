import { expect, test } from "vitest";
import { densityOfStates, fromDensityOfStates } from "./enumerate.ts";
import { finiteSize } from "./finite-size.ts";
import { periodicLattice } from "./lattice.ts";

test("a lattice of 16 sites peaks where enumeration says", () => {
  const states = densityOfStates(periodicLattice([4, 4]));
  const { peakBeta, peakHeatCapacity, energy } = finiteSize(4);
  const at = (beta: number) => fromDensityOfStates(states, beta).heatCapacity / 16;
  expect(peakHeatCapacity).toBeCloseTo(at(peakBeta), 10);
  for (const away of [-0.01, -1e-4, 1e-4, 0.01]) expect(at(peakBeta + away)).toBeLessThan(peakHeatCapacity);
  expect(energy).toBeCloseTo(-1.565623788, 9);
});

test("the transition is approached as Ferdinand & Fisher have it", () => {
  // Phys. Rev. 185, 832, squares: C/N → (8K_c²/π) ln L + 0.1381 at T_c, + 0.201 at the peak; T_max/T_c − 1 → 0.360/L.
  const betaC = Math.asinh(1) / 2;
  const [small, large] = [finiteSize(128), finiteSize(256)];
  const grown = (large.heatCapacity - small.heatCapacity) / Math.LN2;
  expect(grown / ((8 * betaC ** 2) / Math.PI)).toBeCloseTo(1, 2);
  const rest = (c: number) => c - ((8 * betaC ** 2) / Math.PI) * Math.log(256);
  expect(rest(large.heatCapacity)).toBeCloseTo(0.1381, 2);
  expect(rest(large.peakHeatCapacity)).toBeCloseTo(0.201, 2);
  expect(256 * (betaC / large.peakBeta - 1)).toBeCloseTo(0.36, 2);
});

test("a side that cannot be is refused", () => {
  expect(() => finiteSize(1)).toThrow(/at least 2, not 1/);
});
