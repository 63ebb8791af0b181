import { describe, expect, it } from "vitest";
import { arrayFrom, ndarray, sizeOf } from "../../array.ts";
import { Key } from "../../random/key.ts";
import { chiSquaredSurvival, chiSquaredTest, difference } from "../../stats/index.ts";
import { allConfigurations } from "../ising/enumerate.ts";
import { exactIsing } from "../ising/exact.ts";
import { periodicLattice } from "../ising/lattice.ts";
import { createSystem } from "../registry.ts";
import { couplingsOf } from "./couplings.ts";
import { enumeratePairwise } from "./enumerate.ts";
import { hebbianCouplings, hopfield } from "./hopfield.ts";
import { leadingMode } from "./mode.ts";
import { sk, skCouplings } from "./sk.ts";
import { type Pairwise, pairwiseSystem } from "./system.ts";

const glass = (sites: number, beta: number, seed = 1, J = 1) => sk.create({ shape: [sites], beta, seed, J });
const memory = (sites: number, beta: number, patterns: number, seed = 1) =>
  hopfield.create({ shape: [sites], beta, patterns, seed });

/** Couplings that are those of an Ising lattice, bonds that join a pair twice added up. */
function ofLattice(shape: readonly number[], j: number) {
  const { bonds, sites } = periodicLattice(shape, shape.length === 2 ? "triangular" : "square");
  const sum = new Float64Array(sites * sites);
  for (let b = 0; b < bonds.length; b += 2)
    sum[Math.min(bonds[b]!, bonds[b + 1]!) * sites + Math.max(bonds[b]!, bonds[b + 1]!)]! += j;
  return couplingsOf(sites, (a, b) => sum[a * sites + b]!);
}

describe("couplings", () => {
  it("of sk are N(0, J²/N), by χ² of their variance, and follow from the seed", () => {
    const sites = 200;
    const pairs = (sites * (sites - 1)) / 2;
    const { data } = skCouplings({ shape: [sites], J: 3, seed: 4 });
    let [sum, squares] = [0, 0];
    for (let i = 0; i < sites; i++) {
      expect(data[i * sites + i]).toBe(0);
      for (let j = i + 1; j < sites; j++) {
        expect(data[i * sites + j]).toBe(data[j * sites + i]);
        sum += data[i * sites + j]!;
        squares += (data[i * sites + j]! ** 2 * sites) / 9;
      }
    }
    expect(Math.abs(sum / Math.sqrt((pairs * 9) / sites))).toBeLessThan(3.3);
    expect(Math.abs(squares - pairs) / Math.sqrt(2 * pairs)).toBeLessThan(3.3);
    expect(skCouplings({ shape: [sites], J: 3, seed: 4 }).data).toEqual(data);
    expect(skCouplings({ shape: [sites], J: 3, seed: 6 }).data).not.toEqual(data);
  });

  it("of hopfield are Hebb's rule", () => {
    const { couplings, patterns } = memory(12, 1, 3, 4);
    for (let i = 0; i < 12; i++)
      for (let j = 0; j < 12; j++) {
        let sum = 0;
        for (let p = 0; p < 3; p++)
          sum += (2 * patterns.data[p * 12 + i]! - 1) * (2 * patterns.data[p * 12 + j]! - 1);
        expect(couplings.data[i * 12 + j]).toBeCloseTo(i === j ? 0 : sum / 12, 15);
      }
    expect(patterns.shape).toEqual([3, 12]);
    expect(new Set(patterns.data)).toEqual(new Set([0, 1]));
  });
});

