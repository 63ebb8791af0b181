import { Tensor } from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { levelCount } from "../../src/data/space.ts";
import { traceDraws } from "../../src/models/graphs.ts";
import { FittedImplicit } from "../../src/models/index.ts";
import { Key } from "../../src/random/key.ts";
import { drawNoise } from "../../src/runtime/noise.ts";
import { toOnnx } from "../../src/runtime/program.ts";
import { cases } from "./implicit-models.ts";
import { contextRows } from "./models/domain.ts";
import { runOnnx } from "./onnx.ts";
import { noiseFrom } from "./onnx-draws.ts";
import { disturbed, parameterLaws } from "./parameters.ts";

const ROWS = 40;

describe.each(cases)("$name", (c) => {
  const model = c.make();
  const parameters = disturbed(model);
  const context = contextRows(c.domain, ROWS);
  const given = context && { context };
  const isDiscrete = c.domain.space.kind === "binary" || levelCount(c.domain.space) !== undefined;

  test("samples are the image of their noise, by plain loops", async () => {
    const fitted = new FittedImplicit(model, parameters);
    const key = Key.fromSeed(6);
    const { x } = await fitted.sample(ROWS, { key, ...given });
    const { noise } = traceDraws(model, parameters);
    const drawn = noise.map(({ tensor, draw }) =>
      drawNoise({ ...draw, shape: tensor.shape }, [key.fold(0)], ROWS),
    );
    const numbers = drawn.flatMap(({ data }) => Array.from(data as Float32Array));
    const expected = c.rowsOf(parameters, numbers, context).flat();
    expect(x.data.length).toBe(expected.length);
    for (const [i, v] of expected.entries()) expect(Number(x.data[i])).toBeCloseTo(v, 4);
    await fitted.release();
  });

  test("the same seed gives the same samples, another seed others, and each chunk of rows its own", async () => {
    const fitted = new FittedImplicit(model, parameters);
    const drawn = await fitted.sample(ROWS, { seed: 1, ...given });
    expect(await fitted.sample(ROWS, { key: Key.fromSeed(1), ...given })).toEqual(drawn);
    expect(await fitted.sample(ROWS, { seed: 2, ...given })).not.toEqual(drawn);
    const many = 10_000;
    const long = contextRows(c.domain, many);
    const { x } = await fitted.sample(many, { seed: 1, ...(long && { context: long }) });
    const [first, second] = [
      x.data.slice(0, x.data.length / 10),
      x.data.slice(x.data.length / 10, x.data.length / 5),
    ];
    expect(first).not.toEqual(second);
    // Bits and grey levels repeat, whatever is drawn.
    if (isDiscrete) return fitted.release();
    expect(new Set(x.data as Float32Array).size).toBeGreaterThan(0.9 * x.data.length);
    await fitted.release();
  });

  test("the exported sampler, run by ONNX Runtime alone, is the handle", async () => {
    const fitted = new FittedImplicit(model, parameters);
    const key = Key.fromSeed(6);
    const traced = traceDraws(model, parameters);
    const feed: Record<string, Tensor> = context
      ? { context: new Tensor("float32", context.data, [...context.shape]) }
      : {};
    const drawn = await runOnnx(toOnnx(traced), { ...noiseFrom(traced, key.fold(0), ROWS), ...feed });
    const { x } = await fitted.sample(ROWS, { key, ...given });
    expect(Array.from(drawn.x?.data as Float32Array)).toEqual(Array.from(x.data, Number));
    await fitted.release();
  });

  parameterLaws(
    model,
    parameters,
    c.parameterCount(),
    (p) => new FittedImplicit(model, p),
    (handle) => handle.sample(ROWS, given),
  );

  test("what cannot be asked is refused in words", async () => {
    const fitted = new FittedImplicit(model, parameters);
    await expect(fitted.sample(0, given)).rejects.toThrow("the number of samples is a positive integer");
    if (context) await expect(fitted.sample(ROWS)).rejects.toThrow("is conditional");
  });
});
