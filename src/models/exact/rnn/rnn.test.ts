import { expect, test } from "vitest";
import { arrayFrom, type NDArray } from "../../../array.ts";
import { binary, categorical } from "../../../data/space.ts";
import { Key } from "../../../random/key.ts";
import { FittedExact } from "../../fitted/exact.ts";
import { latticeOf, orderOn } from "./lattice.ts";
import type { LayerParameters } from "./parameters.ts";
import { makeRnn } from "./rnn.ts";

const σ = (v: number) => 1 / (1 + Math.exp(-v));
/** Column `j` of `row · matrix`. */
const dot = (row: readonly number[], { data, shape }: NDArray<"f32">, j: number) =>
  row.reduce((sum, v, i) => sum + v * (data[i * (shape[1] as number) + j] as number), 0);

/** A GRU with one or two neighbours by plain loops, as its documentation has it. */
function gru(
  { gates, candidate }: LayerParameters,
  units: number,
  neighbours: readonly { h: number[]; x: number[] }[],
): number[] {
  const sum = (part: { input: readonly NDArray<"f32">[] }, j: number) =>
    neighbours.reduce((s, { x }, k) => s + dot(x, part.input[k] as NDArray<"f32">, j), 0);
  const recurrent = (part: { recurrent: readonly NDArray<"f32">[] }, j: number) =>
    neighbours.reduce((s, { h }, k) => s + dot(h, part.recurrent[k] as NDArray<"f32">, j), 0);
  return Array.from({ length: units }, (_, j) => {
    const [r, z, w] = [0, 1, 2].map((g) => {
      const at = g * units + j;
      if (at >= gates.bias.data.length) return 1;
      return σ(sum(gates, at) + recurrent(gates, at) + (gates.bias.data[at] as number));
    }) as [number, number, number];
    const own = sum(candidate, j) + (candidate.bias.data[j] as number);
    const others = recurrent(candidate, j) + (candidate.recurrentBias?.data[j] as number);
    const n = Math.tanh(own + r * others);
    const [left, above] = neighbours.map(({ h }) => h[j] as number) as [number, number?];
    return (1 - z) * n + z * (w * left + (1 - w) * (above ?? 0));
  });
}

test.each([1, 2])("log-probabilities in %i dimensions are those of plain loops", async (dimensions) => {
  const [rows, columns, units] = [3, 4, 5];
  const model = makeRnn({ space: binary([rows, columns]) }, { units, dimensions });
  const p = model.init(Key.fromSeed(3));
  p.layers[0]?.gates.bias.data.forEach((_, i, b) => {
    b[i] = 0.3 * (i % 4) - 0.2;
  });
  p.layers[0]?.candidate.recurrentBias?.data.fill(0.4);
  const x = [1, 0, 0, 1, 1, 1, 0, 1, 0, 0, 1, 0];
  const nothing = { h: Array<number>(units).fill(0), x: [0, 0] };
  const seen: { h: number[]; x: number[] }[][] = Array.from({ length: rows }, () => []);
  let before = nothing;
  let expected = 0;
  for (let r = 0; r < rows; r++)
    for (let t = 0; t < columns; t++) {
      const c = r % 2 === 0 ? t : columns - 1 - t;
      const left = dimensions === 2 && t === 0 ? nothing : before;
      const neighbours = dimensions === 2 ? [left, seen[r - 1]?.[c] ?? nothing] : [left];
      const h = gru(p.layers[0] as LayerParameters, units, neighbours);
      const logit = dot(h, p.output.weight, 0) + (p.output.bias.data[0] as number);
      const value = x[r * columns + c] as number;
      expected += Math.log(σ(value ? logit : -logit));
      before = { h, x: [1 - value, value] };
      (seen[r] as (typeof before)[])[c] = before;
    }
  const fitted = new FittedExact(model, p);
  const [logProb] = await fitted.logProb(arrayFrom("f32", [1, rows, columns], x));
  expect(logProb).toBeCloseTo(expected, 5);
  await fitted.release();
});

test("many states are embedded, few are one-hot, and neither table depends on the number of sites", () => {
  const paths = (states: number, sites: number) => {
    const model = makeRnn({ space: categorical([sites], states) }, { units: 16 });
    const { embedding, layers } = model.init(Key.fromSeed(1));
    return { embedding: embedding?.shape, input: layers[0]?.gates.input[0]?.shape };
  };
  expect(paths(32, 10)).toEqual({ embedding: undefined, input: [32, 32] });
  expect(paths(256, 10)).toEqual({ embedding: [256, 16], input: [16, 32] });
  expect(paths(256, 50)).toEqual(paths(256, 10));
});

test("snake order turns at every row", () => {
  expect([...orderOn(latticeOf([3, 3], 2, true))]).toEqual([0, 1, 2, 5, 4, 3, 6, 7, 8]);
  expect([...orderOn(latticeOf([2, 2, 2], 1, true))]).toEqual([0, 1, 3, 2, 4, 5, 7, 6]);
  expect([...orderOn(latticeOf([2, 3], 2, false))]).toEqual([0, 1, 2, 3, 4, 5]);
});

test("hyperparameters that the space does not allow are refused", () => {
  const make = (options: object, shape = [8]) => makeRnn({ space: binary(shape) }, options as never);
  expect(() => make({ dimensions: 2 })).toThrow(
    "dimensions 2 needs sites with two axes, such as 8x8; these have 1",
  );
  expect(() => make({ dimensions: 2 }, [2, 2, 2])).toThrow("two axes");
  expect(() => make({ embedding: 4 })).toThrow("embedding is for categorical sites");
  expect(() => make({ unit: 4 })).toThrow("units");
  expect(() => makeRnn({ space: { kind: "real", shape: [4] } })).toThrow("not real ones");
});
