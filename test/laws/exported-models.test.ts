import { Tensor } from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import type { NDArray } from "../../src/array.ts";
import { FittedExact } from "../../src/models/fitted/exact.ts";
import { traceLogProb, traceSampler } from "../../src/models/graphs.ts";
import { toOnnx } from "../../src/runtime/program.ts";
import { independentMean } from "../../src/stats/index.ts";
import { type Case, cases, contextOf, disturbed, everyConfiguration } from "./exact-models.ts";
import { noiseOf, rowsFeed, runOnnx } from "./onnx.ts";

// A model leaves as a file of bytes that another program runs: here ONNX Runtime alone, with none of our engine between.
const ROWS = 1500;

/** The last space of every line of the table of families, and every conditional case. */
const exported = cases.filter(
  (c, i) => c.context !== undefined || cases[i + 1]?.name.split(" on ")[0] !== c.name.split(" on ")[0],
);

const contextFeed = (c: Case, rows: number): Record<string, Tensor> => {
  const context = contextOf(c, rows);
  return context ? { context: new Tensor("float32", context.data, context.shape) } : {};
};

/** Runs an exported log-probability or sampler. */
async function run(bytes: Uint8Array, feeds: Record<string, Tensor>): Promise<Outputs> {
  return (await runOnnx(bytes, feeds)) as unknown as Outputs;
}

interface Outputs {
  readonly x: Tensor;
  readonly logprob: Tensor;
}

describe.each(exported)("$name", (c) => {
  const model = c.make();
  const parameters = disturbed(model);
  const score = toOnnx(traceLogProb(model, parameters));
  const feed = (x: NDArray) => ({ ...rowsFeed(c.space, x), ...contextFeed(c, x.shape[0] as number) });

  test("the exported log-probability is the model's, and sums to 1", async () => {
    const all = everyConfiguration(c);
    const rows = all.shape[0] as number;
    const fitted = new FittedExact(model, parameters);
    const own = await fitted.logProb(all, contextOf(c, rows));
    await fitted.release();
    const { logprob } = await run(score, feed(all));
    const logs = logprob.data as Float32Array;
    const worst = logs.reduce((w, l, i) => Math.max(w, Math.abs(l - (own[i] as number)) || 0), 0);
    expect(worst).toBeLessThan(2e-4);
    expect(Math.abs(logs.reduce((s, l) => s + Math.exp(l), 0) - 1)).toBeLessThan(1e-4);
  });

  test("the exported sampler draws rows of the exported log-probability, whose mean is the entropy", async () => {
    const traced = traceSampler(model, parameters);
    const drawn = await run(toOnnx(traced), { ...noiseOf(traced, ROWS), ...contextFeed(c, ROWS) });
    const { x } = drawn;
    const logs = Float64Array.from(drawn.logprob.data as Float32Array);
    const { logprob: again } = await run(score, { x, ...contextFeed(c, ROWS) });
    logs.forEach((l, i) => {
      expect(Math.abs(l - ((again.data as Float32Array)[i] as number))).toBeLessThan(2e-4);
    });
    const { logprob: every } = await run(score, feed(everyConfiguration(c)));
    const entropy = (every.data as Float32Array).reduce(
      (s, l) => s - (l === Number.NEGATIVE_INFINITY ? 0 : Math.exp(l) * l),
      0,
    );
    const mean = independentMean(logs);
    // |z| < 4.2 at p = 3e-5, of about fifty cases.
    expect(Math.abs(mean.value + entropy) / mean.error).toBeLessThan(4.2);
  });
});
