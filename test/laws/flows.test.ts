import { describe, expect, test } from "vitest";
import { arrayFrom, type DType, type NDArray } from "../../src/array.ts";
import { readSafetensors, writeSafetensors } from "../../src/data/formats/safetensors.ts";
import { siteShape } from "../../src/data/space.ts";
import { isArray } from "../../src/models/arrays.ts";
import type { ExactModel, Parameters } from "../../src/models/contract.ts";
import { FittedExact } from "../../src/models/fitted/exact.ts";
import { traceLogProb, traceSampler } from "../../src/models/graphs.ts";
import { Key } from "../../src/random/key.ts";
import { normal } from "../../src/random/normal.ts";
import { engine } from "../../src/runtime/index.ts";
import { Program, toOnnx } from "../../src/runtime/program.ts";
import { KEY, Spec, trace } from "../../src/runtime/trace.ts";
import { chiSquaredTest, sum } from "../../src/stats/index.ts";
import { BATCH } from "../../src/tensor/shape.ts";
import { leavesWithPaths, mapTree } from "../../src/tensor/tree.ts";
import { contextOf, disturbed } from "./exact-models.ts";
import { type FlowCase, flows } from "./flows.ts";

const SAMPLES = 20_000;

/** Cells of the grid that densities are integrated over, along each side. */
const GRID = 400;

/** Everywhere the density is: the space itself, or of the whole plane a square whose outside has next to none. */
function extent({ space, reach = 15 }: FlowCase): readonly [number, number] {
  if (space.kind === "circle") return [-Math.PI, Math.PI];
  return (space.kind === "real" && space.bounds) || [-reach, reach];
}

/** Midpoints of the grid's cells, row by row, as datasets store them. */
function gridOf(c: FlowCase): { x: NDArray<"f32">; cell: number } {
  const [low, high] = extent(c);
  const step = (high - low) / GRID;
  const data = Float32Array.from({ length: 2 * GRID * GRID }, (_, i) => {
    const at = i >> 1;
    return low + step * ((i % 2 === 0 ? Math.floor(at / GRID) : at % GRID) + 0.5);
  });
  return { x: { dtype: "f32", shape: [GRID * GRID, ...siteShape(c.space)], data }, cell: step * step };
}

