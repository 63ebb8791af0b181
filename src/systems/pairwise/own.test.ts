import { describe, expect, it } from "vitest";
import { type NDArray, ndarray } from "../../array.ts";
import { Key } from "../../random/key.ts";
import { normal } from "../../random/normal.ts";
import { difference } from "../../stats/index.ts";
import { createSystem } from "../registry.ts";
import { bondsOf } from "./own.ts";

/** A random symmetric matrix and fields. */
function random(sites: number, seed: number) {
  const draws = normal(Key.fromSeed(seed), sites * sites + sites, "f64");
  const matrix = ndarray("f64", [sites, sites]);
  for (let i = 0; i < sites; i++)
    for (let j = 0; j < i; j++)
      matrix.data[i * sites + j] = matrix.data[j * sites + i] = draws[i * sites + j]! / Math.sqrt(sites);
  return { matrix, fields: [...draws.slice(sites * sites)] };
}

/** E = −½ Σ_ij J_ij s_i s_j − Σ_i h_i s_i by the formula, of every configuration; row r has the bits of r. */
function enumerated({ data }: NDArray<"f64">, fields: readonly number[], beta: number) {
  const n = fields.length;
  const x = ndarray("u8", [2 ** n, n]);
  const energies = Float64Array.from({ length: 2 ** n }, (_, row) => {
    const s = Array.from({ length: n }, (_, i) => 2 * ((row >> i) & 1) - 1);
    s.forEach((spin, i) => {
      x.data[row * n + i] = (spin + 1) / 2;
    });
    let energy = 0;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) energy -= 0.5 * data[i * n + j]! * s[i]! * s[j]!;
      energy -= fields[i]! * s[i]!;
    }
    return energy;
  });
  const weights = energies.map((e) => Math.exp(-beta * e));
  const z = weights.reduce((a, b) => a + b, 0);
  const mean = (of: (e: number) => number) =>
    energies.reduce((sum, e, r) => sum + of(e) * weights[r]!, 0) / z;
  const u = mean((e) => e);
  return {
    ...{ x, energies },
    exact: {
      logZ: Math.log(z),
      energy: u,
      entropy: Math.log(z) + beta * u,
      heatCapacity: beta ** 2 * mean((e) => (e - u) ** 2),
    },
  };
}

describe("couplings of one's own", () => {
  it.each([
    ["without fields", (_: readonly number[]) => undefined],
    ["in fields", (fields: readonly number[]) => fields],
  ])("%s have the energies and the exact values of an enumeration", (_, pick) => {
    for (const [sites, beta] of [
      [2, 0.7],
      [7, 0.4],
      [10, 1.5],
    ] as const) {
      const { matrix, fields: drawn } = random(sites, sites);
      const fields = pick(drawn);
      const bonds = bondsOf(matrix, "J");
      const system = createSystem("couplings", { shape: [sites], beta, bonds, ...(fields && { fields }) });
      const expected = enumerated(matrix, fields ?? drawn.map(() => 0), beta);
      for (const [row, e] of system.energy(expected.x).entries())
        expect(e).toBeCloseTo(expected.energies[row]!, 10);
      for (const [name, value] of Object.entries(expected.exact))
        expect(system.exact?.[name as "logZ"]).toBeCloseTo(value, 9);
      const total = system.logProb(expected.x)!.reduce((sum, p) => sum + Math.exp(p), 0);
      expect(total).toBeCloseTo(1, 9);
    }
  });

  it("in fields are simulated to the exact energy and magnetisation", async () => {
    const { matrix, fields } = random(8, 4);
    const parameters = { shape: [2, 4], beta: 0.8, bonds: bondsOf(matrix, "J"), fields };
    const system = createSystem("couplings", parameters);
    const { x, energy } = await system.simulate({ samples: 4000, key: Key.fromSeed(5) });
    expect(x.shape).toEqual([4000, 2, 4]);
    // Two-sided, p = 6e-5 beyond four standard errors.
    expect(Math.abs(difference(energy, { value: system.exact!.energy / 8, error: 0 }).sigmas)).toBeLessThan(
      4,
    );
    const rows = system.observables.energy!(x);
    expect(rows.reduce((a, b) => a + b, 0) / 4000).toBeCloseTo(energy.value, 10);
    const { x: all, energies } = enumerated(matrix, fields, 0.8);
    const weights = energies.map((e) => Math.exp(-0.8 * e - system.exact!.logZ));
    const exact = system.observables.magnetisation!({ ...all, shape: [256, 2, 4] }).reduce(
      (sum, m, row) => sum + m * weights[row]!,
      0,
    );
    const m = system.observables.magnetisation!(x);
    const mean = m.reduce((a, b) => a + b, 0) / 4000;
    const variance = m.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 4000;
    // Rows are five τ apart; twice the error of independent ones is safe.
    expect(Math.abs(mean - exact)).toBeLessThan(8 * Math.sqrt(variance / 4000));
  });

  it("have the flip without fields only", () => {
    const parameters = { shape: [2], beta: 1, bonds: [[0, 1, 1]] };
    expect(createSystem("couplings", parameters).symmetries).toEqual(["flip"]);
    expect(createSystem("couplings", { ...parameters, fields: [0, 0] }).symmetries).toEqual(["flip"]);
    expect(createSystem("couplings", { ...parameters, fields: [0, 1] }).symmetries).toEqual([]);
  });

  const ofValues = (...values: number[]) => {
    const sites = Math.sqrt(values.length);
    return ndarray("f64", [sites, sites], Float64Array.from(values));
  };
  it.each([
    [ndarray("f64", [2, 3]), "J: couplings are a square matrix [sites, sites], not [2, 3]"],
    [ofValues(0, 1, Number.NaN, 0), "J: J[1, 0] is NaN, not a finite number"],
    [ofValues(0), "J: couples 1 sites; there are from 2 to 2048"],
    [ndarray("u8", [2049, 2049]), "J: couples 2049 sites; there are from 2 to 2048"],
    [
      ndarray(
        "u8",
        [500, 500],
        new Uint8Array(500 * 500).map((_, k) => (k % 501 === 0 ? 0 : 1)),
      ),
      "J: couples 124750 pairs; at most 100000 can be coupled, set weak ones to 0",
    ],
    [ofValues(0, 1, 1, 2), "J: J[1, 1] is 2; the diagonal is 0"],
    [ofValues(0, 1, 0, 0), "J: J is not symmetric: J[0, 1] is 1 and J[1, 0] is 0; E = −½ Σ_ij"],
  ])("are refused as a matrix that says nothing clear", (matrix, message) => {
    expect(() => bondsOf(matrix, "J")).toThrow(message);
  });

  it.each([
    [{ bonds: [[1, 0, 1]] }, "the bond of sites 1 and 0: sites are i < j < 3"],
    [{ bonds: [[0, 3, 1]] }, "the bond of sites 0 and 3: sites are i < j < 3"],
    [
      {
        bonds: [
          [0, 1, 1],
          [0, 1, 2],
        ],
      },
      "sites 0 and 1 are coupled twice",
    ],
    [{ bonds: [[0, 1]] }, "bonds.0: a bond is [i, j, J]"],
    [{}, "bonds: give the bonds [[i, j, J], ...]"],
    [{ bonds: [], fields: [1] }, "1 fields for 3 sites; give one for each"],
    [{ bonds: [], shape: [1] }, "shape: give the shape of a configuration, from 2 to 2048 sites"],
  ])("%j is refused", (parameters, message) => {
    expect(() => createSystem("couplings", { shape: [3], beta: 1, ...parameters })).toThrow(message);
  });
});
