import { describe, expect, test } from "vitest";
import { arrayFrom, type DType, type NDArray, sizeOf } from "../../src/array.ts";
import { Key } from "../../src/random/index.ts";
import { jit } from "../../src/runtime/index.ts";
import type { Tensor } from "../../src/tensor/index.ts";
import * as T from "../../src/tensor/index.ts";
import { expectClose, numbers, toGrid } from "./check.ts";

const filled = (dtype: "f32" | "f64", shape: readonly number[], seed = 3) => {
  const random = numbers(seed);
  return arrayFrom(
    dtype,
    shape,
    Array.from({ length: sizeOf(shape) }, () => 2 * random() - 1),
  );
};
const known =
  (...shape: number[]) =>
  (x: Tensor) =>
    T.constant(filled(x.dtype as "f32", shape, 17));

const rows = (x: Tensor) => x.shape[0]!;

/** Functions of a batch of rows [batch, 4] or, where named, of other rows; a new one is one line. */
const functions: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  elementwise: (x) => T.gelu(T.softplus(T.mul(x, 2))),
  broadcasting: (x) => T.add(x, known(4)(x)),
  "reduction over the row": (x) => T.logSumExp(x, 1),
  "reduction over the batch": (x) => T.mean(x, 0),
  "sum over all": (x) => T.sum(x),
  "mean over all": (x) => T.mean(x),
  "average of probabilities over the batch": (x) => T.add(T.logMeanExp(x, 0), T.logMeanExp(x)),
  softmax: (x) => T.softmax(x, 1),
  "layer normalisation": (x) => T.layerNorm(x, known(4)(x), known(4)(x)),
  matmul: (x) => T.add(T.matmul(x, known(4, 3)(x)), known(3)(x)),
  "product with the transposed batch": (x) => T.matmul(T.transpose(x), x),
  einsum: (x) => T.einsum("bi,bj->bij", x, T.exp(x)),
  "einsum over the batch": (x) => T.einsum("bi,bj->ij", x, T.exp(x)),
  reshape: (x) => T.reshape(x, [rows(x), 2, 2]),
  "the batch merged with an axis": (x) =>
    T.reshape(T.matmul(T.reshape(x, [2 * rows(x), 2]), known(2, 3)(x)), [rows(x), 6]),
  flatten: (x) => T.exp(T.flatten(x)),
  broadcastTo: (x) => T.mul(T.broadcastTo(T.expandDims(x, 1), [rows(x), 3, 4]), known(3, 1)(x)),
  "concat and slice": (x) => T.concat([T.slice(x, 1, 1, 3), T.flip(x, 1)], 1),
  "two batches end to end": (x) => T.concat([x, T.neg(x)], 0),
  stack: (x) => T.stack([x, T.neg(x)], 1),
  "pad and roll": (x) => T.roll(T.padPeriodic(T.pad(x, 1, 1), 1, 2), 1, 1),
  cumsum: (x) => T.cumsum(x, 1, { exclusive: true }),
  "cumsum over the batch": (x) => T.cumsum(x, 0, { reverse: true }),
  where: (x) => T.where(T.greater(x, 0), x, 0),
  gather: (x) => T.gather(x, T.constant(arrayFrom("i32", [3], [1, 3, 1])), 1),
  scatterAdd: (x) => T.scatterAdd(x, T.constant(arrayFrom("i32", [4], [1, 0, 1, 2])), 3, 1),
  "gather by the batch": (x) => T.gather(known(3, 2)(x), T.cast(T.greater(T.slice(x, 1, 0, 2), 0), "i32")),
  oneHot: (x) => T.mul(T.oneHot(T.cast(T.greater(x, 0), "i32"), 2, x.dtype), T.expandDims(x, -1)),
  batchSize: (x) => T.mul(x, T.batchSize(x.dtype)),
  "full of the batch": (x) => T.add(T.full(x.shape, 3, x.dtype), x),
  conv2d: (x) => T.conv2d(T.reshape(x, [rows(x), 1, 2, 2]), known(3, 1, 2, 2)(x), { padding: 1 }),
  "strided conv2d": (x) =>
    T.conv2d(T.reshape(x, [rows(x), 2, 2, 1]), known(3, 2, 2, 1)(x), { padding: 1, stride: 2 }),
  convTranspose2d: (x) =>
    T.convTranspose2d(T.reshape(x, [rows(x), 1, 2, 2]), known(1, 3, 2, 2)(x), { stride: 2 }),
  "scan over columns": (x) => {
    const w = known(4, 4)(x);
    const step = (h: Tensor, s: Tensor): [Tensor, Tensor] => {
      const next = T.tanh(T.add(T.matmul(h, w), T.expandDims(s, 1)));
      return [next, T.mul(next, next)];
    };
    const [h, ys] = T.scan(step, x, T.transpose(x));
    return T.add(h, T.sum(ys, 0));
  },
};

