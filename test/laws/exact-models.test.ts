import { describe, expect, test } from "vitest";
import { arrayFrom, type DType, type NDArray, takeRows } from "../../src/array.ts";
import { siteShape, sites, stateCount } from "../../src/data/space.ts";
import { modelRows } from "../../src/models/arrays.ts";
import { type ExactModel, inputType, type Parameters } from "../../src/models/contract.ts";
import { FittedExact } from "../../src/models/fitted/exact.ts";
import { Key } from "../../src/random/key.ts";
import { Program } from "../../src/runtime/program.ts";
import { Spec, trace } from "../../src/runtime/trace.ts";
import { chiSquaredTest, sum } from "../../src/stats/index.ts";
import { BATCH } from "../../src/tensor/shape.ts";
import { type Case, cases, contextOf, disturbed, everyConfiguration } from "./exact-models.ts";
import { asDouble, doubleSpecs, expectGradient, type Loss, parameterLaws } from "./parameters.ts";

/** log P of every configuration in double precision. */
async function logProbs(
  c: Case,
  model: ExactModel,
  parameters: Parameters,
  x: NDArray,
): Promise<Float64Array> {
  const rows = x.shape[0] as number;
  const type = inputType(c.space, "f64");
  const specs = [
    new Spec([BATCH, ...siteShape(c.space)], type),
    ...(c.context ? [new Spec([BATCH, sites(c.context)], "f64")] : []),
  ];
  const program = await Program.compile(
    trace(((p: never, x: never, context: never) => model.logProb(p, x, context)) as never, [
      doubleSpecs(parameters),
      ...specs,
    ]),
  );
  const context = contextOf(c, rows);
  const chunk = modelRows(c.space, x, 0, rows);
  const input = type === "i32" ? chunk : arrayFrom("f64", chunk.shape, chunk.data as Float32Array);
  const inputs = [
    ...asDouble(parameters),
    input,
    ...(context ? [arrayFrom("f64", context.shape, context.data)] : []),
  ];
  const [logProb] = await program.run(inputs as NDArray<DType>[]);
  await program.release();
  return (logProb as NDArray<"f64">).data;
}

const SAMPLES = 10_000;

describe.each(cases)("$name", (c) => {
  const model = c.make();
  const parameters = disturbed(model);

  test("probabilities sum to 1 within 1e-10 in double precision", async () => {
    const logs = await logProbs(c, model, parameters, everyConfiguration(c));
    expect(Math.abs(sum(logs.map(Math.exp)) - 1)).toBeLessThan(1e-10);
    // Not uniform: the sum would be 1 for a model that ignores its input.
    expect(Math.max(...logs) - Math.min(...logs)).toBeGreaterThan(1);
  });

  test("samples follow the exact probabilities, with the log-probability that logProb gives", async () => {
    const all = everyConfiguration(c);
    const exact = await logProbs(c, model, parameters, all);
    const fitted = new FittedExact(model, parameters);
    const context = contextOf(c, SAMPLES);
    const options = { key: Key.fromSeed(11), ...(context ? { context } : {}) };
    const { x, logProb } = await fitted.sample(SAMPLES, options);
    const again = await fitted.logProb(x, context);
    const few = 1500;
    const repeated = await fitted.sample(few, {
      ...options,
      ...(context && { context: contextOf(c, few) }),
    } as typeof options);
    await fitted.release();
    const n = sites(c.space);
    // Rows are drawn in batches, each from a key of its own.
    expect(repeated.x.data.slice(0, 1000 * n)).toEqual(x.data.slice(0, 1000 * n));
    expect(repeated.logProb.slice(0, 1000)).toEqual(logProb.slice(0, 1000));

    const k = stateCount(c.space) as number;
    const counts = new Float64Array(exact.length);
    let worst = 0;
    for (let row = 0; row < SAMPLES; row++) {
      let index = 0;
      for (let i = n - 1; i >= 0; i--) index = index * k + Number(x.data[row * n + i]);
      (counts[index] as number)++;
      const own = again[row] as number;
      worst = Math.max(
        worst,
        Math.abs((logProb[row] as number) - own),
        Math.abs(own - (exact[index] as number)),
      );
    }
    expect(worst).toBeLessThan(2e-4);
    const { pValue } = chiSquaredTest(
      counts,
      exact.map((l) => Math.exp(l) * SAMPLES),
    );
    expect(pValue).toBeGreaterThan(1e-4);
  });

  test("the gradient of the loss is that of central differences in double precision, and no free parameter lacks one", async () => {
    const rows = 25;
    const all = everyConfiguration(c);
    const logs = await logProbs(c, model, parameters, all);
    const possible = Uint32Array.from(logs.keys()).filter((row) => logs[row] !== Number.NEGATIVE_INFINITY);
    const spread = Uint32Array.from(
      { length: rows },
      (_, i) => possible[Math.floor(((i + 0.5) * possible.length) / rows)] as number,
    );
    const x = modelRows(c.space, takeRows(all, spread), 0, rows);
    const type = inputType(c.space, "f64");
    const input = type === "i32" ? x : arrayFrom("f64", x.shape, x.data as Float32Array);
    const context = contextOf(c, rows);
    const rest = [
      input,
      ...(context ? [arrayFrom("f64", context.shape, context.data)] : []),
    ] as NDArray<DType>[];
    const loss = (p: never, key: never, x: never, context: never) => model.loss(p, x, key, context);
    // Where the loss is an estimate over random orders or symmetries, the same ones every time.
    await expectGradient(parameters, model.masks, loss as Loss, rest);
  });

  const x = everyConfiguration(c);
  parameterLaws(
    model,
    parameters,
    c.parameterCount(),
    (p) => new FittedExact(model, p),
    (handle) => handle.logProb(x, contextOf(c, x.shape[0] as number)),
  );
});
