import { describe, expect, test } from "vitest";
import { chiSquaredTest } from "../stats/index.ts";
import { bits } from "./bits.ts";
import { integers } from "./integers.ts";
import { Key } from "./key.ts";
import { permutation } from "./permutation.ts";
import { stream } from "./stream.ts";
import { uniform } from "./uniform.ts";

const key = Key.fromSeed(71);

/** The p-value of `counts` against equal probabilities. */
const evenness = (counts: Float64Array) =>
  chiSquaredTest(
    counts,
    counts.map(() => counts.reduce((total, count) => total + count, 0) / counts.length),
  ).pValue;

describe("stream", () => {
  test("gives the key's words and uniforms in order, over several buffers", () => {
    const words = stream(key);
    expect(Array.from({ length: 5000 }, () => words.bits())).toEqual([...bits(key, 5000)]);
    const uniforms = stream(key);
    expect(Array.from({ length: 3000 }, () => uniforms.uniform())).toEqual([...uniform(key, 3000, "f64")]);
  });

  test("a uniform after an odd word takes the next two, across the end of a buffer", () => {
    const random = stream(key);
    const words = bits(key, 2001);
    random.bits();
    for (let i = 0; i < 1000; i++) {
      const exact = (words[2 * i + 1]! >>> 5) * 2 ** -27 + (words[2 * i + 2]! >>> 6) * 2 ** -53;
      expect(random.uniform()).toBe(exact);
    }
  });

  // With n = 3·2^30 the words above n are a quarter: left in, they would make the lowest third twice as likely.
  test.each([1, 2, 3, 10, 1000, 3 * 2 ** 30, 2 ** 32])("below(%d) is in range and even", (n) => {
    const random = stream(key);
    const cells = Math.min(n, 9);
    const counts = new Float64Array(cells);
    for (let i = 0; i < 20_000; i++) {
      const x = random.below(n);
      expect(Number.isInteger(x) && x >= 0 && x < n).toBe(true);
      counts[n <= 9 ? x : Math.floor((cells * x) / n)]! += 1;
    }
    if (n === 1 || n === 10 || n === 1000) return; // one cell, or cells of unequal width
    expect(evenness(counts)).toBeGreaterThan(0.01);
  });

  test.each([0, -1, 1.5, 2 ** 32 + 1, Number.NaN])("refuses below(%d)", (n) => {
    expect(() => stream(key).below(n)).toThrow(/draws below an integer/);
  });
});

describe("integers", () => {
  test("fill their range evenly", () => {
    const counts = new Float64Array(13);
    for (const x of integers(key, 26_000, -5, 8)) counts[x + 5]! += 1;
    expect(evenness(counts)).toBeGreaterThan(0.01);
  });

  test("reach both ends of 32 bits, and have one value where the range has one", () => {
    const wide = integers(key, 10_000, -(2 ** 31), 2 ** 31);
    expect(Math.min(...wide)).toBeLessThan(-2.14e9);
    expect(Math.max(...wide)).toBeGreaterThan(2.14e9);
    expect([...integers(key, 3, 2 ** 31 - 1, 2 ** 31)]).toEqual([2 ** 31 - 1, 2 ** 31 - 1, 2 ** 31 - 1]);
  });

  test.each([
    [0, 0],
    [1, 0],
    [0.5, 2],
    [0, 2 ** 31 + 1],
    [2 ** 31, 2 ** 32],
  ])("refuse [%d, %d)", (low, high) => {
    expect(() => integers(key, 1, low, high)).toThrow(/integers are drawn in/);
  });
});

describe("permutation", () => {
  test("holds every number once", () => {
    for (const n of [0, 1, 2, 100, 3000])
      expect([...permutation(key, n)].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
  });

  test("all 24 orders of 4 are equally likely: chi-squared", () => {
    const counts = new Map<string, number>();
    for (let i = 0; i < 12_000; i++) {
      const order = permutation(key.fold(i), 4).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    expect(evenness(Float64Array.from(counts.values()))).toBeGreaterThan(0.01);
  });

  test.each([-1, 0.5, 2 ** 32])("refuses the length %d", (n) => {
    expect(() => permutation(key, n)).toThrow(/integer length/);
  });
});
