import { expect, test } from "vitest";
import { Key, normal, uniform } from "../random/index.ts";
import { chiSquaredSurvival } from "./chi-squared.ts";
import { importance, influenceError, metropolisAcceptance, weightedMoments } from "./importance.ts";
import { paretoShape } from "./pareto.ts";

/*
 * q = N(0, 1) and the unnormalised p = exp(−(x − a)²/(2 s²)): log Z = log(s √(2π)), mean a, variance s², and with
 * w = p/q the bound is ⟨log w⟩_q = ½ + ½ log 2π − (1 + a²)/(2 s²). ⟨w²⟩ is a Gaussian integral.
 */
const [a, s] = [0.4, 0.8];
const logWeight = (x: number) => -((x - a) ** 2) / (2 * s * s) + (x * x) / 2 + Math.log(2 * Math.PI) / 2;
const exactLogZ = Math.log(s * Math.sqrt(2 * Math.PI));
const exact = {
  logZ: exactLogZ,
  bound: 0.5 + Math.log(2 * Math.PI) / 2 - (1 + a * a) / (2 * s * s),
  mean: a,
  variance: s * s,
  ess: quadratureEss(),
};

/** ⟨w⟩²/⟨w²⟩ over N(0, 1) by the trapezium rule, which converges exponentially here. */
function quadratureEss(): number {
  let [first, second] = [0, 0];
  for (let x = -12; x <= 12; x += 0.001) {
    const q = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
    const w = Math.exp(logWeight(x));
    first += q * w * 0.001;
    second += q * w * w * 0.001;
  }
  expect(Math.log(first)).toBeCloseTo(exactLogZ, 9);
  return first ** 2 / second;
}

test("every estimate covers its exact value as its error says", () => {
  const [repeats, n] = [400, 2000];
  const x = normal(Key.fromSeed(51), repeats * n, "f64");
  const squares = { logZ: 0, bound: 0, mean: 0, variance: 0, ess: 0, sum: 0 };
  for (let r = 0; r < repeats; r++) {
    const values = x.slice(r * n, (r + 1) * n);
    const weights = importance(values.map(logWeight));
    const { mean, variance } = weightedMoments(weights, values);
    const { logZ, bound, ess } = weights;
    // log Z + 2⟨x⟩, whose two parts are correlated.
    const sum = {
      value: logZ.value + 2 * mean.value,
      error: influenceError(n, (i) => {
        const w = weights.weights[i] as number;
        return w - 1 + 2 * w * ((values[i] as number) - mean.value);
      }),
    };
    const all = { logZ, bound, mean, variance, ess, sum };
    const known = { ...exact, sum: exact.logZ + 2 * exact.mean };
    for (const key of Object.keys(all) as (keyof typeof all)[])
      squares[key] += ((all[key].value - known[key]) / all[key].error) ** 2;
  }
  // Six two-sided tests, each at p = 0.001.
  for (const [key, value] of Object.entries(squares)) {
    expect(chiSquaredSurvival(value, repeats), key).toBeGreaterThan(0.0005);
    expect(chiSquaredSurvival(value, repeats), key).toBeLessThan(0.9995);
  }
});

test("weights that hardly differ have an error of log Z that covers and is hardly too large", () => {
  const [repeats, n] = [300, 1000];
  const x = normal(Key.fromSeed(55), repeats * n, "f64");
  const squares = Array.from({ length: repeats }, (_, r) => {
    const { logZ } = importance(x.slice(r * n, (r + 1) * n).map((v) => 0.02 * v));
    return ((logZ.value - 0.02 ** 2 / 2) / logZ.error) ** 2;
  }).reduce((total, square) => total + square, 0);
  expect(chiSquaredSurvival(squares, repeats)).toBeGreaterThan(0.001);
  // One more of the furthest weights, about three deviations, adds 1 % to the error's square.
  expect(chiSquaredSurvival(1.05 * squares, repeats)).toBeLessThan(0.999);
});

test("a common factor of the weights moves log Z and the bound alone, at any size", () => {
  const x = normal(Key.fromSeed(52), 500, "f64");
  const plain = importance(x.map(logWeight));
  for (const shift of [-5000, 5000]) {
    const moved = importance(x.map((v) => logWeight(v) + shift));
    expect(moved.logZ.value - shift).toBeCloseTo(plain.logZ.value, 8);
    expect(moved.bound.value - shift).toBeCloseTo(plain.bound.value, 8);
    expect(moved.ess.value).toBeCloseTo(plain.ess.value, 8);
    expect(weightedMoments(moved, x).mean.value).toBeCloseTo(weightedMoments(plain, x).mean.value, 8);
  }
});

