import { describe, expect, it } from "vitest";
import { arrayFrom, ndarray } from "../../array.ts";
import { Key } from "../../random/key.ts";
import { normal } from "../../random/normal.ts";
import { jit } from "../../runtime/index.ts";
import { chainMean, difference, gaussLegendre, jointTest } from "../../stats/index.ts";
import { grad, sum, type Tensor } from "../../tensor/index.ts";
import { createSystem } from "../registry.ts";
import type { System } from "../system.ts";
import { freeField } from "./free.ts";
import { phi4Ring } from "./transfer.ts";

const cases = [
  { shape: [8], mass2: -4, lambda: 8 },
  { shape: [2], mass2: 1, lambda: 0.3 },
  { shape: [4, 6], mass2: -4, lambda: 8 },
  { shape: [2, 2], mass2: 0.5, lambda: 0 },
  { shape: [3, 2, 4], mass2: -1, lambda: 2 },
];

/** The action by its definition: coordinates, neighbours and differences written out. */
function action(shape: readonly number[], mass2: number, lambda: number, field: ArrayLike<number>): number {
  const strides = shape.map((_, a) => shape.slice(a + 1).reduce((p, n) => p * n, 1));
  const sites = shape.reduce((p, n) => p * n, 1);
  let total = 0;
  for (let i = 0; i < sites; i++) {
    const phi = field[i]!;
    total += mass2 * phi ** 2 + lambda * phi ** 4;
    shape.forEach((side, a) => {
      const at = Math.floor(i / strides[a]!) % side;
      const next = at + 1 === side ? i - at * strides[a]! : i + strides[a]!;
      total += (field[next]! - phi) ** 2;
    });
  }
  return total;
}

/** How far a simulation's means are from the exact ones, in errors. */
async function sigmas(system: System, samples: number, seed: number): Promise<number[]> {
  const { x, chain } = await system.simulate({ samples, chains: 8, key: Key.fromSeed(seed) });
  const exact = { ...system.exactMeans, energy: system.exact!.energy / system.sites };
  const means = Object.entries(exact).filter(([name]) => name in system.observables);
  return means.map(([name, value]) => {
    const values = system.observables[name]!(x);
    const chains = Array.from({ length: 8 }, (_, c) => values.filter((_, row) => chain!.data[row] === c));
    return difference(chainMean(chains), value).sigmas;
  });
}