/** Kernels and the like whose gradient contracts over the batch. */
const parameters: Readonly<
  Record<string, { shape: readonly number[]; f: (w: Tensor, x: Tensor) => Tensor }>
> = {
  matrix: { shape: [4, 3], f: (w, x) => T.matmul(x, w) },
  bias: { shape: [4], f: (w, x) => T.mul(x, w) },
  table: { shape: [2, 3], f: (w, x) => T.gather(w, T.cast(T.greater(x, 0), "i32")) },
  kernel: {
    shape: [3, 1, 2, 2],
    f: (w, x) => T.conv2d(T.reshape(x, [rows(x), 1, 2, 2]), w, { padding: 1 }),
  },
  "strided kernel": {
    shape: [3, 2, 2, 1],
    f: (w, x) => T.conv2d(T.reshape(x, [rows(x), 2, 2, 1]), w, { padding: 1, stride: 2 }),
  },
  "transposed kernel": {
    shape: [1, 3, 2, 2],
    f: (w, x) => T.convTranspose2d(T.reshape(x, [rows(x), 1, 2, 2]), w, { stride: 2 }),
  },
};

const first = (x: NDArray<DType>, rows: number): NDArray<DType> => ({
  ...x,
  shape: [rows, ...x.shape.slice(1)],
  data: x.data.slice(0, (rows * x.data.length) / x.shape[0]!) as never,
});

for (const dtype of ["f32", "f64"] as const)
  describe(`one graph serves batches of 1, 7 and 0 as graphs of those sizes do, ${dtype}`, () => {
    const compare = async (f: (w: Tensor, x: Tensor) => Tensor[], w: NDArray<DType>) => {
      const one = jit(f, { batch: [1] });
      const x = filled(dtype, [7, 4]);
      const shapes: (readonly number[])[][] = [];
      for (const count of [1, 7]) {
        const own = jit(f);
        const batch = first(x, count);
        const actual = await one(w, batch);
        const expected = await own(w, batch);
        await own.release();
        actual.forEach((t, i) => {
          const what = `result ${i} at ${count} rows`;
          expectClose(toGrid(t), toGrid(expected[i]!), dtype === "f32" ? 1e-5 : 1e-12, what);
        });
        shapes.push(actual.map((t) => t.shape));
      }
      const empty = await one(w, first(x, 0));
      await one.release();
      // What grows with the batch is empty with it.
      empty.forEach((t, i) => {
        const [a, b] = shapes.map((s) => s[i]!);
        expect(t.shape).toEqual(a!.map((n, axis) => (n === b![axis] ? n : 0)));
      });
    };
    for (const [name, f] of Object.entries(functions))
      test(name, () => {
        const loss = (x: Tensor) => T.sum(T.sin(f(x)));
        const slope = (x: Tensor) => T.sum(T.square(T.grad(loss)(x)));
        // The batch size is read from the argument, as a fixed size is not.
        if (name === "batchSize") return;
        return compare((_, x) => [f(x), T.grad(loss)(x), T.grad(slope)(x)], filled(dtype, [1]));
      });
    for (const [name, { shape, f }] of Object.entries(parameters))
      test(`gradient of a ${name}`, () => {
        const loss = (w: Tensor, x: Tensor) => T.sum(T.sin(f(w, x)));
        const slope = (w: Tensor, x: Tensor) => T.sum(T.square(T.grad(loss)(w, x)));
        return compare((w, x) => [T.grad(loss)(w, x), T.grad(slope)(w, x)], filled(dtype, shape));
      });
  });

test("batchSize is the batch's size, in any element type", async () => {
  const f = jit((x: Tensor) => [T.mul(x, T.batchSize("f32")), T.batchSize("f64"), T.batchSize("i64")], {
    batch: [0],
  });
  const [scaled, real, integer] = await f(arrayFrom("f32", [3], [1, 2, 3]));
  await f.release();
  expect([...scaled!.data]).toEqual([3, 6, 9]);
  expect([...real!.data, ...integer!.data]).toEqual([3, 3n]);
});

test("noise takes the batch's size", async () => {
  const f = jit((key: T.SymbolicKey, x: Tensor) => T.add(T.normal(key, x.shape), T.mul(x, 0)), {
    batch: [1],
  });
  const at = (rows: number) => f(Key.fromSeed(4), filled("f32", [rows, 4]));
  const [few, many] = [await at(2), await at(5)];
  await f.release();
  expect(many.shape).toEqual([5, 4]);
  expect([...few.data]).toEqual([...many.data].slice(0, 8));
});
