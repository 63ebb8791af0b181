import { expect, test } from "vitest";
import { type NDArray, ndarray } from "../array.ts";
import { type Dataset, makeDataset } from "../data/dataset.ts";
import { metaVersion } from "../data/meta.ts";
import { binary } from "../data/space.ts";
import { makeRbm } from "../models/approximate/rbm/rbm.ts";
import { FittedEnergy } from "../models/fitted/energy.ts";
import { Key } from "../random/key.ts";
import { normal } from "../random/normal.ts";
import { allConfigurations, createSystem } from "../systems/index.ts";
import { scoreEnergy } from "./index.ts";

const key = Key.fromSeed(3);
const space = binary([2, 3]);
const parameters = { shape: [2, 3], beta: 0.4, J: 1 };
const ising = createSystem("ising", parameters);
const model = makeRbm({ space }, { hidden: 5 });
const start = model.init(key);
const weight = ndarray("f32", start.weight.shape, normal(key.fold(1), start.weight.data.length, "f32"));
const fitted = new FittedEnergy(model, { ...start, weight });

async function isingData(rows: number): Promise<Dataset> {
  const { x } = await ising.simulate({ samples: rows, key: key.fold(2) });
  const system = { name: "ising", parameters };
  return makeDataset(
    { arrays: { x }, meta: { version: metaVersion, space, encoding: "01", system } },
    "x.npz",
  );
}

/** log P of every configuration, by the log-weights of all. */
async function logProbs(x: NDArray): Promise<Float64Array> {
  const all = await fitted.logWeight(allConfigurations([2, 3]));
  const logZ = Math.log(all.reduce((sum, w) => sum + Math.exp(w), 0));
  return (await fitted.logWeight(x)).map((w) => w - logZ);
}

const mean = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0) / values.length;

test("where log Z can be summed, the score is exact, with the paired divergence from the system", async () => {
  const data = await isingData(300);
  const score = await scoreEnergy(fitted, data, { key, part: "all", rows: true });
  const exact = await logProbs(data.x);
  expect(score.exact).toBe(true);
  expect(score.logZ).toMatchObject({ method: "enumeration", terms: 32 });
  expect(score.logProb.lower).toEqual(score.logProb.upper);
  expect(score.logProb.lower.value).toBeCloseTo(mean(exact), 5);
  expect(score.nll.lower.value).toBeCloseTo(-mean(exact), 5);
  expect(score.nllPerSite.upper.value).toBeCloseTo(-mean(exact) / 6, 6);
  score.rows?.forEach((p, i) => {
    expect(p).toBeCloseTo(exact[i] as number, 5);
  });
  const difference = (ising.logProb(data.x) as Float64Array).map((p, i) => p - (exact[i] as number));
  expect(score.kl?.lower.value).toBeCloseTo(mean(difference), 5);
  expect(score.entropy).toBe(ising.exact?.entropy);
});

test("a bracket holds the exact score, its sides the right way round, and says how it was made", async () => {
  const data = await isingData(300);
  const options = { key, part: "all", rows: true } as const;
  const exact = await scoreEnergy(fitted, data, options);
  const bracket = await scoreEnergy(fitted, data, {
    ...options,
    bracket: true,
    chains: 50,
    temperatures: 50,
  });
  if (bracket.logZ.method !== "annealing" || exact.logZ.method !== "enumeration")
    throw new Error("other methods");
  const { lower, upper, interval, start, chains, temperatures, raise } = bracket.logZ;
  expect([bracket.exact, start, chains, temperatures]).toEqual([false, "chains", 50, 50]);
  expect(interval[0]).toBeLessThan(exact.logZ.value);
  expect(interval[1]).toBeGreaterThan(exact.logZ.value);
  expect(raise?.error).toBeGreaterThan(0);
  // log P = log-weight − log Z: the upper side of log Z is the lower one of log P, if chance has not turned them.
  expect(upper.value).toBeGreaterThan(lower.value);
  expect(bracket.logProb.lower.value).toBeCloseTo(bracket.logWeight.value - upper.value, 12);
  expect(bracket.logProb.upper.value).toBeCloseTo(bracket.logWeight.value - lower.value, 12);
  expect(bracket.nll.lower.value).toBe(-bracket.logProb.upper.value);
  expect(bracket.nll.upper.error).toBeCloseTo(Math.hypot(bracket.logWeight.error, upper.error), 12);
  expect(bracket.kl?.lower.value).toBeCloseTo(
    (exact.kl?.lower.value ?? 0) + lower.value - exact.logZ.value,
    6,
  );
  expect(mean(bracket.rows ?? [])).toBeCloseTo(
    (bracket.logProb.lower.value + bracket.logProb.upper.value) / 2,
    9,
  );
});
