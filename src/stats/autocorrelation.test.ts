import { describe, expect, test } from "vitest";
import { Key, normal } from "../random/index.ts";
import { autocorrelationTime, chainMean } from "./autocorrelation.ts";
import { directProduct, transformedProducts } from "./autocovariance.ts";
import { chiSquaredSurvival } from "./chi-squared.ts";
import { independentMean } from "./mean.ts";

/** A stationary chain x' = a x + √(1 − a²) ξ of unit variance, whose ρ(t) = a^t and τ = (1 + a)/(2(1 − a)). */
function ar1(key: Key, n: number, a: number): Float64Array {
  const chain = normal(key, n, "f64");
  const noise = Math.sqrt(1 - a * a);
  for (let i = 1; i < n; i++) chain[i] = a * chain[i - 1]! + noise * chain[i]!;
  return chain;
}

const exactTau = (a: number) => (1 + a) / (2 * (1 - a));

describe.each([-0.9, -0.5, 0, 0.5, 0.9, 0.98])("AR(1) with a = %d", (a) => {
  const repeats = 30;
  const results = Array.from({ length: repeats }, (_, i) =>
    chainMean(ar1(Key.fromSeed(21).fold(i), 20_000, a)),
  );

  test("τ is the exact one, within its error and without bias", () => {
    const taus = results.map(({ tau }) => tau);
    const { value, error } = independentMean(taus);
    expect(results.every(({ reliable }) => reliable)).toBe(true);
    // Cutting the sum at 6τ leaves out a share exp(−6) and more.
    expect(Math.abs(value - exactTau(a))).toBeLessThan(3.5 * error + 0.005 * exactTau(a));
    if (a < 0) return; // the error formula is for positive correlations
    const squares = results.reduce(
      (total, { tau, tauError }) => total + ((tau - exactTau(a)) / tauError) ** 2,
      0,
    );
    expect(chiSquaredSurvival(squares, repeats)).toBeGreaterThan(0.001);
  });

  test("the error of the mean is honest", () => {
    const squares = results.reduce((total, { value, error }) => total + (value / error) ** 2, 0);
    expect(chiSquaredSurvival(squares, repeats)).toBeGreaterThan(0.005);
    expect(chiSquaredSurvival(squares, repeats)).toBeLessThan(0.995);
  });
});

test("independent samples have τ = ½ and nearly the error of independent samples", () => {
  const samples = normal(Key.fromSeed(22), 50_000, "f64");
  const { tau, tauError, value, error } = chainMean(samples);
  expect(Math.abs(tau - 0.5)).toBeLessThan(3 * tauError);
  expect(value).toBe(independentMean(samples).value);
  expect(error / independentMean(samples).error).toBeCloseTo(Math.sqrt(2 * Math.max(tau, 0.5)), 3);
});

describe("estimates called reliable", () => {
  const lengths = [20, 50, 100, 200, 500, 1000, 2000];
  // Enough that a coverage is known to 2 % where half are reliable.
  const repeats = 1200;
  const cells = [0.5, 1, 2, 5, 10, 20].flatMap((tau) =>
    lengths.map((n) => {
      const key = Key.fromSeed(30)
        .fold(n)
        .fold(Math.round(10 * tau));
      const all = Array.from({ length: repeats }, (_, i) =>
        chainMean(ar1(key.fold(i), n, (2 * tau - 1) / (2 * tau + 1))),
      );
      const believed = all.filter(({ reliable }) => reliable);
      return { tau, n, z: believed.map(({ value, error }) => value / error), believed };
    }),
  );
  const coverage = (z: readonly number[]) => z.filter((x) => Math.abs(x) < 1).length / z.length;
  const rms = (z: readonly number[]) => Math.hypot(...z) / Math.sqrt(z.length);

  test("have honest errors, whatever τ and the length", () => {
    // Where τ is so long that few are called reliable, those few are the ones that underestimate it.
    for (const { z } of [
      ...cells.filter(({ z }) => z.length > repeats / 4),
      { z: cells.flatMap(({ z }) => z) },
    ]) {
      expect(coverage(z)).toBeGreaterThan(0.6);
      expect(coverage(z)).toBeLessThan(0.75);
      expect(rms(z)).toBeLessThan(1.2);
    }
    for (const { tau, n, z } of cells) if (n < 50 * tau) expect(z.length).toBeLessThan(0.01 * repeats);
  });

  test("are none of fewer than 200 measurements, and nearly all of 360 τ or more", () => {
    for (const { tau, n, z } of cells) {
      if (n < 200) expect(z).toEqual([]);
      if (n >= 500 && n >= 360 * tau) expect(z.length).toBeGreaterThan(0.97 * repeats);
    }
  });

  test("never claim less than the independent error by chance", () => {
    for (const { tau, n, believed } of cells)
      if (tau === 0.5) for (const { error } of believed) expect(error * Math.sqrt(n)).toBeGreaterThan(0.8);
  });
});

