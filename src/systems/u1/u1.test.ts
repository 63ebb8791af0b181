import { describe, expect, it } from "vitest";
import { arrayFrom, ndarray } from "../../array.ts";
import { Key } from "../../random/key.ts";
import { uniform } from "../../random/uniform.ts";
import { jit } from "../../runtime/index.ts";
import { chainMean, difference, jointTest } from "../../stats/index.ts";
import { grad, sum, type Tensor } from "../../tensor/index.ts";
import { createSystem } from "../registry.ts";
import { fluxQuantum, plaquetteAngles } from "./action.ts";
import { exactU1 } from "./exact.ts";

/** Random links of `rows` fields. */
const links = (rows: number, sites: number) =>
  uniform(Key.fromSeed(1), 2 * rows * sites, "f64").map((u) => Math.PI * (2 * u - 1));

/** −Σ cos θ_p by coordinates. */
function energyOf([rows, columns]: readonly number[], theta: ArrayLike<number>): number {
  const at = (mu: number, x: number, y: number) =>
    theta[mu * rows! * columns! + (x % rows!) * columns! + (y % columns!)]!;
  let total = 0;
  for (let x = 0; x < rows!; x++)
    for (let y = 0; y < columns!; y++)
      total -= Math.cos(at(0, x, y) + at(1, x + 1, y) - at(0, x, y + 1) - at(1, x, y));
  return total;
}

