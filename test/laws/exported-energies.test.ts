import { describe, expect, test } from "vitest";
import { ndarray, takeRows } from "../../src/array.ts";
import { stateCount } from "../../src/data/space.ts";
import { FittedEnergy } from "../../src/models/fitted/energy.ts";
import { traceLogWeight, traceSweep } from "../../src/models/graphs.ts";
import { Key } from "../../src/random/key.ts";
import { uniform } from "../../src/random/uniform.ts";
import { toOnnx } from "../../src/runtime/program.ts";
import { chiSquaredTest } from "../../src/stats/index.ts";
import { cases, disturbed, everyConfiguration, indices, someReals } from "./approximate-models.ts";
import { noiseOf, rowsFeed, runOnnx } from "./onnx.ts";

// An energy model leaves as two graphs that another program runs: here ONNX Runtime alone, with none of our engine between.
const ROWS = 20_000;
const SWEEPS = 3;

describe.each(cases)("$name", (c) => {
  const model = c.make();
  const parameters = disturbed(model);
  const discrete = stateCount(c.space) !== undefined;
  const weigh = toOnnx(traceLogWeight(model, parameters));
  const traced = traceSweep(model, parameters);
  const sweep = toOnnx(traced);

  test("the exported log-weight is the model's, of any number of rows", async () => {
    const many = discrete ? everyConfiguration(c.space) : someReals(c.space, 50, 2);
    for (const x of [many, takeRows(many, Uint32Array.of(1))]) {
      const fitted = new FittedEnergy(model, parameters);
      const own = await fitted.logWeight(x);
      await fitted.release();
      const { logweight } = await runOnnx(weigh, rowsFeed(c.space, x));
      expect(logweight?.dims).toEqual([own.length]);
      own.forEach((w, i) => {
        expect(Math.abs(w - Number(logweight?.data[i]))).toBeLessThan(1e-4 * (1 + Math.abs(w)));
      });
    }
  });

  test.runIf(discrete)(
    "exported sweeps leave the distribution that the log-weight gives as it is",
    async () => {
      const all = everyConfiguration(c.space);
      const states = all.shape[0] as number;
      const { logweight } = await runOnnx(weigh, rowsFeed(c.space, all));
      const weights = Float64Array.from(logweight?.data as Float32Array, Math.exp);
      const total = weights.reduce((s, w) => s + w, 0);
      // Exact draws by the inverse of the distribution function.
      let sum = 0;
      const cumulated = weights.map((w) => {
        sum += w / total;
        return sum;
      });
      const drawn = Uint32Array.from(uniform(Key.fromSeed(11), ROWS, "f64"), (u) => {
        const index = cumulated.findIndex((p) => u < p);
        return index < 0 ? states - 1 : index;
      });
      let { x } = rowsFeed(c.space, takeRows(all, drawn));
      const first = x.data.slice();
      for (let s = 0; s < SWEEPS; s++) {
        const { next } = await runOnnx(sweep, { x, ...noiseOf(traced, ROWS, s) });
        x = next as typeof x;
      }
      expect(x.data.some((v, i) => v !== first[i])).toBe(true);
      const counts = new Float64Array(states);
      const end = ndarray("f32", [ROWS, ...all.shape.slice(1)], Float32Array.from(x.data as Float32Array));
      for (const i of indices(c.space, end)) (counts[i] as number)++;
      const { pValue } = chiSquaredTest(
        counts,
        weights.map((w) => (w / total) * ROWS),
      );
      // Of about ten cases.
      expect(pValue).toBeGreaterThan(1e-4);
    },
  );
});
