import { describe, expect, test } from "vitest";
import { Key, normal } from "../random/index.ts";
import { bootstrap } from "./bootstrap.ts";
import { jackknife } from "./jackknife.ts";
import { independentMean, mean } from "./mean.ts";

const samples = normal(Key.fromSeed(31), 1000, "f64").map((x) => 3 + 2 * x);
const others = normal(Key.fromSeed(32), 1000, "f64").map((x) => 5 + x);
const first = ([column]: readonly Float64Array[]) => mean(column!);
const ratio = ([a, b]: readonly Float64Array[]) => mean(a!) / mean(b!);
/** Error of the ratio r of means a/b to first order: that of the mean of a − r b, over b. */
const residuals = samples.map((x, i) => x - (mean(samples) / mean(others)) * others[i]!);
const ratioError = independentMean(residuals).error / mean(others);

describe("jackknife", () => {
  test("of a mean, one row a block, is the standard error exactly", () => {
    const { value, error, bias } = jackknife([samples], first, { blocks: 1000 });
    expect(value).toBe(mean(samples));
    expect(error).toBeCloseTo(independentMean(samples).error, 12);
    expect(bias).toBeCloseTo(0, 9);
  });

  test("of a ratio is its propagated error", () => {
    expect(jackknife([samples, others], ratio, { blocks: 1000 }).error / ratioError).toBeCloseTo(1, 2);
  });

  test("removes the bias of the plug-in variance exactly", () => {
    const plugIn = ([x]: readonly Float64Array[]) => mean(x!.map((y) => (y - mean(x!)) ** 2));
    const few = samples.slice(0, 20);
    const { value, bias } = jackknife([few], plugIn, { blocks: 20 });
    expect(value - bias).toBeCloseTo((value * 20) / 19, 10);
  });

  test("blocks carry correlation: each sample repeated 10 times has the error of the samples", () => {
    const repeated = Float64Array.from({ length: 10_000 }, (_, i) => samples[Math.floor(i / 10)]!);
    const { error } = jackknife([repeated], first, { blocks: 1000 });
    expect(error).toBeCloseTo(independentMean(samples).error, 12);
  });

  test("refuses blocks and columns that do not fit", () => {
    expect(() => jackknife([samples], first, { blocks: 1001 })).toThrow(/1000 rows cannot be cut into 1001/);
    expect(() => jackknife([samples, [1]], first)).toThrow(/column 1 has 1 rows/);
    expect(() => jackknife([], first)).toThrow(/no rows/);
  });
});

describe("bootstrap", () => {
  test("of a mean has the standard error, within its own noise", () => {
    const { value, error, low, high } = bootstrap(Key.fromSeed(33), [samples], first, { resamples: 2000 });
    const exact = independentMean(samples).error * Math.sqrt(999 / 1000);
    expect(value).toBe(mean(samples));
    expect(Math.abs(error / exact - 1)).toBeLessThan(3.5 / Math.sqrt(2 * 2000));
    expect((high - low) / (2 * exact)).toBeCloseTo(1, 1);
  });

  test("resamples rows whole: a ratio of equal columns has no error", () => {
    const { error } = bootstrap(Key.fromSeed(34), [samples, samples], ratio, {
      resamples: 50,
      blockLength: 7,
    });
    expect(error).toBe(0);
  });

  test("blocks carry correlation", () => {
    const repeated = Float64Array.from({ length: 10_000 }, (_, i) => samples[Math.floor(i / 10)]!);
    const { error } = bootstrap(Key.fromSeed(35), [repeated], first, { resamples: 500, blockLength: 200 });
    expect(error / independentMean(samples).error).toBeGreaterThan(0.8);
    expect(error / independentMean(samples).error).toBeLessThan(1.2);
  });

  test("same key, same result; another key, another", () => {
    const run = (seed: number) => bootstrap(Key.fromSeed(seed), [samples], first, { resamples: 20 });
    expect(run(1)).toEqual(run(1));
    expect(run(1).error).not.toBe(run(2).error);
  });

  test("refuses options out of range", () => {
    const run = (options: object) => () => bootstrap(Key.fromSeed(0), [samples], first, options);
    expect(run({ resamples: 1 })).toThrow(/resamples/);
    expect(run({ blockLength: 1001 })).toThrow(/blockLength/);
    expect(run({ level: 1 })).toThrow(/level/);
  });
});
