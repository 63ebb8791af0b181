import { describe, expect, test } from "vitest";
import { chiSquaredTest, kolmogorovTest, mean, normalCdf } from "../stats/index.ts";
import { bits } from "./bits.ts";
import { Key } from "./key.ts";
import { fillNormal, normal } from "./normal.ts";
import { normalQuantile } from "./quantile.ts";

const COUNT = 400_000;

describe.each(["f32", "f64"] as const)("normal %s", (dtype) => {
  const draws = normal(Key.fromSeed(1), COUNT, dtype);

  test("has the moments 0, 1, 0, 3 within their errors", () => {
    const moment = (k: number) => mean(Float64Array.from(draws, (x) => x ** k));
    // Variances of x, x², x³, x⁴ for a standard normal: E x^2k − (E x^k)².
    for (const [k, exact, variance] of [
      [1, 0, 1],
      [2, 1, 2],
      [3, 0, 15],
      [4, 3, 96],
    ] as const)
      expect(Math.abs(moment(k) - exact)).toBeLessThan(3.5 * Math.sqrt(variance / COUNT));
  });

  test("is normal: Kolmogorov–Smirnov", () => {
    expect(kolmogorovTest(draws.subarray(0, 100_000), normalCdf).pValue).toBeGreaterThan(0.01);
  });

  test("has the right probability in both tails, to 4.5σ: chi-squared", () => {
    const edges = [-4.5, -4, -3.5, -3, -2.5, -1.44, 0, 1.44, 2.5, 3, 3.5, 4, 4.5];
    const counts = new Float64Array(edges.length + 1);
    for (const x of draws) counts[edges.filter((edge) => edge < x).length]! += 1;
    const below = [0, ...edges.map(normalCdf), 1];
    const expected = counts.map((_, i) => COUNT * (below[i + 1]! - below[i]!));
    expect(chiSquaredTest(counts, expected, { minimumExpected: 1 }).pValue).toBeGreaterThan(0.01);
  });

  test("filling in pieces gives the same numbers", () => {
    const key = Key.fromSeed(3);
    const whole = normal(key, 2000, dtype);
    const pieces = whole.slice().fill(Number.NaN);
    for (const [start, end] of [
      [0, 1],
      [1, 601],
      [601, 601],
      [601, 2000],
    ])
      fillNormal(key, pieces.subarray(start, end), start);
    expect(pieces).toEqual(whole);
  });

  test("each draw is the quantile of its own words", () => {
    const key = Key.fromSeed(4);
    const words = bits(key, 2000);
    for (const [i, x] of normal(key, 1000, dtype).entries()) {
      const k = dtype === "f32" ? words[i]! | 0 : (words[2 * i]! | 0) * 2 ** 21 + (words[2 * i + 1]! >>> 11);
      const q = (k + 0.5) * 2 ** (dtype === "f32" ? -32 : -53);
      const exact = q > 0 ? -normalQuantile(0.5 - q) : normalQuantile(0.5 + q);
      expect(Math.abs(x / exact - 1)).toBeLessThan(dtype === "f32" ? 2 ** -24 : 1e-15);
    }
  });
});
