import { describe, expect, it } from "vitest";
import { arrayFrom, ndarray } from "../../array.ts";
import { makeDataset } from "../../data/dataset.ts";
import { Key } from "../../random/key.ts";
import { jit } from "../../runtime/index.ts";
import { gaussLegendre, jointTest, mean, variance } from "../../stats/index.ts";
import { grad, sum, type Tensor } from "../../tensor/index.ts";
import { createSystem } from "../registry.ts";
import { simulate } from "../simulate.ts";
import { mixtureEntropy, mixtureLogDensity } from "./mixture.ts";
import { moonsMixture } from "./moons.ts";

const systems = [
  ["moons", { sigma: 0.1 }],
  ["moons", { sigma: 0.05 }],
  ["moons", { sigma: 0.4 }],
  ["gaussians8", {}],
  ["gaussians8", { radius: 1, sigma: 0.5 }],
  ["checkerboard", {}],
] as const;

const smooth = systems.filter(([name]) => name !== "checkerboard");

/** log p of one point. */
function logDensity(name: string, parameters: object, x: number, y: number): number {
  return createSystem(name, parameters).logProb(ndarray("f64", [1, 2], Float64Array.of(x, y)))![0]!;
}

describe("densities in the plane", () => {
  // Four digits of the values that are quoted for these toys: scikit-learn's moons, radius 2, cells of side 2.
  it.each([
    ["moons", { sigma: 0.1 }, 1.0076],
    ["moons", { sigma: 0.05 }, 0.2892],
    ["gaussians8", {}, 1.6981],
    ["checkerboard", {}, 3.4657],
  ])("%s %j has the entropy %f", (name, parameters, entropy) => {
    const { exact } = createSystem(name, parameters);
    expect(exact!.entropy).toBeCloseTo(entropy, 4);
    expect([exact!.logZ, exact!.energy]).toEqual([0, exact!.entropy]);
  });

  it("has entropies that a finer grid leaves as they are, and that of one normal distribution", () => {
    const moons = moonsMixture(0.2);
    const [coarse, fine] = [mixtureEntropy(moons), mixtureEntropy(moons, 5)];
    expect(coarse.value).toBeCloseTo(fine.value, 8);
    expect(coarse.variance).toBeCloseTo(fine.variance, 7);
    const one = { centres: Float64Array.of(3, -1), weights: Float64Array.of(1), sigma: 0.3 };
    const { value, variance } = mixtureEntropy(one);
    // log(2πeσ²), and the variance of χ²₂/2.
    expect(value).toBeCloseTo(Math.log(2 * Math.PI * Math.E * 0.09), 12);
    expect(variance).toBeCloseTo(1, 12);
  });

  it.each([0.02, 0.05, 0.1, 0.5])("moons of width %f are the integral over their arcs", (sigma) => {
    const density = mixtureLogDensity(moonsMixture(sigma));
    // The integral by a rule three times as fine, at points on the arcs, between, beyond their ends and far away.
    const { points: t, weights } = gaussLegendre(Math.ceil(60 / sigma), 0, Math.PI);
    for (const [x, y] of [
      [1, 0.02],
      [0.5, 0.25],
      [-1.1, -0.2],
      [0, 1.2],
      [2.5, 2],
      [0.05, 0.97],
      [1.02, -0.5 - sigma],
    ] as const) {
      const terms = t.reduce((total, angle, k) => {
        const [c, s] = [Math.cos(angle), Math.sin(angle)];
        const at = (a: number, b: number) => Math.exp(-((x - a) ** 2 + (y - b) ** 2) / (2 * sigma * sigma));
        return total + weights[k]! * (at(c, s) + at(1 - c, 0.5 - s));
      }, 0);
      if (terms < 1e-280) continue;
      expect(density(x, y)).toBeCloseTo(Math.log(terms / (4 * Math.PI ** 2 * sigma * sigma)), 9);
    }
  });

  it.each(systems)(
    "%s %j: samples have the exact means and entropy, and a density that fits them (p = 10⁻³)",
    async (name, parameters) => {
      const system = createSystem(name, parameters);
      const { x, chain } = await system.simulate({ samples: 40_000, key: Key.fromSeed(5) });
      expect(chain).toBeUndefined();
      const minusLogP = system.energy(x);
      const sigmas = Object.entries(system.observables)
        .filter(([o]) => o !== "energy" && o !== "inside")
        .map(([o, of]) => {
          const values = of(x);
          return (mean(values) - system.exactMeans![o]!) / Math.sqrt(variance(values) / values.length);
        });
      // Of the checkerboard every point has the same density; its energy is exact.
      if (name === "checkerboard") expect(mean(minusLogP)).toBeCloseTo(Math.log(32), 12);
      else {
        const { entropy, heatCapacity } = system.exact!;
        sigmas.push((mean(minusLogP) - entropy) / Math.sqrt(heatCapacity / 40_000));
        expect(variance(minusLogP) / heatCapacity).toBeCloseTo(1, 1);
      }
      expect(jointTest(sigmas).largestPValue).toBeGreaterThan(1e-3);
    },
  );

  it.each(systems)(
    "%s %j: counts in cells of the plane are those of the density (p = 10⁻³)",
    async (name, parameters) => {
      const system = createSystem(name, parameters);
      const rows = 40_000;
      const { x } = await system.simulate({ samples: rows, key: Key.fromSeed(6) });
      // Probabilities of cells of side ½ by 8 × 8 points each.
      const { points, weights } = gaussLegendre(8, 0, 0.5);
      const cells = new Map<string, number>();
      for (let row = 0; row < rows; row++) {
        const cell = [0, 1].map((c) => Math.floor(2 * Number(x.data[2 * row + c]))).join();
        cells.set(cell, (cells.get(cell) ?? 0) + 1);
      }
      let [chi, dof, covered] = [0, 0, 0];
      for (const [cell, count] of cells) {
        const [i, j] = cell.split(",").map(Number) as [number, number];
        const grid = [...points].flatMap((a) => [...points].flatMap((b) => [i / 2 + a, j / 2 + b]));
        const log = system.logProb(ndarray("f64", [64, 2], Float64Array.from(grid)))!;
        const p = log.reduce((t, l, k) => t + weights[Math.floor(k / 8)]! * weights[k % 8]! * Math.exp(l), 0);
        covered += p;
        if (rows * p < 20) continue;
        chi += (count - rows * p) ** 2 / (rows * p);
        dof++;
      }
      // Cells without a point hold next to nothing: the density integrates to 1.
      expect(covered).toBeGreaterThan(0.99);
      expect(covered).toBeLessThan(1.0001);
      // χ² − dof over √(2 dof), one-sided: 3.7 allows for the skewness of few degrees of freedom.
      expect((chi - dof) / Math.sqrt(2 * dof)).toBeLessThan(3.7);
    },
  );

  it.each(smooth)(
    "%s %j: the energy of tensors is that of rows, and its gradient that of differences",
    async (name, parameters) => {
      const system = createSystem(name, parameters);
      const data = [0, 1, 1, -0.5, 0.4, 0.3, 2, 0, -1.5, 0.7, 5, 5];
      const x = arrayFrom("f64", [6, 2], data);
      const energy = jit((t: Tensor) => system.energyTensor!(t), { batch: [0] });
      const force = jit((t: Tensor) => grad((s: Tensor) => sum(system.energyTensor!(s)))(t));
      const [values, slopes] = [await energy(x), await force(x)];
      const rows = system.energy(x);
      for (let i = 0; i < 6; i++) expect(Number(values.data[i])).toBeCloseTo(rows[i]!, 10);
      data.forEach((_, i) => {
        const at = (step: number) =>
          system.energy(arrayFrom("f64", [6, 2], data.with(i, data[i]! + step)))[i >> 1]!;
        const difference = (at(1e-5) - at(-1e-5)) / 2e-5;
        expect(Number(slopes.data[i]) / (1 + Math.abs(difference))).toBeCloseTo(
          difference / (1 + Math.abs(difference)),
          7,
        );
      });
      const single = await energy(arrayFrom("f32", [6, 2], data));
      expect(single.dtype).toBe("f32");
      for (let i = 0; i < 6; i++)
        expect(Math.abs(Number(single.data[i]) - rows[i]!)).toBeLessThan(1e-5 * (1 + Math.abs(rows[i]!)));
    },
  );

  it("has walls around the checkerboard, half open as cells are", () => {
    const at = (x: number, y: number) => logDensity("checkerboard", {}, x, y);
    for (const [x, y] of [
      [-4, -4],
      [0, 0],
      [1.99, 1.99],
      [-2, 2],
      [3.99, -1],
    ] as const)
      expect(at(x, y)).toBe(-Math.log(32));
    for (const [x, y] of [
      [2, 0],
      [4, 4],
      [-4.01, -4],
      [1, -1],
      [9, 9],
    ] as const)
      expect(at(x, y)).toBe(Number.NEGATIVE_INFINITY);
  });

  it("makes datasets of independent rows, the same from the same seed", async () => {
    const system = createSystem("checkerboard", {});
    const { dataset } = await simulate(system, { samples: 50_000, seed: 3 });
    expect(dataset.splits.by).toBe("random");
    expect(dataset.chain).toBeUndefined();
    expect(system.observables.inside!(dataset.x).every((v) => v === 1)).toBe(true);
    const again = await simulate(system, { samples: 20_000, seed: 3 });
    expect(again.simulation.energy).toEqual({ value: Math.log(32) / 2, error: 0 });
    expect(again.dataset.x.data).toEqual(dataset.x.data.subarray(0, 40_000));
    const read = makeDataset({ arrays: { x: dataset.x }, meta: dataset.meta! }, "again");
    expect(read.space).toEqual({ kind: "real", shape: [2], bounds: [-4, 4] });
  });

  it("says what is wrong", async () => {
    expect(() => createSystem("moons", { sigma: 0 })).toThrow(
      "system moons: sigma: give a width from 0.02 to 1",
    );
    expect(() => createSystem("moons", { shape: "8x8" })).toThrow("system moons has no parameter 'shape'");
    expect(() => createSystem("checkerboard", { sigma: 1 })).toThrow("system checkerboard has no parameters");
    const moons = createSystem("moons");
    // @ts-expect-error: a lattice has no default shape.
    expect(() => createSystem("ising")).toThrow(/^system ising: shape/);
    expect(() => moons.energy(ndarray("f32", [1, 3]))).toThrow("not rows of 2 numbers");
    expect(() => moons.energy(ndarray("f32", [1, 2], Float32Array.of(0, Number.NaN)))).toThrow(
      "row 0, column 1 is NaN",
    );
    await expect(moons.simulate({ samples: 0.5, key: Key.fromSeed(1) })).rejects.toThrow("samples");
  });
});
