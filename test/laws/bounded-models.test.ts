import { Tensor } from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { arrayFrom, type DType, type NDArray, ndarray } from "../../src/array.ts";
import { sites } from "../../src/data/space.ts";
import { modelRows, storedRows } from "../../src/models/arrays.ts";
import type { BoundedModel, Parameters } from "../../src/models/contract.ts";
import { FittedBounded } from "../../src/models/fitted/bounded.ts";
import { traceBound, traceDraws } from "../../src/models/graphs.ts";
import { annealPosterior, drawJoint, requireLatent } from "../../src/models/index.ts";
import { Key } from "../../src/random/key.ts";
import { normal } from "../../src/random/normal.ts";
import { Program, toOnnx } from "../../src/runtime/program.ts";
import { KEY, Spec, trace } from "../../src/runtime/trace.ts";
import { independentMean, kolmogorovTest, mean, normalCdf } from "../../src/stats/index.ts";
import { mean as meanOf, neg } from "../../src/tensor/index.ts";
import { BATCH } from "../../src/tensor/shape.ts";
import { type Case, cases, type Known } from "./bounded-models.ts";
import { contextRows, rowsIn } from "./models/domain.ts";
import { rowsFeed, runOnnx } from "./onnx.ts";
import { noiseFrom } from "./onnx-draws.ts";
import { asDouble, disturbed, doubleSpecs, expectGradient, parameterLaws } from "./parameters.ts";

const ROWS = 40;
/** Largest |z| of one statistic; beyond with p = 6e-5. */
const LARGEST = 4;

/** Rows that are no model's own, as datasets store them. */
const someRows = ({ domain: { space } }: Case, rows: number): NDArray =>
  rowsIn(space, normal(Key.fromSeed(8), rows * sites(space), "f32"));

/** What a graph in double precision takes of rows or contexts: real numbers, or whole ones as they are. */
const double = (x: NDArray<DType>): NDArray<DType> =>
  x.dtype === "i32" ? x : arrayFrom("f64", x.shape, x.data as Float32Array);

/** An array whose rows come `times` times, one copy after the other. */
const repeated = (x: NDArray<DType>, times: number): NDArray<DType> =>
  arrayFrom(
    x.dtype,
    [times * (x.shape[0] as number), ...x.shape.slice(1)],
    Array.from({ length: times }, () => Array.from(x.data as Float32Array)).flat(),
  );

/** `draws` draws of the bound of each row in double precision, one array a draw. */
async function drawsOf(
  c: Case,
  model: BoundedModel,
  parameters: Parameters,
  x: NDArray,
  draws: number,
): Promise<Float64Array[]> {
  const rows = x.shape[0] as number;
  const context = contextRows(c.domain, rows);
  const graphRows = modelRows(c.domain.space, x, 0, rows);
  const rest = [graphRows, ...(context ? [context] : [])].map((array) => double(repeated(array, draws)));
  const f = (p: never, key: never, rows: never, context: never) => model.bound(p, rows, key, context).bound;
  const specs = rest.map(({ shape, dtype }) => new Spec([BATCH, ...shape.slice(1)], dtype));
  const program = await Program.compile(trace(f as never, [doubleSpecs(parameters), KEY, ...specs]));
  const inputs = [...asDouble(parameters), ...rest];
  const [bound] = await program.run(inputs, { keys: [Key.fromSeed(31)] });
  await program.release();
  const { data } = bound as NDArray<"f64">;
  return Array.from({ length: draws }, (_, draw) => data.slice(draw * rows, (draw + 1) * rows));
}