describe("energy and observables", () => {
  it("is −Σ_{i<j} J_ij s_i s_j, by plain loops", () => {
    const { energy, couplings, observables } = glass(9, 1);
    const x = allConfigurations([9]);
    const energies = energy(x);
    for (const row of [0, 1, 77, 300, 511]) {
      const s = (i: number) => 2 * x.data[row * 9 + i]! - 1;
      let expected = 0;
      for (let i = 0; i < 9; i++)
        for (let j = i + 1; j < 9; j++) expected -= couplings.data[i * 9 + j]! * s(i) * s(j);
      expect(energies[row]).toBeCloseTo(expected, 13);
      expect(observables.energy!(x)[row]).toBeCloseTo(expected / 9, 13);
      expect(energies[511 - row]).toBeCloseTo(expected, 13);
    }
  });

  it("of a stored pattern and its overlap: E = −N (1 − P/N)/2 of one pattern, |overlap| 1 of either sign", () => {
    const { energy, observables, patterns } = memory(20, 1, 1, 3);
    const flipped = patterns.data.map((bit) => 1 - bit);
    const x = ndarray("u8", [2, 20], Uint8Array.of(...patterns.data, ...flipped));
    expect(energy(x)[0]).toBeCloseTo(-19 / 2, 12);
    expect([...observables.overlap!(x)]).toEqual([1, 1]);
    const several = memory(20, 1, 4, 3);
    const second = ndarray("u8", [1, 20], several.patterns.data.slice(20, 40));
    expect(several.observables.overlap!(second)[0]).toBe(1);
    second.data[0]! ^= 1;
    expect(several.observables.overlap!(second)[0]).toBeCloseTo(0.9, 14);
  });

  it("refuses what is not rows of spins", () => {
    const { energy, observables } = memory(4, 1, 1);
    expect(() => energy(ndarray("u8", [2, 2, 2]))).toThrow(/\[2, 2, 2\] are not rows of 4 spins$/);
    expect(() => observables.overlap!(arrayFrom("f32", [1, 4], [0, 1, 0.5, 1]))).toThrow(
      /row 0, column 2 has the value 0.5/,
    );
  });
});

describe("exact values", () => {
  it.each([
    [[3, 4], 0.5],
    [[3, 3], -0.8],
    [[4, 5], 0.3],
    [[11], -2],
    [[13], 0.7],
  ])("of a lattice %j with J = %d agree with those of the Ising model", (shape, j) => {
    const lattice = periodicLattice(shape, shape.length === 2 ? "triangular" : "square");
    for (const beta of [-0.7, 0, 0.3, 1, 20]) {
      const [a, b] = [enumeratePairwise(ofLattice(shape, j), beta), exactIsing(lattice, beta, j)!];
      const scale = sizeOf(shape) * (1 + Math.abs(beta));
      expect(Math.abs(a.logZ - b.logZ)).toBeLessThan(1e-12 * scale);
      expect(Math.abs(a.energy - b.energy)).toBeLessThan(1e-12 * scale);
      expect(Math.abs(a.entropy - b.entropy)).toBeLessThan(1e-12 * scale);
      expect(Math.abs(a.heatCapacity - b.heatCapacity)).toBeLessThan(1e-11 * scale * (1 + Math.abs(beta)));
    }
  });

  it.each([
    ["sk", glass(12, 1.7)],
    ["sk, β < 0", glass(10, -1.2)],
    ["hopfield", memory(12, 2, 3)],
    ["sk of two spins", glass(2, 1)],
  ] as [string, Pairwise][])("%s: sums over all configurations, log P included", (_, system) => {
    const { sites, beta, exact } = system;
    const all = allConfigurations([sites]);
    const energies = system.energy(all);
    const p = system.logProb(all)!.map(Math.exp);
    const mean = (of: (row: number) => number) => p.reduce((sum, weight, row) => sum + weight * of(row), 0);
    const u = mean((row) => energies[row]!);
    expect(mean(() => 1)).toBeCloseTo(1, 12);
    expect(exact!.energy).toBeCloseTo(u, 11);
    expect(exact!.entropy).toBeCloseTo(
      mean((row) => -Math.log(p[row]!)),
      10,
    );
    expect(exact!.heatCapacity).toBeCloseTo(beta ** 2 * mean((row) => (energies[row]! - u) ** 2), 10);
  });

  it("is in closed form for one pattern: a Curie–Weiss magnet in disguise", () => {
    // E = −(M² − N)/2N for M = Σ ξ_i s_i, with binomial multiplicities.
    const [sites, beta] = [25, 1.3];
    let logs: number[] = [];
    let logBinomial = 0;
    for (let up = 0; up <= sites; up++) {
      logs.push(logBinomial + (beta * ((2 * up - sites) ** 2 - sites)) / (2 * sites));
      logBinomial += Math.log((sites - up) / (up + 1));
    }
    const top = Math.max(...logs);
    logs = logs.map((log) => Math.exp(log - top));
    const { logZ } = memory(sites, beta, 1).exact!;
    expect(Math.abs(logZ - top - Math.log(logs.reduce((a, b) => a + b, 0)))).toBeLessThan(1e-11);
  });

  it("takes the mean over couplings of log Z at high temperature: N ln 2 + β²(N − 1)/4 (Aizenman, Lebowitz & Ruelle 1987)", () => {
    const [sites, beta, count] = [14, 0.3, 60];
    const values = Array.from({ length: count }, (_, seed) => glass(sites, beta, seed).exact!.logZ);
    const mean = values.reduce((a, b) => a + b, 0) / count;
    const error = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (count - 1) / count);
    // To second order in β the mean of Σ ln cosh(βJ_ij) is β²(N − 1)/4; the next order, β⁴, is below 0.01.
    expect(Math.abs(mean - sites * Math.LN2 - (beta ** 2 * (sites - 1)) / 4)).toBeLessThan(
      3.3 * error + 0.01,
    );
  });

  it("ground states: entropy ln 2 at β → ∞, no heat capacity", () => {
    const { energy, entropy, heatCapacity, logZ } = glass(16, 500).exact!;
    expect(entropy).toBeCloseTo(Math.LN2, 12);
    expect(heatCapacity).toBeLessThan(1e-12);
    expect(logZ).toBeCloseTo(Math.LN2 - 500 * energy, 9);
  });

  it("is unknown beyond 25 sites", () => {
    expect(glass(26, 1).exact).toBeUndefined();
    expect(glass(26, 1).logProb(ndarray("u8", [1, 26]))).toBeUndefined();
    expect(() => enumeratePairwise(skCouplings({ shape: [26], J: 1, seed: 0 }), 1)).toThrow(/at most 25/);
  });
});