describe.each(flows)("$name", (c) => {
  const model = c.make();
  const parameters = shaken(model);
  const fitted = new FittedExact(model, parameters);
  const { x: grid, cell } = gridOf(c);
  let logs: Promise<Float64Array> | undefined;
  const density = () => {
    logs ??= fitted.logProb(grid, contextOf(c, GRID * GRID));
    return logs;
  };

  test("∫P = 1 by quadrature in the plane, within 1e-3", async () => {
    const all = await density();
    expect(Math.abs(sum(all.map(Math.exp)) * cell - 1)).toBeLessThan(1e-3);
    // Not a uniform density, nor the base: the integral would be 1 all the same.
    const sorted = all.toSorted();
    expect((sorted.at(-1) as number) - (sorted[sorted.length >> 1] as number)).toBeGreaterThan(0.5);
  });

  test("samples follow the density (chi-squared, p > 1e-4), with the log-probability that logProb gives, the same for the same seed", async () => {
    const context = contextOf(c, SAMPLES);
    const options = { key: Key.fromSeed(11), ...(context ? { context } : {}) };
    const { x, logProb } = await fitted.sample(SAMPLES, options);
    const again = await fitted.sample(SAMPLES, options);
    expect(again.x.data).toEqual(x.data);
    expect(again.logProb).toEqual(logProb);
    const scored = await fitted.logProb(x, context);
    const worst = scored.reduce((w, l, i) => Math.max(w, Math.abs(l - (logProb[i] as number))), 0);
    expect(worst).toBeLessThan(2e-3);

    // Cells of 25 × 25 of the grid; those with few samples expected are taken together.
    const side = 25;
    const [low, high] = extent(c);
    const all = await density();
    const blocks = (GRID / side) ** 2;
    const expected = new Float64Array(blocks);
    all.forEach((l, at) => {
      const block = Math.floor(Math.floor(at / GRID) / side) * (GRID / side) + Math.floor((at % GRID) / side);
      (expected[block] as number) += Math.exp(l) * cell * SAMPLES;
    });
    const counts = new Float64Array(blocks);
    const at = (v: number) =>
      Math.min(GRID / side - 1, Math.max(0, Math.floor(((v - low) / (high - low)) * (GRID / side))));
    for (let row = 0; row < SAMPLES; row++)
      (counts[at(x.data[2 * row] as number) * (GRID / side) + at(x.data[2 * row + 1] as number)] as number)++;
    const kept = [...expected.keys()].filter((i) => (expected[i] as number) > 20);
    expect(kept.length).toBeGreaterThan(4);
    const rest = (values: Float64Array) => SAMPLES - sum(Float64Array.from(kept, (i) => values[i] as number));
    const with_ = (values: Float64Array) =>
      Float64Array.from([...kept.map((i) => values[i] as number), Math.max(rest(values), 1e-9)]);
    const [observed, predicted] = [with_(counts), with_(expected)];
    const tail = predicted.at(-1) as number;
    const { pValue } =
      tail > 5
        ? chiSquaredTest(observed, predicted)
        : chiSquaredTest(observed.subarray(0, -1), scaled(predicted.subarray(0, -1), observed));
    expect(pValue).toBeGreaterThan(1e-4);
  });

  test("the flow's two directions and its base give the density, and every part is differentiable", async () => {
    const { flow } = model;
    if (!flow) throw new Error("a flow says how it maps");
    const rows = 300;
    const context = contextOf(c, rows);
    const tree = mapTree(parameters, isArray, ({ shape }) => new Spec(shape));
    const contexts = context ? [context] : [];
    const program = await Program.compile(
      trace(
        ((p: never, key: never, x: never, given: never) => {
          const { z, logDet } = flow.inverse(p, x, given);
          const back = flow.forward(p, z, given);
          return [model.logProb(p, x, given), logDet, back.logDet, back.x, flow.base(p, key).z];
        }) as never,
        [
          tree,
          KEY,
          new Spec([BATCH, ...siteShape(c.space)]),
          ...contexts.map(({ shape }) => new Spec([BATCH, shape[1]!])),
        ],
      ),
    );
    const { x } = await fitted.sample(rows, { key: Key.fromSeed(3), ...(context ? { context } : {}) });
    const args = [
      ...leavesWithPaths(parameters, isArray).map(([, a]) => a),
      x as NDArray<"f32">,
      ...contexts,
    ];
    const [, down, up, back, z] = (await program.run(args as NDArray<DType>[], {
      keys: [Key.fromSeed(4)],
    })) as NDArray<"f32">[];
    expect(z!.shape).toEqual([rows, ...flow.latentShape]);
    down!.data.forEach((d, i) => {
      expect(Math.abs(d + (up!.data[i] as number))).toBeLessThan(2e-3);
    });
    back!.data.forEach((v, i) => {
      const d = Math.abs(v - Number(x.data[i]));
      expect(c.space.kind === "circle" ? Math.min(d, Math.abs(2 * Math.PI - d)) : d).toBeLessThan(1e-3);
    });
    await program.release();
  });

  test("saved and loaded, the same numbers", async () => {
    const context = contextOf(c, 500);
    const { x } = await fitted.sample(500, { key: Key.fromSeed(5), ...(context ? { context } : {}) });
    const paths = leavesWithPaths(parameters, isArray);
    const { tensors } = readSafetensors(writeSafetensors(Object.fromEntries(paths)), "memory");
    const loaded = mapTree(parameters, isArray, (_, path) => tensors[path] as NDArray<"f32">) as Parameters;
    const other = new FittedExact(model, loaded);
    expect(await other.logProb(x, context)).toEqual(await fitted.logProb(x, context));
    await other.release();
  });

  test("the exported graphs are those of the model: log-probabilities of their own samples agree", async () => {
    const rows = 64;
    const context = contextOf(c, rows);
    const scorer = traceLogProb(model, parameters);
    const sampler = traceSampler(model, parameters);
    const [score, draw] = await Promise.all([scorer, sampler].map((traced) => engine.load(toOnnx(traced))));
    const noise = Object.fromEntries(
      sampler.noise.map(({ name, tensor, draw }, i) => {
        const shape = tensor.shape.map((n) => (n < 0 ? -n * rows : n));
        const size = shape.reduce((a, b) => a * b, 1);
        const values = normal(Key.fromSeed(6).fold(i), size, "f32");
        // Noise that is uniform: any numbers in [0, 1) will do.
        const data = draw.distribution === "uniform" ? values.map((v) => v - Math.floor(v)) : values;
        return [name, arrayFrom("f32", shape, data)];
      }),
    );
    const given = context ? { context } : {};
    const drawn = (await draw!.run({ ...noise, ...given } as never, {})) as Record<string, NDArray<"f32">>;
    const scored = (await score!.run({ x: drawn.x, ...given } as never, {})) as Record<
      string,
      NDArray<"f32">
    >;
    const own = await fitted.logProb(drawn.x as NDArray<"f32">, context);
    own.forEach((l, i) => {
      expect(Math.abs(l - (scored.logprob!.data[i] as number))).toBeLessThan(1e-4);
      expect(Math.abs(l - (drawn.logprob!.data[i] as number))).toBeLessThan(2e-3);
    });
    await score!.release();
    await draw!.release();
  });

  test("the family's estimate of the number of parameters is no less, and less than twice as many", () => {
    const count = sum(leavesWithPaths(parameters, isArray).map(([, { data }]) => data.length));
    expect(c.parameterCount()).toBeGreaterThanOrEqual(count);
    expect(c.parameterCount()).toBeLessThan(2 * count);
  });

  test("the same seed gives the same initial bits, another seed others", () => {
    const first = leavesWithPaths(model.init(Key.fromSeed(1)), isArray);
    expect(leavesWithPaths(model.init(Key.fromSeed(1)), isArray)).toEqual(first);
    expect(leavesWithPaths(model.init(Key.fromSeed(2)), isArray)).not.toEqual(first);
  });
});

/** Parameters that are far from fresh ones, a third as far as those of discrete models: what is stretched stays on the grid. */
function shaken(model: ExactModel): Parameters {
  const fresh = model.init(Key.fromSeed(5).fold(0));
  const far = leavesWithPaths(disturbed(model), isArray);
  let i = 0;
  return mapTree(fresh, isArray, (array) => {
    const other = far[i++]?.[1] as NDArray<"f32">;
    return { ...array, data: array.data.map((v, j) => v + 0.35 * ((other.data[j] as number) - v)) };
  }) as Parameters;
}

const scaled = (expected: Float64Array, observed: Float64Array) => {
  const factor = sum(observed.subarray(0, -1)) / sum(expected);
  return expected.map((v) => v * factor);
};
