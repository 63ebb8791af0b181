import { expect, it } from "vitest";
import { ndarray } from "../array.ts";
import { Key } from "../random/key.ts";
import { normal } from "../random/normal.ts";
import { energyDistance } from "./energy-distance.ts";

const rows = 5000;
const normals = (seed: number, mean: number) =>
  ndarray(
    "f64",
    [rows, 1],
    Float64Array.from(normal(Key.fromSeed(seed), rows, "f32"), (v) => v + mean),
  );

// Of normal numbers with variance 1 and means 0 and 1: X − Y is normal with mean 1 and variance 2, X − X' with mean 0, so
// 2E|X − Y| − E|X − X'| − E|Y − Y'| = 2(2e^(−1/4)/√π + erf(1/2)) − 4/√π, and erf(1/2) = 0.5204998778.
const apart = 2 * ((2 * Math.exp(-1 / 4)) / Math.sqrt(Math.PI) + 0.5204998778) - 4 / Math.sqrt(Math.PI);

it.each([
  ["of equal distributions", 0, 0],
  ["of two normal distributions", 1, apart],
])("the energy distance %s is the known one (seeds 1 to 40)", (_, mean, exact) => {
  const z = Array.from({ length: 20 }, (_, i) => {
    const { value, error } = energyDistance(normals(2 * i + 1, 0), normals(2 * i + 2, mean));
    return (value - exact) / error;
  });
  // 20 standard scores, of t with 19 degrees of freedom (variance 19/17): their sum of squares is above 51 with p < 1e-3.
  expect(z.reduce((sum, v) => sum + v * v, 0)).toBeLessThan(51);
  expect(z.reduce((sum, v) => sum + v * v, 0)).toBeGreaterThan(5); // errors are not too large (p < 1e-3)
  expect(Math.abs(z.reduce((sum, v) => sum + v, 0) / Math.sqrt(20))).toBeLessThan(3.5);
});

it("has no error for less than two blocks of rows", () => {
  const few = ndarray("f64", [3, 1], Float64Array.from([0, 1, 2]));
  expect(energyDistance(few, few).error).toBeNaN();
});