describe("simulation by parallel tempering", () => {
  const simulate = (system: Pairwise, samples: number, seed = 1) =>
    system.simulate({ samples, key: Key.fromSeed(seed) });

  it.each([
    ["sk, cold", glass(8, 3)],
    ["sk, β < 0", glass(7, -1)],
    ["sk, β = 0", glass(6, 0)],
    ["hopfield, cold", memory(9, 2.5, 3)],
  ] as [string, Pairwise][])("%s: every configuration by χ²", async (_, system) => {
    const { sites } = system;
    const samples = 20_000;
    const { x } = await simulate(system, samples);
    const counts = new Array<number>(2 ** sites).fill(0);
    for (let row = 0; row < samples; row++)
      counts[x.data.subarray(row * sites, (row + 1) * sites).reduce((n, bit) => 2 * n + bit, 0)]!++;
    const expected = Array.from(system.logProb(allConfigurations([sites]))!, (l) => samples * Math.exp(l));
    expect(chiSquaredTest(counts, expected).pValue).toBeGreaterThan(1e-3);
  });

  it("energies against exact values, several systems together", async () => {
    const systems = [
      glass(20, 1),
      glass(20, 3, 2),
      glass(16, 2, 3, -1.5),
      memory(20, 1, 3),
      memory(20, 3, 4, 2),
    ];
    let chi2 = 0;
    for (const system of systems) {
      const { energy } = await simulate(system, 1600);
      chi2 += difference(energy, system.exact!.energy / system.sites).sigmas ** 2;
    }
    expect(chiSquaredSurvival(chi2, systems.length)).toBeGreaterThan(1e-3);
    expect(chiSquaredSurvival(chi2, systems.length)).toBeLessThan(1 - 1e-3);
  });

  it("visits all patterns of a cold memory, evenly where a symmetry makes them equal", async () => {
    // Two orthogonal patterns: exchanging them, a permutation of sites, leaves the energy.
    const patterns = arrayFrom(
      "u8",
      [2, 24],
      Array.from({ length: 48 }, (_, i) => (i < 24 ? 1 : i % 2)),
    );
    const system = pairwiseSystem({
      name: "memory",
      parameters: { shape: [24], beta: 3 },
      couplings: hebbianCouplings(patterns),
    });
    const { x, chain, tau } = await simulate(system, 800);
    let first = 0;
    for (let row = 0; row < 800; row++) {
      const s = (i: number) => 2 * x.data[row * 24 + i]! - 1;
      let [a, b] = [0, 0];
      for (let i = 0; i < 24; i++) {
        a += s(i);
        b += s(i) * (i % 2 === 1 ? 1 : -1);
      }
      expect(Math.max(Math.abs(a), Math.abs(b))).toBeGreaterThanOrEqual(12);
      first += Math.abs(a) > Math.abs(b) ? 1 : Math.abs(a) === Math.abs(b) ? 0.5 : 0;
    }
    expect(chain!.shape).toEqual([800]);
    expect(Math.abs(first - 400) / Math.sqrt(200)).toBeLessThan(3.9);
    expect(tau).toBeLessThan(50);
  });

  it("is the same for the same key, and another for another", async () => {
    const [a, b, c] = [
      await simulate(glass(10, 1), 50),
      await simulate(glass(10, 1), 50),
      await simulate(glass(10, 1), 50, 2),
    ];
    expect(b).toEqual(a);
    expect(c.x.data).not.toEqual(a.x.data);
    expect(a.sampler.name).toBe("parallel-tempering");
  });
});

