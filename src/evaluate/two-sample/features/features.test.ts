import { describe, expect, test } from "vitest";
import { type NDArray, ndarray } from "../../../array.ts";
import { binary, categorical, circle, real, type Space, sequence } from "../../../data/space.ts";
import { Key } from "../../../random/key.ts";
import { normal } from "../../../random/normal.ts";
import { normalSurvival } from "../../../stats/normal.ts";
import { gaussianMaps } from "../baselines/gaussian-field.ts";
import { rowFeatures } from "./features.ts";
import { minkowskiCurves } from "./minkowski.ts";
import { powerSpectrum, spectrumBins } from "./spectrum.ts";

const shape = [32, 32] as const;
const size = 1024;
const wave = (i: number) => 2 * Math.PI * ((i < 16 ? i : i - 32) / 32);
/** A smooth spectrum with unit variance. */
const raw = Float64Array.from({ length: size }, (_, at) =>
  at === 0 ? 0 : 1e-4 + Math.exp(-6 * (wave(Math.floor(at / 32)) ** 2 + wave(at % 32) ** 2)),
);
const total = raw.reduce((sum, p) => sum + p, 0) / size;
const power = raw.map((p) => p / total);
const maps = gaussianMaps(power, shape, 300, Key.fromSeed(1));

/** |deviation| of a mean over maps from its exact value, in standard errors. */
function sigmas(values: readonly number[], exact: number): number {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1);
  return Math.abs(mean - exact) / Math.sqrt(variance / values.length);
}

describe("maps of a known Gaussian field", () => {
  test("have its power spectrum in every bin", () => {
    const { bin, modes, k } = spectrumBins(shape);
    const of = maps.map(powerSpectrum(shape));
    for (const b of k.keys()) {
      let exact = 0;
      bin.forEach((own, at) => {
        if (own === b) exact += power[at]! / modes[b]!;
      });
      // 12 bins at fixed seed: beyond 4 σ with probability 8e-4.
      expect(
        sigmas(
          of.map((p) => p[b]!),
          exact,
        ),
      ).toBeLessThan(4);
    }
  });

  test("have the analytic Minkowski functionals", () => {
    const levels = Array.from({ length: 13 }, (_, i) => -3 + i / 2);
    const curves = maps.map(minkowskiCurves(shape, levels, "periodic"));
    // Moments of the central differences, of which the curves are made, and of second differences.
    let [slope, bend] = [0, 0];
    power.forEach((p, at) => {
      const k = wave(at % 32);
      slope += (p * Math.sin(k) ** 2) / size;
      bend += (p * (2 - 2 * Math.cos(k))) / size;
    });
    const steps = 200;
    const over = (of: (nu: number) => number, low: number, high: number) =>
      Array.from({ length: steps }, (_, i) => of(low + ((i + 0.5) * (high - low)) / steps)).reduce(
        (a, b) => a + b,
        0,
      ) / steps;
    const density = (nu: number) => Math.exp(-(nu * nu) / 2) / Math.sqrt(2 * Math.PI);
    levels.forEach((nu, l) => {
      expect(
        sigmas(
          curves.map((c) => c.v0[l]!),
          normalSurvival(nu),
        ),
      ).toBeLessThan(4);
      const next = levels[l + 1];
      if (next === undefined) return;
      // Source: Tomita, Prog. Theor. Phys. 76 (1986) 952; Schmalzing & Górski, MNRAS 297 (1998) 355, eq. 17.
      const v1 = over((x) => (Math.sqrt(slope) * Math.sqrt(Math.PI / 2) * density(x)) / 4, nu, next);
      expect(
        sigmas(
          curves.map((c) => c.v1[l]!),
          v1,
        ),
      ).toBeLessThan(4);
      const v2 = over((x) => (bend * x * density(x)) / (2 * Math.PI), nu, next);
      const mean = curves.reduce((sum, c) => sum + c.v2[l]!, 0) / curves.length;
      // The second derivatives are differences too: a few percent of the largest value.
      expect(Math.abs(mean - v2)).toBeLessThan(0.05 * ((bend * density(1)) / (2 * Math.PI)));
    });
  });
});

describe("features of every space", () => {
  const spaces: readonly (readonly [string, Space, (i: number) => number])[] = [
    ["maps", real([16, 16]), (i) => Math.sin(i * i)],
    ["maps whose sides are no powers of 2", real([9, 12]), (i) => Math.sin(i * i)],
    ["colour pictures", real([8, 8, 3]), (i) => Math.cos(3 * i * i)],
    ["spins", binary([8, 8]), (i) => (Math.sin(i * i) > 0 ? 1 : 0)],
    ["states on a lattice", categorical([8, 8], 3), (i) => (i * i) % 3],
    ["angles", circle([8, 8]), (i) => 3 * Math.sin(i * i)],
    ["links", circle([2, 8, 8]), (i) => 3 * Math.sin(i * i)],
    ["tables", real([5]), (i) => Math.sin(i * i)],
    ["bits", binary([30]), (i) => (Math.sin(i * i) > 0 ? 1 : 0)],
    ["labels", categorical([7], 4), (i) => (i * i) % 4],
    ["sequences", sequence(4, 12), (i) => (i % 12 > 8 ? 4 : (i * i) % 4)],
  ];
  test.each(spaces)("%s have finite numbers, as many as names", (_, space, of) => {
    const sites = space.kind === "sequence" ? [space.maxLength] : space.shape;
    const width = sites.reduce((a, b) => a * b, 1);
    const rows = 10;
    const x = ndarray(
      "f32",
      [rows, ...sites],
      Float32Array.from({ length: rows * width }, (_, i) => of(i)),
    );
    const constant = ndarray("f32", x.shape, new Float32Array(x.data.length));
    const { groups, observables } = rowFeatures(space, x);
    expect(groups.length).toBeGreaterThan(0);
    for (const group of groups)
      for (const own of [x, constant]) {
        const { names, rows: count, values } = group.of(own);
        expect(count).toBe(rows);
        expect(values.length).toBe(rows * names.length);
        expect(new Set(names).size).toBe(names.length);
        expect(values.every(Number.isFinite)).toBe(true);
      }
    for (const observable of Object.values(observables))
      expect(observable(constant).every(Number.isFinite)).toBe(true);
  });

  test("units and levels do not follow the chance of the reference", () => {
    const draw = (seed: number) => ndarray("f32", [2000, 3], normal(Key.fromSeed(seed), 6000, "f32"));
    const of = (seed: number) => rowFeatures(real([3]), draw(seed)).groups[0]?.of(draw(9)).values;
    expect(of(1)).toEqual(of(2));
  });
});

test("maps whose mean was subtracted are not compared by what rounding left of it", () => {
  const [rows, side] = [20, 8];
  const values = Float32Array.from(normal(Key.fromSeed(5), rows * side * side, "f32"));
  const whole = ndarray("f32", [rows, side, side], values);
  const centred = values.slice();
  for (let row = 0; row < rows; row++) {
    const map = centred.subarray(row * side * side, (row + 1) * side * side);
    const mean = map.reduce((sum, v) => sum + v, 0) / map.length;
    map.forEach((v, i) => {
      map[i] = v - mean;
    });
  }
  const of = (x: NDArray) => rowFeatures(real([side, side]), x);
  const fixed = of(ndarray("f32", [rows, side, side], centred));
  expect(Object.keys(of(whole).observables)).toEqual(["mean", ...Object.keys(fixed.observables)]);
  expect([of(whole).leftOut, fixed.leftOut]).toEqual([[], ["mean: 0 in every real map; left out"]]);
});
