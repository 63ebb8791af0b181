import { describe, expect, test } from "vitest";
import { chiSquaredTest, kolmogorovTest } from "../stats/index.ts";
import { bits } from "./bits.ts";
import { Key } from "./key.ts";
import { fillUniform, uniform } from "./uniform.ts";

describe.each(["f32", "f64"] as const)("uniform %s", (dtype) => {
  test("is uniform: Kolmogorov–Smirnov, and 64 cells by chi-squared", () => {
    const draws = uniform(Key.fromSeed(1), 100_000, dtype);
    expect(kolmogorovTest(draws, (x) => x).pValue).toBeGreaterThan(0.01);
    const counts = new Float64Array(64);
    for (const x of draws) counts[Math.floor(64 * x)]! += 1;
    expect(
      chiSquaredTest(
        counts,
        counts.map(() => 100_000 / 64),
      ).pValue,
    ).toBeGreaterThan(0.01);
  });

  test("neighbouring draws are independent: 8 × 8 cells of pairs by chi-squared", () => {
    const draws = uniform(Key.fromSeed(2), 100_000, dtype);
    const counts = new Float64Array(64);
    for (let i = 0; i < draws.length; i += 2)
      counts[8 * Math.floor(8 * draws[i]!) + Math.floor(8 * draws[i + 1]!)]! += 1;
    expect(
      chiSquaredTest(
        counts,
        counts.map(() => 50_000 / 64),
      ).pValue,
    ).toBeGreaterThan(0.01);
  });

  test("filling in pieces gives the same numbers, into part of a buffer too", () => {
    const key = Key.fromSeed(3);
    const whole = uniform(key, 100, dtype);
    const pieces = whole.slice().fill(-1);
    for (const [start, end] of [
      [0, 1],
      [1, 34],
      [34, 34],
      [34, 100],
    ])
      fillUniform(key, pieces.subarray(start, end), start);
    expect(pieces).toEqual(whole);
  });

  test("is below 1 and a multiple of its spacing", () => {
    const spacing = dtype === "f32" ? 2 ** -24 : 2 ** -53;
    for (const x of uniform(Key.fromSeed(4), 10_000, dtype)) {
      expect(x >= 0 && x < 1).toBe(true);
      expect(Number.isInteger(x / spacing)).toBe(true);
    }
  });

  test("refuses a count or an offset that is none", () => {
    expect(() => uniform(Key.fromSeed(0), -1, dtype)).toThrow(/number of draws/);
    expect(() => fillUniform(Key.fromSeed(0), new Float32Array(1), 0.5)).toThrow(/offset/);
  });
});

test("uniforms are the top bits of the words", () => {
  const key = Key.fromSeed(5);
  const words = bits(key, 8);
  expect([...uniform(key, 8, "f32")]).toEqual([...words].map((word) => Math.floor(word / 256) / 2 ** 24));
  const wide = uniform(key, 4, "f64");
  for (let i = 0; i < 4; i++) {
    const exact = (BigInt(words[2 * i]! >>> 5) << 26n) + BigInt(words[2 * i + 1]! >>> 6);
    expect(BigInt(wide[i]! * 2 ** 53)).toBe(exact);
  }
});