test("equal weights have no error but that of the values; one sample has none; bad input is named", () => {
  const even = importance(new Float64Array(4).fill(-7));
  expect(even).toMatchObject({
    logZ: { value: -7, error: 0 },
    bound: { value: -7, error: 0 },
    ess: { value: 1, error: 0 },
  });
  const moments = weightedMoments(even, Float64Array.of(1, 2, 3, 4));
  expect(moments.mean).toEqual({ value: 2.5, error: Math.sqrt((5 / 12) * (1 + 2 / 4)) });
  expect(moments.variance.value).toBe(1.25);
  expect(importance(Float64Array.of(1)).logZ.error).toBeNaN();
  expect(() => importance(Float64Array.of(0, Number.NEGATIVE_INFINITY))).toThrow(
    /sample 1 has the log-weight −Infinity/,
  );
  expect(() => weightedMoments(even, Float64Array.of(1))).toThrow(/1 values have 4 weights/);
});

test("the acceptance of independence Metropolis is that of all pairs, and its error covers the exact one", () => {
  // ∬ q(x) q(y) min(w(x), w(y)) over Z, by the trapezium rule.
  const points = Array.from({ length: 1400 }, (_, i) => -7 + i * 0.01);
  const masses = points.map((x) => (0.01 * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI));
  const weights = points.map((x) => Math.exp(logWeight(x) - exactLogZ));
  let accepted = 0;
  for (let i = 0; i < points.length; i++)
    for (let j = 0; j < points.length; j++)
      accepted += masses[i]! * masses[j]! * Math.min(weights[i]!, weights[j]!);
  const [repeats, n] = [300, 800];
  const x = normal(Key.fromSeed(52), repeats * n, "f64");
  let [squares, total] = [0, 0];
  for (let r = 0; r < repeats; r++) {
    const { value, error } = metropolisAcceptance(importance(x.subarray(r * n, (r + 1) * n).map(logWeight)));
    squares += ((value - accepted) / error) ** 2;
    total += value / repeats;
  }
  expect(chiSquaredSurvival(squares, repeats)).toBeGreaterThan(1e-3);
  expect(chiSquaredSurvival(squares, repeats)).toBeLessThan(1 - 1e-3);
  expect(total).toBeCloseTo(accepted, 2);

  const few = importance(Float64Array.of(0.3, -1, 2, 0.3));
  let pairs = 0;
  for (let i = 0; i < 4; i++)
    for (let j = 0; j < 4; j++) if (i !== j) pairs += Math.min(few.weights[i]!, few.weights[j]!) / 12;
  expect(metropolisAcceptance(few).value).toBeCloseTo(pairs, 12);
  expect(metropolisAcceptance(importance(new Float64Array(50)))).toEqual({ value: 1, error: 0 });
  expect(metropolisAcceptance(importance(Float64Array.of(1))).value).toBeNaN();
});

test("the shape of a Pareto tail is found, and a bounded or an alike one is none", () => {
  const u = uniform(Key.fromSeed(53), 100_000, "f64");
  // An error of (1 + k)/√949: four of them.
  for (const k of [0.2, 0.5, 0.9])
    expect(Math.abs(paretoShape(u.map((x) => (1 - x) ** -k)) - k)).toBeLessThan((4 * (1 + k)) / 30);
  expect(paretoShape(u)).toBeLessThan(0);
  expect(paretoShape(u.map((x) => (x < 0.001 ? 1 : 0)))).toBe(Number.NEGATIVE_INFINITY);
  expect(paretoShape(new Float64Array(50))).toBe(Number.NEGATIVE_INFINITY);
  // Values of a few configurations: each is met often, and their tail is no power law however they are spaced.
  const levels = Float64Array.from(u, (x) => 2 ** -Math.floor(3 * Math.log2(x)));
  expect(paretoShape(levels)).toBe(Number.NEGATIVE_INFINITY);
});

test("errors of weights whose largest may not have been met are unknown, those of others are not", () => {
  const x = normal(Key.fromSeed(54), 20_000, "f64");
  const light = importance(x.map((v) => 0.8 * v));
  expect(light.logZ.error).toBeGreaterThan(0);
  const heavy = importance(x.map((v) => 1.2 * v * v));
  expect(heavy.tail).toBeGreaterThan(0.8);
  expect(heavy.logZ.error).toBeNaN();
  expect(weightedMoments(heavy, x).mean.error).toBeNaN();
  // Three excitations among many: as many again may be missing.
  const rare = Float64Array.from({ length: 5000 }, (_, i) => (i < 3 ? 8 : 0));
  expect(weightedMoments(importance(new Float64Array(5000)), rare).mean.error).toBeNaN();
});
