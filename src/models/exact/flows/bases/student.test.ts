import { describe, expect, test } from "vitest";
import { arrayFrom, type NDArray } from "../../../../array.ts";
import { makeDataset } from "../../../../data/dataset.ts";
import { real } from "../../../../data/space.ts";
import { score } from "../../../../evaluate/index.ts";
import { Key } from "../../../../random/key.ts";
import { normal } from "../../../../random/normal.ts";
import { uniform } from "../../../../random/uniform.ts";
import { Program } from "../../../../runtime/program.ts";
import { KEY, Spec, trace } from "../../../../runtime/trace.ts";
import { independentMean, kolmogorovTest, logGamma } from "../../../../stats/index.ts";
import { BATCH } from "../../../../tensor/shape.ts";
import { fit } from "../../../../train/fit.ts";
import type { ExactModel } from "../../../contract.ts";
import { createModel } from "../../../registry.ts";
import { studentBase } from "./student.ts";
import { studentLogDensity } from "./student-density.ts";
import { studentFit } from "./student-fit.ts";

/** log of the density, by the gamma function. */
const logDensity = (t: number, nu: number) =>
  logGamma((nu + 1) / 2) -
  logGamma(nu / 2) -
  0.5 * Math.log(nu * Math.PI) -
  ((nu + 1) / 2) * Math.log1p((t * t) / nu);

const cauchy = (seed: number, n: number) =>
  uniform(Key.fromSeed(seed), n, "f64").map((u) => Math.tan(Math.PI * (u - 0.5)));

test("the density of Student's t is that of the gamma function, in the middle and far out", async () => {
  const nus = [0.5, 0.9, 1, 2, 3.7, 10, 80, 1000];
  const at = [0, 1e-3, 0.7, -3, 40, 1e4, -1e7, 1e15];
  const program = await Program.compile(
    trace(studentLogDensity, [new Spec([1, at.length]), new Spec([nus.length, 1])]),
  );
  const [result] = (await program.run([
    arrayFrom("f32", [1, at.length], at),
    arrayFrom("f32", [nus.length, 1], nus),
  ])) as NDArray<"f32">[];
  nus.forEach((nu, i) => {
    at.forEach((t, j) => {
      const exact = logDensity(Math.fround(t), Math.fround(nu));
      const own = result!.data[i * at.length + j] as number;
      expect(Math.abs(own - exact), `ν = ${nu}, t = ${t}`).toBeLessThan(2e-6 * Math.max(10, Math.abs(exact)));
    });
  });
  await program.release();
});

/** Draws of the base whose learned number is `freedom`. */
async function draws(freedom: number, n: number): Promise<Float64Array> {
  const base = studentBase([1]);
  const program = await Program.compile(
    trace(((p: never, key: never) => base.sample(p, key, BATCH, "f32")) as never, [
      { freedom: new Spec([1]) },
      KEY,
    ]),
  );
  const [z] = (await program.run([arrayFrom("f32", [1], [freedom])], {
    keys: [Key.fromSeed(4)],
    batch: n,
  })) as NDArray<"f32">[];
  await program.release();
  return Float64Array.from(z!.data);
}

/** What is learned for ν: its place between ½ and 1000, by logarithms. */
const learned = (nu: number) => {
  const place = Math.log(nu / 0.5) / Math.log(2000);
  return Math.log(place / (1 - place));
};

describe("draws of Student's t", () => {
  const cdf: Readonly<Record<number, (t: number) => number>> = {
    1: (t) => 0.5 + Math.atan(t) / Math.PI,
    2: (t) => 0.5 + t / (2 * Math.sqrt(2 + t * t)),
    4: (t) => {
      const s = t / Math.sqrt(4 + t * t);
      return 0.5 + 0.75 * (s - s ** 3 / 3);
    },
  };
  test.each(Object.keys(cdf).map(Number))(
    "have the distribution function of ν = %d (p > 1e-4)",
    async (nu) => {
      const t = await draws(learned(nu), 5000);
      const { pValue } = kolmogorovTest(t, cdf[nu]!);
      expect(pValue).toBeGreaterThan(1e-4);
    },
  );
});