describe.each(cases)("$name", (c) => {
  const model = c.make();
  const hasStates = model.coding?.codes.kind === "categorical";
  const parameters = disturbed(model);
  const x = someRows(c, ROWS);
  const context = contextRows(c.domain, ROWS);
  const given = context && { context };
  const known = c.known as Known;

  test.runIf(c.known && model.importance)(
    "by the posterior every draw of the bound is log P, to rounding",
    async () => {
      const tight = known.tight(parameters);
      const exact = known.logProb(tight, x, context);
      // Parameters hold the posterior in single precision.
      for (const draw of await drawsOf(c, model, tight, x, 3))
        for (const [row, bound] of draw.entries()) expect(bound).toBeCloseTo(exact[row] as number, 4);
      expect(Math.max(...exact) - Math.min(...exact)).toBeGreaterThan(1);
      const fitted = new FittedBounded(model, tight);
      for (const draws of [1, 5])
        (await fitted.bound(x, { draws, ...given })).forEach((bound, row) => {
          const size = Math.max(1, Math.abs(exact[row] as number));
          expect(Math.abs(bound - (exact[row] as number)) / size).toBeLessThan(2e-5);
        });
      await fitted.release();
    },
  );

  test.runIf(c.known).each(["tight", "loose"] as const)(
    "by a %s encoder the mean of the draws is log P less the known divergence from the posterior",
    async (encoder) => {
      const own = known[encoder](parameters);
      const gaps = known.gap(own, x, context);
      if (encoder === "tight") expect(Math.max(...gaps.map(Math.abs))).toBeLessThan(1e-5);
      else expect(mean(gaps)).toBeGreaterThan(0.05);
      const expected = known.logProb(own, x, context).reduce((s, l, row) => s + l - (gaps[row] as number), 0);
      const sums = (await drawsOf(c, model, own, x, 400)).map((draw) => draw.reduce((s, b) => s + b, 0));
      const { value, error } = independentMean(Float64Array.from(sums));
      expect(Math.abs(value - expected) / (error + 1e-3)).toBeLessThan(LARGEST);
    },
  );

  test.runIf(c.known && model.importance)(
    "weights are unbiased, and the more of them there are the closer the bound comes to log P, from below",
    async () => {
      const loose = known.loose(parameters);
      const exact = known.logProb(loose, x, context);
      // One mean weight a draw: those of a draw share no noise.
      const shares = (await drawsOf(c, model, loose, x, 400)).map((draw) =>
        mean(draw.map((b, row) => Math.exp(b - (exact[row] as number)))),
      );
      const { value, error } = independentMean(Float64Array.from(shares));
      expect(Math.abs(value - 1) / error).toBeLessThan(LARGEST);
      const fitted = new FittedBounded(model, loose);
      const behind: number[] = [];
      for (const draws of [1, 8, 200])
        behind.push(mean(exact) - mean(await fitted.bound(x, { draws, seed: 4, ...given })));
      await fitted.release();
      const [one, some, many] = behind as [number, number, number];
      expect(one).toBeGreaterThan(1.5 * some);
      expect(some).toBeGreaterThan(1.5 * many);
      // What is left of it is of the order of the weights' variance over 2 · 200.
      expect(Math.abs(many)).toBeLessThan(0.02);
    },
  );

  test("the bound of several draws is joined from single ones, by the convention of the model", async () => {
    const fitted = new FittedBounded(model, parameters);
    const program = await Program.compile(traceBound(model, parameters));
    const key = Key.fromSeed(3);
    const each: Float32Array[] = [];
    for (let draw = 0; draw < 4; draw++) {
      const inputs = [modelRows(model.space, x, 0, ROWS), ...(context ? [context] : [])];
      const [bound] = await program.run(inputs, { keys: [key.fold(0).fold(draw)] });
      each.push((bound as NDArray<"f32">).data);
    }
    const joined = await fitted.bound(x, { draws: 4, seed: 3, ...given });
    joined.forEach((bound, row) => {
      const draws = each.map((b) => b[row] as number);
      const most = Math.max(...draws);
      const expected = model.importance
        ? most + Math.log(mean(draws.map((b) => Math.exp(b - most))))
        : mean(draws);
      expect(Math.abs(bound - expected)).toBeLessThan(1e-5 * Math.max(1, Math.abs(expected)));
    });
    await program.release();
    await fitted.release();
  });

  test("the same seed gives the same bounds and samples, another seed others, however many rows there are", async () => {
    const fitted = new FittedBounded(model, parameters);
    const bounds = await fitted.bound(x, { seed: 1, ...given });
    expect(await fitted.bound(x, { seed: 1, ...given })).toEqual(bounds);
    expect(await fitted.bound(x, { key: Key.fromSeed(1), ...given })).toEqual(bounds);
    expect(await fitted.bound(x, { seed: 2, ...given })).not.toEqual(bounds);
    const drawn = await fitted.sample(ROWS, { seed: 1, ...given });
    expect(drawn.x.shape).toEqual(x.shape);
    expect(await fitted.sample(ROWS, { seed: 1, ...given })).toEqual(drawn);
    expect(await fitted.sample(ROWS, { seed: 2, ...given })).not.toEqual(drawn);
    // Rows are gone through by the chunk, each with noise of its own.
    const many = 10_000;
    const long = contextRows(c.domain, many);
    const rows = await fitted.sample(many, { seed: 1, ...(long && { context: long }) });
    const all = await fitted.bound(rows.x, { seed: 1, ...(long && { context: long }) });
    // Codes of whole numbers have few values, and so have bounds by them.
    if (!hasStates) expect(new Set(all).size).toBeGreaterThan(0.9 * many);
    await fitted.release();
  });

  test.runIf(c.known)("samples follow the model", async () => {
    const fitted = new FittedBounded(model, parameters);
    const many = 10_000;
    const own = contextRows(c.domain, many);
    const drawn = await fitted.sample(many, { seed: 5, ...(own && { context: own }) });
    await fitted.release();
    const rows = known.whitened(parameters, drawn.x, own);
    for (const site of (rows[0] as number[]).keys()) {
      const column = rows.map((row) => row[site] as number);
      expect(kolmogorovTest(column, normalCdf).pValue).toBeGreaterThan(1e-4);
      for (let other = 0; other < site; other++) {
        const { value, error } = independentMean(
          Float64Array.from(rows, (row) => (row[site] as number) * (row[other] as number)),
        );
        expect(Math.abs(value) / error).toBeLessThan(LARGEST);
      }
    }
  });

  test.runIf(model.latent)(
    "on own samples annealing of the latent variables holds the bound from above, and its sides do not cross",
    async () => {
      const latent = requireLatent(model, "");
      const rows = 30;
      const own = contextRows(c.domain, rows);
      const also = own && { context: own };
      const joint = await drawJoint(latent, parameters, rows, Key.fromSeed(12), { ...also });
      const options = { exact: joint.z, chains: 2, temperatures: 32, leaps: 2, seed: 2 };
      const lanes = { count: rows, x: joint.x, ...also };
      const { lower, upper } = await annealPosterior(latent, parameters, lanes, options);
      const fitted = new FittedBounded(model, parameters);
      const x = storedRows(model.space, [joint.x]);
      const bounds = await fitted.bound(x, { draws: 100, seed: 3, ...also });
      await fitted.release();
      const above = (upper as typeof lower).value;
      for (const below of [lower.value, bounds]) {
        const { value, error } = independentMean(above.map((v, row) => v - (below[row] as number)));
        expect(value).toBeGreaterThan(-LARGEST * error - 1e-4);
      }
    },
  );

  // The gradient through rounded codes is no derivative: the quantiser's own test says what it is.
  test.skipIf(hasStates)(
    "the gradient of the loss is that of central differences, and no free parameter lacks one",
    async () => {
      const loss = (p: never, key: never, rows: never, context: never) =>
        neg(meanOf(model.bound(p, rows, key, context).bound));
      const rest = [modelRows(model.space, x, 0, ROWS), ...(context ? [context] : [])].map(double);
      await expectGradient(parameters, model.masks, loss, rest, c.fixed);
    },
  );

  test("the exported graphs, run by ONNX Runtime alone, are the handle", async () => {
    const fitted = new FittedBounded(model, parameters);
    const key = Key.fromSeed(6);
    const options = { key, ...given };
    const feed: Record<string, Tensor> = context
      ? { context: new Tensor("float32", context.data, [...context.shape]) }
      : {};
    const sampler = traceDraws(model, parameters);
    const drawn = await runOnnx(toOnnx(sampler), { ...noiseFrom(sampler, key.fold(0), ROWS), ...feed });
    expect(Array.from(drawn.x?.data as Float32Array)).toEqual(
      Array.from((await fitted.sample(ROWS, options)).x.data as Float32Array),
    );
    const bound = traceBound(model, parameters);
    const noise = noiseFrom(bound, key.fold(0).fold(0), ROWS);
    const bounded = await runOnnx(toOnnx(bound), { ...rowsFeed(c.domain.space, x), ...noise, ...feed });
    expect(Float64Array.from(bounded.bound?.data as Float32Array)).toEqual(await fitted.bound(x, options));
    await fitted.release();
  });

  parameterLaws(
    model,
    parameters,
    c.parameterCount(),
    (p) => new FittedBounded(model, p),
    (handle) => handle.bound(x, given),
  );

  test("what cannot be asked is refused in words", async () => {
    const fitted = new FittedBounded(model, parameters);
    await expect(fitted.bound(x, { draws: 0, ...given })).rejects.toThrow(
      "draws is a positive integer, not 0",
    );
    await expect(fitted.bound(ndarray("f32", [2, 9]), given)).rejects.toThrow("rows of shape [9]");
    await expect(fitted.sample(0, given)).rejects.toThrow("the number of samples is a positive integer");
    if (context) {
      await expect(fitted.bound(x)).rejects.toThrow(
        "is conditional: it needs a context of 2 values per row (--context)",
      );
      await expect(fitted.sample(ROWS)).rejects.toThrow("is conditional");
    }
  });
});
