import { describe, expect, test } from "vitest";
import { arrayFrom, type NDArray, ndarray } from "../../../array.ts";
import { binary, categorical, type Space, sites } from "../../../data/space.ts";
import { Key } from "../../../random/key.ts";
import { normal } from "../../../random/normal.ts";
import { difference, independentMean, logMeanExp, normalSurvival } from "../../../stats/index.ts";
import { makeRbm, type RbmParameters } from "../rbm/rbm.ts";
import {
  AnnealProgram,
  adaptedTemperatures,
  bracketLogZ,
  evenTemperatures,
  exactLogZ,
  exactRows,
  termsOf,
} from "./index.ts";

/** A small RBM with random parameters of a given size. */
function machine(space: Space, hidden: number, scale: number, seed = 1) {
  const model = makeRbm({ space }, { hidden });
  const key = Key.fromSeed(seed);
  const random = (a: NDArray<"f32">, i: number, by: number) =>
    ndarray(
      "f32",
      a.shape,
      normal(key.fold(i), a.data.length, "f32").map((z) => z * by),
    );
  const start = model.init(key);
  const parameters: RbmParameters = {
    hidden: { bias: random(start.hidden.bias, 1, scale) },
    visible: { bias: random(start.visible.bias as NDArray<"f32">, 2, scale) },
    weight: random(start.weight, 3, scale),
    reference: random(start.reference, 4, 0.5),
  };
  return { model, parameters };
}

/** log Z of a machine on bits by plain loops over every v. */
function byLoops({ hidden, visible, weight }: RbmParameters): number {
  const [n, m] = weight.shape as [number, number];
  const bias = (visible.bias as NDArray<"f32">).data;
  const logs = Array.from({ length: 2 ** n }, (_, v) => {
    const on = (i: number) => (v >> i) & 1;
    let log = 0;
    for (let i = 0; i < n; i++) log += on(i) * (bias[i] as number);
    for (let j = 0; j < m; j++) {
      let field = hidden.bias.data[j] as number;
      for (let i = 0; i < n; i++) field += on(i) * (weight.data[i * m + j] as number);
      log += Math.log1p(Math.exp(field));
    }
    return log;
  });
  const top = Math.max(...logs);
  return top + Math.log(logs.reduce((sum, l) => sum + Math.exp(l - top), 0));
}

const key = Key.fromSeed(7);

describe("log Z by enumeration", () => {
  test.each([
    ["hidden", 13, 12],
    ["visible", 11, 20],
  ])("through the %s units is that of plain loops, over many blocks", async (_, n, m) => {
    const { model, parameters } = machine(binary([n]), m, 0.7);
    const seen: number[] = [];
    const logZ = await exactLogZ(model, parameters, { onProgress: (done) => seen.push(done) });
    expect(logZ).toBeCloseTo(byLoops(parameters), 9);
    expect(seen.at(-1)).toBe(2 ** Math.min(n, m));
  });

  test("runs over several blocks, and stops when asked", async () => {
    const { model, parameters } = machine(binary([100]), 14, 0.3);
    let blocks = 0;
    const controller = new AbortController();
    const onProgress = () => {
      if (++blocks === 3) controller.abort();
    };
    const stopped = exactLogZ(model, parameters, { onProgress, signal: controller.signal });
    await expect(stopped).rejects.toThrow(/interrupted/);
    expect(blocks).toBe(3);
  });

  test("is refused beyond 2^25 terms", async () => {
    const { model, parameters } = machine(binary([40]), 26, 0.1);
    expect(termsOf(model)).toBeUndefined();
    await expect(exactLogZ(model, parameters)).rejects.toThrow(/more than 33554432 terms/);
  });
});