test("chains that are believed because they underestimate τ have an error that covers all the same", () => {
  const [tau, length] = [6.2, 250];
  const key = Key.fromSeed(31);
  const all = Array.from({ length: 800 }, (_, i) =>
    chainMean([0, 1, 2, 3].map((c) => ar1(key.fold(i).fold(c), length, (2 * tau - 1) / (2 * tau + 1)))),
  );
  const believed = all.filter(({ reliable }) => reliable);
  expect(believed.length).toBeGreaterThan(250);
  expect(believed.length).toBeLessThan(500);
  const z = believed.map(({ value, error }) => Math.abs(value / error));
  // Of 250 and more: nominal shares less four of their deviations, and 2 % for what chance has left.
  expect(z.filter((x) => x < 1).length / z.length).toBeGreaterThan(0.55);
  expect(z.filter((x) => x < 2).length / z.length).toBeGreaterThan(0.885);
});

test("τ of an alternating series has an error that covers", () => {
  for (const a of [-0.5, -0.9]) {
    const repeats = 200;
    const squares = Array.from({ length: repeats }, (_, i) => {
      const { tau, tauError } = autocorrelationTime(ar1(Key.fromSeed(32).fold(i), 4000, a));
      return ((tau - exactTau(a)) / tauError) ** 2;
    }).reduce((total, square) => total + square, 0);
    expect(chiSquaredSurvival(squares, repeats)).toBeGreaterThan(0.001);
    // The error may be a fifth too large.
    expect(chiSquaredSurvival(1.44 * squares, repeats)).toBeLessThan(0.999);
  }
});

test("a chain too short for its τ says so and claims no error", () => {
  const short = chainMean(ar1(Key.fromSeed(23), 500, 0.98));
  expect(short.reliable).toBe(false);
  expect(short.error).toBeNaN();
  expect(Number.isFinite(short.value)).toBe(true);
  expect(chainMean([1, 2, 1]).reliable).toBe(false);
});

test("a chain that does not move is not a chain without error", () => {
  for (const x of [0, 0.1, -1e6]) {
    const stuck = chainMean(new Float64Array(10_000).fill(x));
    expect(stuck).toMatchObject({ value: x, error: Number.NaN, tau: Number.NaN, reliable: false });
  }
});

test("several chains are as good as one of their total length", () => {
  const chains = Array.from({ length: 10 }, (_, i) => ar1(Key.fromSeed(24).fold(i), 4000, 0.9));
  const { tau, tauError, reliable, count, value, error } = chainMean(chains);
  expect(count).toBe(40_000);
  expect(reliable).toBe(true);
  expect(Math.abs(tau - exactTau(0.9))).toBeLessThan(3.5 * tauError);
  expect(Math.abs(value)).toBeLessThan(3.5 * error);
  expect(error).toBeCloseTo(Math.sqrt((2 * exactTau(0.9)) / 40_000), 3);
});

test("chains that disagree are not believed", () => {
  const up = ar1(Key.fromSeed(25), 2000, 0.5).map((x) => x + 5);
  const down = ar1(Key.fromSeed(26), 2000, 0.5).map((x) => x - 5);
  expect(chainMean(up).reliable).toBe(true);
  expect(chainMean([up, down])).toMatchObject({ reliable: false, error: Number.NaN });
});

test("τ scales and shifts with nothing", () => {
  const chain = ar1(Key.fromSeed(27), 5000, 0.8);
  const { tau } = autocorrelationTime(chain);
  expect(autocorrelationTime(chain.map((x) => 1000 - 8 * x)).tau).toBeCloseTo(tau, 9);
});

test("products by Fourier transform are the products by definition, for series of several lengths", () => {
  const series = [
    normal(Key.fromSeed(28), 100, "f64"),
    normal(Key.fromSeed(29), 37, "f64"),
    new Float64Array(1),
  ];
  const table = transformedProducts(series);
  expect(table).toHaveLength(100);
  for (let t = 0; t < 100; t++) expect(table[t]).toBeCloseTo(directProduct(series, t), 10);
});

test("bad input is named", () => {
  expect(() =>
    chainMean([
      [1, 2],
      [3, Number.NaN],
    ]),
  ).toThrow(/chain 1: measurement 1 is NaN/);
  expect(() => chainMean([])).toThrow(/no measurements/);
  expect(() => autocorrelationTime([1, 2], 0)).toThrow(/window factor/);
});