describe("couplings of one's own", () => {
  const made =
    (data: number[], sites = 2) =>
    () =>
      pairwiseSystem({
        name: "own",
        parameters: { shape: [sites], beta: 1 },
        couplings: { dtype: "f64", shape: [2, data.length / 2], data: Float64Array.from(data) },
      });
  it.each([
    [made([0, 1, 1, 0], 3), "couplings have shape [2, 2]; 3 spins have [3, 3]"],
    [made([0, 1, 1, 0, 1, 1]), "couplings have shape [2, 3]; 2 spins have [2, 2]"],
    [made([0, 1, 2, 0]), "couplings are not symmetric: J[1, 0] is 2 and J[0, 1] is 1; give (J + Jᵀ)/2"],
    [made([1, 1, 1, 0]), "couplings: site 0 is coupled to itself (1)"],
    [made([0, Number.NaN, 1, 0]), "couplings: the element of sites 1 and 0 is not a finite number"],
  ])("are refused where they are none (%#)", (make, message) => {
    expect(make).toThrow(message);
    expect(make).toThrow(expect.objectContaining({ code: "input" }));
  });
});

describe("leadingMode", () => {
  it("is the pattern of a memory of one, and the staggered vector of an antiferromagnetic ring", () => {
    const { couplings, patterns } = memory(16, 1, 1);
    const mode = leadingMode(couplings, 1);
    const overlap = mode.reduce((sum, a, i) => sum + (a * (2 * patterns.data[i]! - 1)) / 4, 0);
    expect(Math.abs(overlap)).toBeGreaterThan(1 - 1e-9);
    const ring = leadingMode(
      couplingsOf(6, (i, j) => (j - i === 1 || j - i === 5 ? 1 : 0)),
      -1,
    );
    expect(Math.abs(ring.reduce((sum, a, i) => sum + a * (-1) ** i, 0)) / Math.sqrt(6)).toBeGreaterThan(
      1 - 1e-9,
    );
  });
});

describe("parameters", () => {
  it("read a command line's words, and their own output again", () => {
    const made = createSystem("sk", { shape: "20", beta: "0.5", seed: 7 });
    expect(made.parameters).toEqual({ shape: [20], beta: 0.5, J: 1, seed: 7 });
    expect(createSystem("sk", JSON.parse(JSON.stringify(made.parameters))).parameters).toEqual(
      made.parameters,
    );
    expect(createSystem("hopfield", { shape: [30], beta: 2, patterns: "3" }).parameters).toEqual({
      shape: [30],
      beta: 2,
      patterns: 3,
      seed: 0,
    });
  });

  it.each([
    ["sk", { shape: "4x5", beta: 1 }, /^system sk: shape: give one side, the number of sites from 2 to 2048/],
    ["sk", { shape: "1", beta: 1 }, /^system sk: shape: give one side/],
    ["sk", { shape: 20, beta: 1 }, /^system sk: shape: give one side/],
    ["sk", { shape: "20" }, /^system sk: beta: give a number/],
    ["sk", { shape: "20", beta: 1, seed: 1.5 }, /^system sk: seed: give a whole number of at least 0/],
    ["sk", { shape: "20", beta: 1, j: 2 }, /^system sk has no parameter 'j'; did you mean J\?/],
    ["hopfield", { shape: "20", beta: 1 }, /^system hopfield: patterns: give the number of patterns/],
    ["hopfield", { shape: "20", beta: 1, patterns: 0 }, /^system hopfield: patterns: /],
    ["hopfeld", {}, /did you mean hopfield\? \(there are /],
  ])("%s with %j is one clear line", (name, parameters, message) => {
    expect(() => createSystem(name, parameters)).toThrow(message);
  });
});