describe("annealed importance sampling", () => {
  const { model, parameters } = machine(binary([5]), 4, 1.2);
  const points = evenTemperatures(6);

  test("the mean weight is Z, and on the way back 1/Z, without bias", async () => {
    const chains = 20_000;
    const program = await AnnealProgram.compile(model, parameters, { chains });
    const logZ = await exactLogZ(model, parameters);
    const up = await program.run(await program.begin(key.fold(0)), points, key.fold(1));
    const rows = await exactRows(model, parameters, chains, { key: key.fold(2) });
    const down = await program.run(rows, points.slice().reverse(), key.fold(3));
    await program.release();
    for (const [logWeights, exact] of [
      [up.logWeights, logZ],
      [down.logWeights, -logZ],
    ] as const) {
      const { value, error } = independentMean(logWeights.map((w) => Math.exp(w - exact)));
      // So few temperatures that weights vary: the test could see a bias of some percent.
      expect(error).toBeGreaterThan(0.002);
      expect(error).toBeLessThan(0.02);
      expect(2 * normalSurvival(Math.abs(value - 1) / error)).toBeGreaterThan(0.001);
      // By Jensen's inequality, and far beyond the error.
      expect(independentMean(logWeights).value).toBeLessThan(exact - 5 * independentMean(logWeights).error);
    }
  });

  test("the pieces of the work add up, and a run that is cut short of a chunk does not see beyond its end", async () => {
    const program = await AnnealProgram.compile(model, parameters, { chains: 10 });
    const x = await program.begin(key.fold(0));
    const done: number[] = [];
    const whole = await program.run(x, evenTemperatures(200), key.fold(1), (n) => done.push(n));
    const short = await program.run(x, evenTemperatures(200).slice(0, 6), key.fold(1));
    await program.release();
    expect(done.at(-1)).toBe(200);
    expect(whole.steps.reduce((a, b) => a + b)).toBe(200);
    expect([whole.edges[0], whole.edges.at(-1)]).toEqual([0, 1]);
    whole.logWeights.forEach((w, c) => {
      expect(w).toBeCloseTo(
        whole.pieces.reduce((sum, piece) => sum + (piece[c] as number), 0),
        12,
      );
    });
    expect(short.steps).toEqual([1, 1, 1, 1, 1]);
    const first = (c: number) => whole.pieces[0]?.[c] as number;
    short.pieces[0]?.forEach((w, c) => {
      // The first piece of the long run holds its first steps.
      expect(Math.abs(w - first(c))).toBeLessThan(1);
    });
  });

  test("without couplings all weights are equal: exactly, and up to rounding where fields are on", async () => {
    const flat = machine(binary([6]), 5, 1);
    const zero = (a: NDArray<"f32">) => ndarray("f32", a.shape);
    const biases = flat.parameters.visible.bias as NDArray<"f32">;
    const free = { ...flat.parameters, weight: zero(flat.parameters.weight) };
    const nothing = { ...free, visible: { bias: zero(biases) }, reference: zero(biases) };
    const fields = { ...free, reference: biases };
    for (const [p, within] of [
      [nothing, 0],
      [fields, 2e-5],
    ] as const) {
      const bracket = await bracketLogZ(flat.model, p, { key, chains: 20, temperatures: 100 });
      const program = await AnnealProgram.compile(flat.model, p, { chains: 20 });
      const { logWeights } = await program.run(await program.begin(key), evenTemperatures(100), key.fold(1));
      await program.release();
      expect(Math.max(...logWeights) - Math.min(...logWeights)).toBeLessThanOrEqual(within);
      expect(bracket.lower.value).toBeCloseTo(byLoops(p), 3);
      expect(bracket.upper.value).toBeCloseTo(byLoops(p), 3);
      if (within === 0) expect([bracket.lower.error, bracket.lower.ess]).toEqual([0, 1]);
    }
  });
});

describe("adapted temperatures", () => {
  test("are dense in proportion to √(steps · variance), in either direction, with a tenth spread evenly", () => {
    // Two chains at ±w have the variance 2w²: lengths √(10 · 2) · (3, 1, 0).
    const piece = (w: number) => Float64Array.of(w, -w);
    const pilot = { x: ndarray("f32", [2]), logWeights: new Float64Array(2), steps: [10, 10, 10] };
    const up = { ...pilot, pieces: [piece(3), piece(1), piece(0)], edges: [0, 0.2, 0.6, 1] };
    const points = adaptedTemperatures(up, 1000);
    const below = (t: number) => points.filter((point) => point <= t).length - 1;
    expect([points[0], points[1000]]).toEqual([0, 1]);
    expect(points.every((t, i) => i === 0 || t > (points[i - 1] as number))).toBe(true);
    for (const [t, share] of [
      [0.2, 0.9 * 0.75 + 0.1 * 0.2],
      [0.6, 0.9 + 0.1 * 0.6],
    ] as const)
      expect(Math.abs(below(t) - 1000 * share)).toBeLessThan(1.5);
    const down = { ...up, pieces: [...up.pieces].reverse(), edges: [1, 0.6, 0.2, 0] };
    expect(adaptedTemperatures(down, 1000)).toEqual(points);
    const still = { ...up, pieces: [piece(0), piece(0), piece(0)] };
    expect(adaptedTemperatures(still, 8)).toEqual(evenTemperatures(8));
  });

  test("spend the same work better than even ones on a machine that changes fast somewhere", async () => {
    const { model, parameters } = machine(binary([16]), 12, 8, 7);
    const program = await AnnealProgram.compile(model, parameters, { chains: 300 });
    const spread = async (points: Float32Array, k: number) => {
      const run = await program.run(await program.begin(key.fold(k)), points, key.fold(k + 1));
      const { value } = independentMean(run.logWeights);
      return { run, variance: independentMean(run.logWeights.map((w) => (w - value) ** 2)).value };
    };
    const even = await spread(evenTemperatures(200), 0);
    const adapted = await spread(adaptedTemperatures(even.run, 200), 2);
    await program.release();
    expect(adapted.variance).toBeLessThan(0.6 * even.variance);
  });
});