test("the fit of a column finds location, scale and tails, whatever one outlier is", async () => {
  const n = 4000;
  const [heavy, light] = [cauchy(1, n), normal(Key.fromSeed(2), n, "f64")];
  const x = Float32Array.from({ length: 2 * n }, (_, i) =>
    i % 2 === 0 ? 5 + 0.01 * heavy[i >> 1]! : -2 + 3 * light[i >> 1]!,
  );
  x[0] = 1e6;
  const program = await Program.compile(trace(studentFit, [new Spec([n, 2])]));
  const results = (await program.run([arrayFrom("f32", [n, 2], x)])) as NDArray<"f32">[];
  await program.release();
  const [logFreedom, logScale, shift] = results.map(({ data }) => data);
  const named = { shift: shift!, scale: logScale!.map(Math.exp), freedom: logFreedom!.map(Math.exp) };
  // Errors of the median and the scale of Cauchy numbers are about 1.6 σ/√n and 1.4 σ/√n.
  expect(Math.abs(named.shift[0]! - 5)).toBeLessThan(5 * 0.0003);
  expect(Math.abs(named.scale[0]! / 0.01 - 1)).toBeLessThan(0.15);
  expect(named.freedom[0]).toBeCloseTo(1, 6);
  expect(Math.abs(named.shift[1]! + 2)).toBeLessThan(0.25);
  expect(Math.abs(named.scale[1]! / 3 - 1)).toBeLessThan(0.05);
  expect(named.freedom[1]).toBeGreaterThan(10);
});

describe("a flow with Student's base", { timeout: 240_000 }, () => {
  const rows = 4000;
  /** The mean over rows of log P_data − log P_model for new rows of two independent Cauchy numbers. */
  async function divergence(x: Float64Array, hyperparameters: Record<string, unknown>, epochs: number) {
    const name = "cauchy.npy";
    const dataset = makeDataset({ arrays: { x: arrayFrom("f64", [rows, 2], x) } }, name, {
      space: "real",
      rows: "independent",
    });
    const model = createModel(
      "realnvp",
      { space: real([2]) },
      { couplings: 2, hidden: 16, ...hyperparameters },
    ) as ExactModel;
    const fitted = await fit(model, dataset, { epochs, seed: 1 }).result();
    const fresh = cauchy(7, 2 * rows);
    const logs = await fitted.logProb(arrayFrom("f32", [rows, 2], fresh));
    const exact = logs.map((_, row) => logDensity(fresh[2 * row]!, 1) + logDensity(fresh[2 * row + 1]!, 1));
    const { nll } = await score(fitted, dataset, { part: "test" });
    await fitted.release();
    return { kl: independentMean(exact.map((e, i) => e - logs[i]!)), nll };
  }

  test("learns Cauchy's distribution to its entropy 2 log 4π, also with one outlier of 10⁶ among the rows", async () => {
    const x = cauchy(6, 2 * rows);
    const clean = await divergence(x, { base: "student" }, 4);
    const spoilt = x.slice();
    spoilt[100] = 1e6;
    const outlier = await divergence(spoilt, { base: "student" }, 4);
    for (const { kl, nll } of [clean, outlier]) {
      expect(kl.value).toBeLessThan(0.02);
      expect(Math.abs(nll.value - 2 * Math.log(4 * Math.PI))).toBeLessThan(4 * nll.error);
    }
    const plain = await divergence(spoilt, {}, 4);
    expect(plain.kl.value).toBeGreaterThan(1);
  });

  test("is refused with a mixture, and where numbers have bounds", () => {
    const make = (family: string, h: object, bounds?: readonly [number, number]) => () =>
      createModel(family, { space: real([2], bounds) }, { base: "student", ...h });
    expect(make("realnvp", { components: 2 })).toThrow("leave it out with base=student");
    expect(make("spline", {}, [0, 1])).toThrow("base=student is for real numbers without bounds");
  });
});

test("a fit does not depend on the units of columns, whatever their tails", { timeout: 60_000 }, async () => {
  const values = uniform(Key.fromSeed(8), 1200, "f64");
  const nllIn = async (unit: number) => {
    const x = arrayFrom(
      "f64",
      [600, 2],
      Array.from(values, (v) => v * unit),
    );
    const dataset = makeDataset({ arrays: { x } }, "x.npy", { space: "real", rows: "independent" });
    const size = { base: "student", couplings: 2, hidden: 8 } as const;
    const model = createModel("realnvp", { space: real([2]) }, size) as ExactModel;
    const fitted = await fit(model, dataset, { epochs: 2, seed: 1 }).result();
    const { nll } = await score(fitted, dataset, { part: "test" });
    await fitted.release();
    return nll.value;
  };
  // Two numbers a row; powers of 2 change no digit of them.
  expect((await nllIn(2 ** 30)) - (await nllIn(1))).toBeCloseTo(2 * 30 * Math.LN2, 2);
});