describe("U(1) gauge theory in two dimensions", () => {
  it.each([
    [2, 2],
    [3, 5],
    [4, 4],
  ])(
    "%i × %i: rows and tensors have the energy of its definition, tensors the forces too",
    async (...shape) => {
      const system = createSystem("u1", { shape, beta: 2 });
      const data = links(2, shape[0]! * shape[1]!);
      const x = ndarray("f64", [2, 2, ...shape], data);
      const expected = [0, 1].map((r) =>
        energyOf(shape, data.subarray(r * system.sites, (r + 1) * system.sites)),
      );
      const energy = jit((t: Tensor) => system.energyTensor!(t), { batch: [0] });
      const slope = jit((t: Tensor) => grad((s: Tensor) => sum(system.energyTensor!(s)))(t));
      const [rows, tensors, slopes] = [system.energy(x), (await energy(x)).data, (await slope(x)).data];
      for (let r = 0; r < 2; r++) {
        expect(rows[r]).toBeCloseTo(expected[r]!, 10);
        expect(Number(tensors[r])).toBeCloseTo(expected[r]!, 10);
      }
      for (let i = 0; i < data.length; i += 3) {
        const row = Math.floor(i / system.sites);
        const at = (h: number) => system.energy(ndarray("f64", x.shape, data.with(i, data[i]! + h)))[row]!;
        expect(Number(slopes[i])).toBeCloseTo((at(1e-5) - at(-1e-5)) / 2e-5, 8);
      }
      const single = await energy(arrayFrom("f32", x.shape, data));
      for (let r = 0; r < 2; r++) expect(Number(single.data[r])).toBeCloseTo(expected[r]!, 4);
    },
  );

  it("has gauge-invariant observables and whole charges", () => {
    const system = createSystem("u1", { shape: [4, 6], beta: 1 });
    const data = links(5, 24);
    const turned = data.slice();
    const alpha = uniform(Key.fromSeed(9), 24, "f64");
    for (let row = 0; row < 5; row++)
      for (let x = 0; x < 4; x++)
        for (let y = 0; y < 6; y++) {
          const [here, right, up] = [x * 6 + y, ((x + 1) % 4) * 6 + y, x * 6 + ((y + 1) % 6)];
          turned[row * 48 + here]! += alpha[here]! - alpha[right]!;
          turned[row * 48 + 24 + here]! += alpha[here]! - alpha[up]!;
        }
    const of = (values: Float64Array) =>
      Object.values(system.observables).map((o) => [...o(ndarray("f64", [5, 2, 4, 6], values))]);
    expect(of(turned)).toEqual(of(data).map((row) => row.map((v) => expect.closeTo(v, 11))));
    expect(of(data)[3]!.every(Number.isInteger)).toBe(true);
  });

  it("has a field of charge 1 whose plaquettes are all alike", () => {
    const angles = new Float64Array(15);
    const quantum = fluxQuantum(3, 5);
    plaquetteAngles(quantum, 3, 5, angles);
    for (const angle of angles) expect(Math.cos(angle - (2 * Math.PI) / 15)).toBeCloseTo(1, 12);
    const system = createSystem("u1", { shape: [3, 5], beta: 1 });
    expect(system.observables.charge!(ndarray("f64", [1, 2, 3, 5], quantum))[0]).toBe(1);
  });

  it("has ⟨Q²⟩ = 1.2393 on 8 × 8 at β = 2, the value quoted for it", () => {
    expect(exactU1(64, 2).squareCharge).toBeCloseTo(1.2393, 4);
  });

  it.each([0, 0.5, -1, 3])(
    "is exact on 2 × 2 at β = %f: sums over a grid of angles, which are exact",
    (beta) => {
      // Three links of a spanning tree are gauged to 0; the trapezoid rule is exact up to frequencies of 24.
      const n = 20;
      const theta = new Float64Array(8);
      let [z, e1, e2, wilson] = [0, 0, 0, 0];
      const angles = new Float64Array(4);
      for (let index = 0; index < n ** 5; index++) {
        let rest = index;
        for (const free of [1, 3, 5, 6, 7]) {
          theta[free] = (2 * Math.PI * (rest % n)) / n;
          rest = Math.floor(rest / n);
        }
        plaquetteAngles(theta, 2, 2, angles);
        const e = -(
          Math.cos(angles[0]!) +
          Math.cos(angles[1]!) +
          Math.cos(angles[2]!) +
          Math.cos(angles[3]!)
        );
        const w = Math.exp(-beta * e);
        z += w;
        e1 += w * e;
        e2 += w * e * e;
        wilson += w * Math.cos(angles[0]! + angles[1]!);
      }
      const exact = exactU1(4, beta);
      const energy = e1 / z;
      expect(exact.logZ).toBeCloseTo(8 * Math.log(2 * Math.PI) + Math.log(z / n ** 5), 9);
      expect(exact.energy).toBeCloseTo(energy, 9);
      expect(exact.heatCapacity).toBeCloseTo(beta ** 2 * (e2 / z - energy ** 2), 8);
      expect(exact.wilson(2)).toBeCloseTo(wilson / z, 9);
      expect(exact.wilson(0)).toBeCloseTo(1, 12);
      expect(exact.wilson(4)).toBeCloseTo(1, 12);
      expect(exact.plaquette).toBeCloseTo(exact.wilson(1), 10);
    },
  );

  it.each([
    { shape: [8, 8], beta: 2 },
    { shape: [3, 4], beta: 0.5 },
    { shape: [6, 6], beta: 8 },
  ])("%j: hybrid Monte Carlo gives the exact means (p = 10⁻³)", async (parameters) => {
    const system = createSystem("u1", parameters);
    const { x, chain } = await system.simulate({ samples: 6000, chains: 8, key: Key.fromSeed(3) });
    expect(x.shape).toEqual([6000, 2, ...parameters.shape]);
    expect(x.data.every((angle) => Math.abs(Number(angle)) <= Math.fround(Math.PI))).toBe(true);
    const exact = { ...system.exactMeans, energy: system.exact!.energy / system.sites };
    const found = Object.entries(exact).map(([name, value]) => {
      const values = system.observables[name]!(x);
      const chains = Array.from({ length: 8 }, (_, c) => values.filter((_, row) => chain!.data[row] === c));
      return difference(chainMean(chains), value).sigmas;
    });
    expect(found.length).toBe(5);
    expect(jointTest(found).largestPValue).toBeGreaterThan(1e-3);
  });

  it("says what is wrong", () => {
    expect(() => createSystem("u1", { shape: "8", beta: 1 })).toThrow("system u1: shape: give two sides");
    expect(() => createSystem("u1", { shape: "8x8" })).toThrow("system u1: beta: give a number");
  });
});