describe("the bracket of log Z", () => {
  const { model, parameters } = machine(binary([12]), 10, 1, 3);

  test("holds the exact value in 95 % of trials, from exact starts and from chains", async () => {
    const exact = await exactLogZ(model, parameters);
    const trials = 15;
    for (const exactStart of [true, false]) {
      let held = 0;
      for (let trial = 0; trial < trials; trial++) {
        const options = { key: key.fold(trial), chains: 40, temperatures: 60, exactStart };
        const { interval, start } = await bracketLogZ(model, parameters, options);
        expect(start).toBe(exactStart ? "exact" : "chains");
        if (interval[0] <= exact && exact <= interval[1]) held++;
      }
      // 15 trials of probability 0.95: 11 or fewer with probability 0.005.
      expect(held).toBeGreaterThanOrEqual(12);
    }
  });

  test("narrows as temperatures grow, and its other estimates agree with it", async () => {
    const exact = await exactLogZ(model, parameters);
    const data = ndarray(
      "u8",
      [50, 12],
      Uint8Array.from(await drawn(50), (v) => v),
    );
    const of = (temperatures: number) => bracketLogZ(model, parameters, { key, temperatures, data });
    const [rough, fine] = [await of(20), await of(640)];
    expect(fine.lower.error).toBeLessThan(rough.lower.error / 2);
    expect(fine.lower.ess).toBeGreaterThan(rough.lower.ess);
    expect(fine.interval[1] - fine.interval[0]).toBeLessThan(rough.interval[1] - rough.interval[0]);
    expect(Math.abs(difference(fine.integration, exact).sigmas)).toBeLessThan(4);
    const raise = fine.raise ?? { value: Number.NaN, error: Number.NaN };
    expect(raise.value).toBeGreaterThan(exact - 4 * raise.error);
    expect(raise.value).toBeLessThan(exact + 1);
    expect(fine.rHat).toBeLessThan(1.05);
    expect(fine.warnings).toEqual([]);
    // Twice as many until the bracket is as narrow as was asked for.
    const asked = await bracketLogZ(model, parameters, { key, tolerance: 0.02, data });
    expect(asked.interval[1] - asked.interval[0]).toBeLessThanOrEqual(0.02);
    expect(asked.temperatures).toBeGreaterThan(500);
  });

  async function drawn(rows: number): Promise<Float32Array> {
    return (await exactRows(model, parameters, rows, { key: key.fold(99) })).data as Float32Array;
  }

  test("is the same bits by the same key, and says what it is worth", async () => {
    const cold = machine(binary([12]), 10, 6, 4);
    const options = { key, chains: 20, temperatures: 8 };
    const bracket = await bracketLogZ(cold.model, cold.parameters, options);
    expect(await bracketLogZ(cold.model, cold.parameters, options)).toEqual(bracket);
    expect(bracket.warnings.join("\n")).toContain("take more temperatures");
    const given = arrayFrom("f32", [2, 12], new Array(24).fill(1));
    const from = await bracketLogZ(cold.model, cold.parameters, { ...options, given });
    expect(from.start).toBe("given");
    expect(from.upper.value).not.toBe(bracket.upper.value);
    await expect(bracketLogZ(cold.model, cold.parameters, { ...options, chains: 1 })).rejects.toThrow(
      /chains is a whole number of at least 2, not 1/,
    );
  });

  test("is as good on sites of several states", async () => {
    const potts = makeRbm({ space: categorical([4], 3) }, { hidden: 5 });
    const start = potts.init(key);
    const weight = normal(key.fold(5), start.weight.data.length, "f32");
    const p = { ...start, weight: ndarray("f32", start.weight.shape, weight) };
    const exact = await exactLogZ(potts, p);
    const { interval, gap } = await bracketLogZ(potts, p, { key, temperatures: 300 });
    expect(interval[0]).toBeLessThan(exact);
    expect(interval[1]).toBeGreaterThan(exact);
    expect(Math.abs(gap.value)).toBeLessThan(0.1);
    expect(sites(potts.space)).toBe(4);
  });
});

test("exact rows follow the model", async () => {
  const { model, parameters } = machine(binary([4]), 3, 1.5, 9);
  const n = 40_000;
  const { data } = await exactRows(model, parameters, n, { key });
  const logZ = byLoops(parameters);
  const counts = new Float64Array(16);
  for (let row = 0; row < n; row++) {
    let v = 0;
    for (let i = 0; i < 4; i++) v |= Number(data[row * 4 + i]) << i;
    counts[v] = (counts[v] as number) + 1;
  }
  const program = await AnnealProgram.compile(model, parameters, { chains: 16 });
  const all = Float32Array.from({ length: 64 }, (_, i) => (Math.floor(i / 4) >> (i % 4)) & 1);
  // From the start of the path in one step: log f_1 − log f_0.
  const { logWeights } = await program.run(ndarray("f32", [16, 4], all), Float32Array.of(0, 1), key);
  await program.release();
  const reference = parameters.reference.data;
  const chi = logWeights.reduce((sum, w, v) => {
    let base = 0;
    for (let i = 0; i < 4; i++) {
      const r = reference[i] as number;
      base += ((v >> i) & 1) * r - Math.log1p(Math.exp(r));
    }
    const expected = n * Math.exp(w + base - logZ);
    return sum + ((counts[v] as number) - expected) ** 2 / expected;
  }, 0);
  // χ² with 15 degrees of freedom exceeds 37.7 with probability 0.001.
  expect(chi).toBeLessThan(37.7);
  expect(chi).toBeGreaterThan(2);
  expect(logMeanExp(logWeights).value).toBeTypeOf("number");
});