describe("φ⁴ theory", () => {
  it.each(cases)(
    "%j: rows and tensors have the action of its definition, tensors the forces too",
    async (parameters) => {
      const { shape, mass2, lambda } = parameters;
      const system = createSystem("phi4", parameters);
      const data = normal(Key.fromSeed(1), 3 * system.sites, "f64");
      const x = ndarray("f64", [3, ...shape], data);
      const expected = [0, 1, 2].map((r) =>
        action(shape, mass2, lambda, data.subarray(r * system.sites, (r + 1) * system.sites)),
      );
      const energy = jit((t: Tensor) => system.energyTensor!(t), { batch: [0] });
      const slope = jit((t: Tensor) => grad((s: Tensor) => sum(system.energyTensor!(s)))(t));
      const [rows, tensors, slopes] = [system.energy(x), (await energy(x)).data, (await slope(x)).data];
      for (let r = 0; r < 3; r++) {
        expect(rows[r]).toBeCloseTo(expected[r]!, 9);
        expect(Number(tensors[r])).toBeCloseTo(expected[r]!, 9);
      }
      for (let i = 0; i < data.length; i += 5) {
        const row = Math.floor(i / system.sites);
        const at = (h: number) => system.energy(ndarray("f64", x.shape, data.with(i, data[i]! + h)))[row]!;
        const difference = (at(1e-5) - at(-1e-5)) / 2e-5;
        expect(Math.abs(Number(slopes[i]) - difference)).toBeLessThan(1e-7 * (1 + Math.abs(difference)));
      }
      const single = await energy(arrayFrom("f32", x.shape, data));
      for (let r = 0; r < 3; r++)
        expect(Math.abs(Number(single.data[r]) - expected[r]!)).toBeLessThan(
          1e-5 * (1 + Math.abs(expected[r]!)),
        );
    },
  );

  it.each([
    [2, 0.7],
    [5, 2],
    [64, 0.5],
  ])("a ring of %i free sites is the same by modes and by its transfer operator", (sites, mass2) => {
    const [modes, ring] = [freeField([sites], mass2), phi4Ring(sites, { mass2, lambda: 0 })];
    for (const [name, value] of Object.entries(modes))
      expect(Math.abs(ring[name as keyof typeof ring] / value - 1), name).toBeLessThan(1e-9);
  });

  it.each([
    { shape: [2], mass2: -4, lambda: 8, points: 60, reach: 1.7 },
    { shape: [3], mass2: 1, lambda: 0.5, points: 60, reach: 3.2 },
  ])(
    "%j: the transfer operator gives the integrals over all fields",
    ({ shape, mass2, lambda, points, reach }) => {
      const exact = brute(shape, mass2, lambda, points, reach);
      const ring = phi4Ring(shape[0]!, { mass2, lambda });
      for (const [name, value] of Object.entries(exact))
        expect(Math.abs(ring[name as keyof typeof ring] / value - 1), name).toBeLessThan(1e-9);
    },
  );

  it("has a transfer operator that more points leave as it is, in a deep double well too", () => {
    for (const [sites, mass2, lambda] of [
      [8, -4, 8],
      [16, -12, 6],
    ] as const) {
      const [some, more] = [phi4Ring(sites, { mass2, lambda }), phi4Ring(sites, { mass2, lambda }, 160)];
      for (const name of ["logZ", "energy", "heatCapacity", "phi2", "susceptibility"] as const)
        expect(Math.abs(some[name] / more[name] - 1), name).toBeLessThan(1e-8);
    }
  });

  it.each([
    { shape: [8], mass2: -4, lambda: 8 },
    { shape: [6], mass2: 1, lambda: 0.3 },
    { shape: [6, 6], mass2: 0.4, lambda: 0 },
    { shape: [3, 4, 2], mass2: 1, lambda: 0 },
  ])("%j: hybrid Monte Carlo gives the exact means (p = 10⁻³)", async (parameters) => {
    const found = await sigmas(createSystem("phi4", parameters), 8000, 11);
    expect(found.length).toBe(4);
    expect(jointTest(found).largestPValue).toBeGreaterThan(1e-3);
  });

  it("gives the integrals over all fields of a 2 × 2 torus (p = 10⁻³)", async () => {
    const [mass2, lambda] = [-4, 8];
    const exact = brute([2, 2], mass2, lambda, 24, 1.7);
    const system = createSystem("phi4", { shape: [2, 2], mass2, lambda });
    const { x, chain } = await system.simulate({ samples: 8000, chains: 8, key: Key.fromSeed(2) });
    const found = (["energy", "phi2", "susceptibility"] as const).map((name) => {
      const values = system.observables[name]!(x);
      const chains = Array.from({ length: 8 }, (_, c) => values.filter((_, row) => chain!.data[row] === c));
      return difference(chainMean(chains), name === "energy" ? exact.energy / 4 : exact[name]).sigmas;
    });
    expect(jointTest(found).largestPValue).toBeGreaterThan(1e-3);
    expect([system.exact, system.exactMeans]).toEqual([undefined, { magnetisation: 0 }]);
  });

  it("has a two-point function whose sum over a ring is the susceptibility", () => {
    const system = createSystem("phi4", { shape: [7], mass2: 1, lambda: 1 });
    const x = ndarray("f64", [2, 7], normal(Key.fromSeed(4), 14, "f64"));
    const { data, shape } = system.correlation!(x, 0);
    expect(shape).toEqual([2, 4]);
    const chi = system.observables.susceptibility!(x);
    const phi2 = system.observables.phi2!(x);
    for (let r = 0; r < 2; r++) {
      expect(data[4 * r]).toBeCloseTo(phi2[r]!, 12);
      expect(data[4 * r]! + 2 * (data[4 * r + 1]! + data[4 * r + 2]! + data[4 * r + 3]!)).toBeCloseTo(
        chi[r]!,
        12,
      );
    }
  });

  it("says what is wrong", () => {
    const make = (parameters: object) => () =>
      createSystem("phi4", { shape: "4x4", mass2: 1, lambda: 1, ...parameters });
    expect(make({ lambda: 0, mass2: -1 })).toThrow("system phi4: lambda: the action has no least value");
    expect(make({ lambda: -1 })).toThrow("no least value");
    expect(make({ shape: "4x1" })).toThrow("system phi4: shape: give one to three sides");
    expect(make({ shape: "4x4x4x4" })).toThrow("give one to three sides");
    expect(make({ mass2: undefined })).toThrow("system phi4: mass2: give the square of the mass");
    expect(make({ beta: 1 })).toThrow("system phi4 has no parameter 'beta'");
  });
});

/** Everything by Gauss–Legendre quadrature over every site. */
function brute(shape: readonly number[], mass2: number, lambda: number, n: number, reach: number) {
  const sites = shape.reduce((p, s) => p * s, 1);
  const { points, weights } = gaussLegendre(n, -reach, reach);
  const field = new Float64Array(sites);
  let [z, s1, s2, squares, chi] = [0, 0, 0, 0, 0];
  for (let index = 0; index < n ** sites; index++) {
    let [rest, w] = [index, 1];
    for (let i = 0; i < sites; i++) {
      field[i] = points[rest % n]!;
      w *= weights[rest % n]!;
      rest = Math.floor(rest / n);
    }
    const s = action(shape, mass2, lambda, field);
    w *= Math.exp(-s);
    z += w;
    s1 += w * s;
    s2 += w * s * s;
    squares += w * field.reduce((t, phi) => t + phi * phi, 0);
    chi += w * field.reduce((t, phi) => t + phi, 0) ** 2;
  }
  const energy = s1 / z;
  return {
    logZ: Math.log(z),
    energy,
    heatCapacity: s2 / z - energy ** 2,
    phi2: squares / z / sites,
    susceptibility: chi / z / sites,
  };
}
