import { describe, expect, test } from "vitest";
import { ring } from "../ising/ring.ts";
import type { Exact } from "../system.ts";
import { type ChainEnergy, chainExact } from "./chain.ts";

/** Thermodynamics by summing over every configuration. */
function enumerated({ length, periodic, states, bond, site }: ChainEnergy, beta: number): Exact {
  const energies = Array.from({ length: states ** length }, (_, index) => {
    const x = Array.from({ length }, (_, i) => Math.floor(index / states ** i) % states);
    return x.reduce((sum, s, i) => {
      const bonded = periodic || i + 1 < length;
      return (
        sum +
        (site[s] as number) +
        (bonded ? (bond[s * states + (x[(i + 1) % length] as number)] as number) : 0)
      );
    }, 0);
  });
  const lowest = Math.min(...energies.map((e) => beta * e));
  const weights = energies.map((e) => Math.exp(lowest - beta * e));
  const z = weights.reduce((a, b) => a + b);
  const energy = energies.reduce((sum, e, i) => sum + (e * (weights[i] as number)) / z, 0);
  const variance = energies.reduce((sum, e, i) => sum + ((e - energy) ** 2 * (weights[i] as number)) / z, 0);
  const logZ = Math.log(z) - lowest;
  return { logZ, energy, entropy: logZ + beta * energy, heatCapacity: beta * beta * variance };
}

const spins = [-1, 1];
const ising = (j: number, h: number) => ({
  states: 2,
  bond: spins.flatMap((s) => spins.map((t) => -j * s * t)),
  site: spins.map((s) => -h * s),
});
const potts = (q: number) => ({
  states: q,
  bond: Array.from({ length: q * q }, (_, i) => (i % (q + 1) === 0 ? -1 : 0)),
  site: new Float64Array(q),
});
/** Bonds that are not the same both ways. */
const lopsided = { states: 3, bond: [0, 1, -0.5, 0.2, -1, 0.7, 0, 0.3, 0.1], site: [0.1, 0, -0.4] };

const cases: [string, Pick<ChainEnergy, "states" | "bond" | "site">][] = [
  ["Ising chain in a field", ising(1, 0.3)],
  ["antiferromagnetic Ising chain in a field", ising(-1, 0.7)],
  ["Potts chain of three states", potts(3)],
  ["lopsided chain", lopsided],
];

describe.each(cases)("%s", (_, energies) => {
  test.each([true, false])("is that of enumeration, periodic %s", (periodic) => {
    for (const length of periodic ? [2, 3, 6] : [1, 2, 3, 6])
      for (const beta of [-1, 0, 0.4, 1, 3]) {
        const chain = { ...energies, length, periodic };
        const [found, exact] = [chainExact(chain, beta), enumerated(chain, beta)];
        for (const name of ["logZ", "energy", "entropy", "heatCapacity"] as const)
          expect(found[name], `${name} of ${length} sites at ${beta}`).toBeCloseTo(exact[name], 10);
      }
  });
});

test("without a field it is the ring, at any length and temperature", () => {
  for (const length of [7, 1000])
    for (const k of [-2, 0.3, 5]) {
      const found = chainExact({ ...ising(1, 0), length, periodic: true }, k);
      const exact = ring(length, k);
      expect(Math.abs(found.logZ / exact.logZ - 1)).toBeLessThan(1e-12);
      expect(Math.abs(found.energy + exact.slope)).toBeLessThan(1e-9);
      expect(found.heatCapacity).toBeCloseTo(exact.heatCapacity, 8);
    }
});

test("a long Ising chain in a field has the larger eigenvalue's free energy", () => {
  const [k, h, length] = [0.6, 0.25, 5000];
  const eigenvalue =
    Math.exp(k) * Math.cosh(h) + Math.sqrt(Math.exp(2 * k) * Math.sinh(h) ** 2 + Math.exp(-2 * k));
  const { logZ } = chainExact({ ...ising(1, h / k), length, periodic: true }, k);
  expect(logZ / length).toBeCloseTo(Math.log(eigenvalue), 12);
});

test("what does not fit is refused", () => {
  expect(() => chainExact({ ...potts(3), length: 1, periodic: true }, 1)).toThrow(
    /periodic chain of 1 sites/,
  );
  expect(() => chainExact({ ...potts(3), states: 2, length: 4, periodic: true }, 1)).toThrow(
    /2×2 bond energies/,
  );
});
