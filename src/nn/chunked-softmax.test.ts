import { describe, expect, test } from "vitest";
import { arrayFrom, type NDArray } from "../array.ts";
import { Key } from "../random/key.ts";
import { normal } from "../random/normal.ts";
import { uniform } from "../random/uniform.ts";
import { jit } from "../runtime/jit.ts";
import { chiSquaredTest } from "../stats/index.ts";
import { broadcastTo, matmul, type Tensor, transpose } from "../tensor/index.ts";
import { chunkedDraw, chunkedLogProb } from "./chunked-softmax.ts";
import { categoricalLogProb } from "./likelihood.ts";

const [ROWS, WIDTH] = [7, 3];
const array = (dtype: "f32" | "f64", shape: number[], seed: number, scale = 1) =>
  arrayFrom(
    dtype,
    shape,
    normal(
      Key.fromSeed(seed),
      shape.reduce((a, b) => a * b, 1),
      "f64",
    ).map((v) => scale * v),
  );
const targets = (states: number) => arrayFrom("i32", [ROWS], [0, 1, states - 1, 2, 3, states - 2, 1]);

/** log softmax(features · tableᵀ / temperature) of one row by plain loops. */
function logSoftmaxOf(features: NDArray, table: NDArray, row: number, temperature = 1): number[] {
  const [states, width] = table.shape as [number, number];
  const logits = Array.from({ length: states }, (_, k) => {
    let sum = 0;
    for (let j = 0; j < width; j++)
      sum += Number(features.data[row * width + j]) * Number(table.data[k * width + j]);
    return sum / temperature;
  });
  const high = Math.max(...logits);
  const total = high + Math.log(logits.reduce((s, l) => s + Math.exp(l - high), 0));
  return logits.map((l) => l - total);
}

describe.each([
  [12, 4],
  [13, 4],
  [4, 4],
  [5, 8],
  [9, 1],
])("%i states in blocks of %i", (states, chunk) => {
  test.each([1, 40])(
    "log-probabilities are those of the softmax in double precision, logits of scale %i",
    async (scale) => {
      const [features, table] = [array("f64", [ROWS, WIDTH], 1, scale), array("f64", [states, WIDTH], 2)];
      const f = jit((h: Tensor, t: Tensor, x: Tensor) => [
        chunkedLogProb(h, t, x, chunk),
        categoricalLogProb(matmul(h, transpose(t)), x),
      ]);
      const [chunked, plain] = (await f(features, table, targets(states))) as NDArray<"f64">[];
      await f.release();
      chunked?.data.forEach((v, row) => {
        const exact = logSoftmaxOf(features, table, row)[targets(states).data[row] as number] as number;
        expect(Math.abs(v - exact)).toBeLessThan(1e-12 * Math.max(1, Math.abs(exact)));
        expect(Math.abs(v - (plain?.data[row] as number))).toBeLessThan(1e-12 * Math.max(1, Math.abs(exact)));
      });
    },
  );

  test.each([undefined, 0.7])("draws follow the softmax at temperature %s, p > 1e-4", async (temperature) => {
    const n = 20_000;
    const [features, table] = [array("f32", [1, WIDTH], 3), array("f32", [states, WIDTH], 4)];
    const f = jit((h: Tensor, t: Tensor, u: Tensor, tau: Tensor) =>
      chunkedDraw(broadcastTo(h, [n, WIDTH]), t, u, chunk, temperature && tau ? tau : undefined),
    );
    const u = arrayFrom("f32", [n, 2], uniform(Key.fromSeed(5), 2 * n, "f32"));
    const { value, logProb } = (await f(features, table, u, arrayFrom("f32", [], [temperature ?? 1]))) as {
      value: NDArray<"i32">;
      logProb: NDArray<"f32">;
    };
    await f.release();
    const counts = new Float64Array(states);
    const exact = logSoftmaxOf(features, table, 0);
    value.data.forEach((v, i) => {
      (counts[v] as number)++;
      expect(Math.abs((logProb.data[i] as number) - (exact[v] as number))).toBeLessThan(1e-5);
    });
    const expected = logSoftmaxOf(features, table, 0, temperature).map((l) => n * Math.exp(l));
    expect(chiSquaredTest(counts, expected).pValue).toBeGreaterThan(1e-4);
  });
});

test("uniform numbers at the ends of the interval draw the first and the last state", async () => {
  const states = 10;
  // Equal logits; and logits whose last block holds next to nothing, where rounding could lead beyond the table.
  for (const slope of [0, -3]) {
    const table = arrayFrom(
      "f32",
      [states, 1],
      Array.from({ length: states }, (_, k) => slope * k),
    );
    const f = jit((h: Tensor, t: Tensor, u: Tensor) => chunkedDraw(h, t, u, 4));
    const below = 1 - 2 ** -24;
    const u = arrayFrom("f32", [2, 2], [0, 0, below, below]);
    const { value, logProb } = (await f(arrayFrom("f32", [2, 1], [1, 1]), table, u)) as {
      value: NDArray<"i32">;
      logProb: NDArray<"f32">;
    };
    await f.release();
    expect(value.data[0]).toBe(0);
    expect(value.data[1]).toBeGreaterThan(slope === 0 ? 8 : 3);
    expect(value.data[1]).toBeLessThan(states);
    expect(logProb.data.every(Number.isFinite)).toBe(true);
  }
});

test("a chunk that is no positive number of states is refused", () => {
  const f = jit((h: Tensor, t: Tensor, x: Tensor) => chunkedLogProb(h, t, x, 0));
  return expect(f(array("f32", [ROWS, WIDTH], 1), array("f32", [9, WIDTH], 2), targets(9))).rejects.toThrow(
    "a chunk is a positive number of states, not 0",
  );
});

test("a million states take the memory of blocks of them, not of all logits", async () => {
  const [rows, states] = [100, 1_000_000];
  const table = arrayFrom("f32", [states, 2], new Float32Array(2 * states).fill(0.5));
  const features = array("f32", [rows, 2], 1);
  const f = jit((h: Tensor, t: Tensor, u: Tensor) => {
    const { value, logProb } = chunkedDraw(h, t, u);
    return [value, logProb, chunkedLogProb(h, t, value)];
  });
  const u = arrayFrom("f32", [rows, 2], uniform(Key.fromSeed(6), 2 * rows, "f32"));
  const before = process.memoryUsage().rss;
  const [value, drawn, scored] = (await f(features, table, u)) as NDArray<"f32">[];
  const grown = process.memoryUsage().rss - before;
  await f.release();
  // All logits of 100 rows would be 400 MB.
  expect(grown).toBeLessThan(200e6);
  // Equal rows of the table make all states alike.
  for (const logProb of [drawn, scored])
    logProb?.data.forEach((l) => {
      expect(Math.abs(l + Math.log(states))).toBeLessThan(1e-4);
    });
  const mean = (value?.data.reduce((s, v) => s + v, 0) as number) / rows / states;
  expect(Math.abs(mean - 0.5)).toBeLessThan(4 / Math.sqrt(12 * rows));
});
