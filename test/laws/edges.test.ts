import { describe, expect, test } from "vitest";
import { arrayFrom, type DType } from "../../src/array.ts";
import { jit } from "../../src/runtime/index.ts";
import type { Tensor } from "../../src/tensor/index.ts";
import * as T from "../../src/tensor/index.ts";

async function values(
  f: (x: Tensor) => Tensor,
  data: readonly number[],
  dtype: DType = "f64",
): Promise<number[]> {
  const run = jit(f);
  const result = await run(arrayFrom(dtype, [data.length], data));
  await run.release();
  return Array.from(result.data, Number);
}
const slope = (f: (x: Tensor) => Tensor) => T.grad((x: Tensor) => T.sum(f(x)));
const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

describe.each(["f32", "f64"] as const)("at the edges, %s", (dtype) => {
  const at = (f: (x: Tensor) => Tensor, ...data: number[]) => values(f, data, dtype);

  test("where takes one branch, whatever the other holds", async () => {
    expect(await at((x) => T.where(T.greater(x, 0), x, T.log(x)), 2, -1, 0)).toEqual([2, nan, -inf]);
    expect(await at((x) => T.where(T.greater(x, 0), T.log(x), 7), 1, -1, nan)).toEqual([0, 7, 7]);
  });

  test("a guarded argument keeps the derivative of where finite; an unguarded one does not", async () => {
    const unguarded = (x: Tensor) => T.where(T.greater(x, 0), T.sqrt(x), 0);
    const guarded = (x: Tensor) => T.where(T.greater(x, 0), T.sqrt(T.where(T.greater(x, 0), x, 1)), 0);
    expect(await at(slope(unguarded), 4, -1)).toEqual([0.25, nan]);
    expect(await at(slope(guarded), 4, -1, 0)).toEqual([0.25, 0, 0]);
    expect(await at(slope(T.elu), 1, 0, -800)).toEqual([1, 1, 0]);
  });

  test("clip, maximum and minimum: halves at a tie, nothing outside", async () => {
    const clip = (x: Tensor) => T.clip(x, -1, 1);
    expect(await at(clip, -inf, -2, -1, 0.5, 1, inf)).toEqual([-1, -1, -1, 0.5, 1, 1]);
    expect(await at(slope(clip), -2, -1, 0.5, 1, 2)).toEqual([0, 0.5, 1, 0.5, 0]);
    expect(
      await at(
        slope((x) => T.maximum(x, T.neg(x))),
        3,
        0,
        -3,
      ),
    ).toEqual([1, 0, -1]);
    expect(
      await at(
        slope((x) => T.minimum(x, 2)),
        1,
        2,
        3,
      ),
    ).toEqual([1, 0.5, 0]);
  });

  test("what is not a number stays so through the operations a NaN guard must see", async () => {
    const through: ((x: Tensor) => Tensor)[] = [
      (x) => T.maximum(x, 0),
      (x) => T.minimum(x, 0),
      (x) => T.clip(x, -1, 1),
      ...[
        T.relu,
        T.abs,
        T.exp,
        T.tanh,
        T.sigmoid,
        T.softplus,
        T.sin,
        T.sqrt,
        T.log1p,
        T.expm1,
        T.erf,
        T.gelu,
      ],
      ...[T.silu, T.elu, T.leakyRelu, T.floor, T.square],
      (x) => T.sum(x, 0, true),
      (x) => T.mean(x, 0, true),
      (x) => T.logSumExp(x, 0, true),
      (x) => T.softmax(x),
      (x) => T.cumsum(x, 0),
      (x) => T.pow(x, 2),
    ];
    for (const f of through) expect((await at(f, nan, 1)).slice(0, 1), String(f)).toEqual([nan]);
    for (const f of through) expect((await at(f, 1, nan)).at(-1), String(f)).toEqual(nan);
  });

  test("comparisons with what is not a number are false, but for ≠", async () => {
    for (const f of [T.equal, T.less, T.lessEqual, T.greater, T.greaterEqual])
      expect(await at((x) => f(x, 0), nan)).toEqual([0]);
    expect(await at((x) => T.equal(x, x), nan, inf)).toEqual([0, 1]);
    expect(await at((x) => T.notEqual(x, x), nan, inf)).toEqual([1, 0]);
  });

  test("logarithms of vanishing sums are −∞, and their derivatives finite where one term is left", async () => {
    expect(await at((x) => T.logSumExp(x, 0, true), -inf, -inf)).toEqual([-inf]);
    expect(await at((x) => T.logSumExp(x, 0, true), -inf, 3)).toEqual([3]);
    expect(
      await at(
        slope((x) => T.logSumExp(x)),
        -inf,
        3,
      ),
    ).toEqual([0, 1]);
    expect(await at((x) => T.logAddExp(x, -inf), -inf, 2, 1000)).toEqual([-inf, 2, 1000]);
    expect(await at((x) => T.softmax(x), -inf, 3, -inf)).toEqual([0, 1, 0]);
    expect(await at((x) => T.logSumExp(x, 0, true), 1000, 1000)).toEqual([
      dtype === "f32" ? Math.fround(1000 + Math.LN2) : 1000 + Math.LN2,
    ]);
  });

  test("derivatives at 0", async () => {
    expect(await at(slope(T.relu), 0)).toEqual([0]);
    expect(await at(slope(T.abs), -2, 0, 2)).toEqual([-1, 0, 1]);
    expect(await at(slope(T.sqrt), 0)).toEqual([inf]);
    for (const [n, expected] of [
      [0, 0],
      [1, 1],
      [2, 0],
      [3, 0],
    ] as const) {
      expect(
        await at(
          slope((x) => T.pow(x, n)),
          0,
        ),
      ).toEqual([expected]);
      const second = slope(slope((x) => T.pow(x, n)));
      expect(await at(second, 0)).toEqual([n === 2 ? 2 : 0]);
      expect(await at(slope(second), 0)).toEqual([n === 3 ? 6 : 0]);
    }
    expect(
      await at(
        slope((x) => T.pow(x, T.add(T.mul(x, 0), 2))),
        0,
      ),
    ).toEqual([0]);
  });

  test("equal maxima share the derivative", async () => {
    expect(
      await at(
        slope((x) => T.max(x)),
        1,
        5,
        5,
        2,
      ),
    ).toEqual([0, 0.5, 0.5, 0]);
    expect(
      await at(
        slope((x) => T.min(x)),
        1,
        5,
        1,
        1,
      ),
    ).toEqual([1 / 3, 0, 1 / 3, 1 / 3].map((v) => (dtype === "f32" ? Math.fround(v) : v)));
  });

  test("the sign of zero is kept", async () => {
    expect(await at((x) => T.div(1, T.mul(x, T.scalar(-0, dtype))), 1)).toEqual([-inf]);
    expect(
      await at(
        (x) => T.add(T.div(x, T.scalar(-0, dtype)), T.div(T.mul(x, 0), T.add(x, T.scalar(0, dtype)))),
        1,
      ),
    ).toEqual([-inf]);
  });
});

test("every fusion that the engine may try in double precision has a kernel", async () => {
  const square = (x: Tensor) => T.matmul(T.expandDims(x, 1), T.expandDims(x, 0));
  const bias = (x: Tensor) => T.add(square(x), x);
  const shapes: ((x: Tensor) => Tensor)[] = [
    T.silu,
    (x) => T.mul(x, T.sigmoid(T.mul(x, 1.702))),
    T.gelu,
    (x) => T.mul(T.mul(x, 0.5), T.add(T.tanh(T.mul(T.add(x, T.mul(T.pow(x, 3), 0.044715)), 0.79788456)), 1)),
    ...[T.relu, T.tanh, T.sigmoid, T.leakyRelu, T.softplus, T.elu, T.silu].map(
      (f) => (x: Tensor) => f(bias(x)),
    ),
    (x) => T.layerNorm(x, T.exp(x), x),
    (x) => T.div(x, T.sqrt(T.add(T.mean(T.square(x), -1, true), 1e-6))),
    (x) => T.softmax(T.add(T.mul(square(x), 0.5), x)),
    (x) =>
      T.mul(T.matmul(T.expandDims(square(x), 0), T.transpose(T.expandDims(square(x), 0), [0, 2, 1])), 0.5),
    (x) => T.matmul(T.mul(square(x), 0.25), T.transpose(T.mul(square(x), 3))),
    (x) => T.relu(T.conv2d(T.reshape(x, [1, 1, 2, 2]), T.reshape(x, [1, 1, 2, 2]), { padding: 1 })),
    (x) => T.clip(T.relu(x), 0, 6),
    (x) => T.sum(T.square(x), -1, true),
    (x) => T.logSumExp(T.add(square(x), x), 1),
    (x) => T.add(T.transpose(T.concat([square(x), bias(x)], 0)), 1),
  ];
  for (const f of shapes) {
    const data = [0.3, -0.7, 1.1, 0.2];
    const [wide, single] = [await values(f, data), await values(f, data, "f32")];
    wide.forEach((v, i) => {
      expect(v, String(f)).toBeCloseTo(single[i]!, 5);
    });
  }
});

describe("other element types", () => {
  const cases: Record<string, [(x: Tensor) => Tensor, number[], number[]]> = {
    add: [(x) => T.add(x, x), [1, 2, 3], [2, 4, 6]],
    sub: [(x) => T.sub(x, 1), [1, 2, 3], [0, 1, 2]],
    mul: [(x) => T.mul(x, x), [1, 2, 3], [1, 4, 9]],
    div: [(x) => T.div(x, 2), [1, 2, 7], [0, 1, 3]],
    maximum: [(x) => T.maximum(x, 2), [1, 2, 3], [2, 2, 3]],
    minimum: [(x) => T.minimum(x, 2), [1, 2, 3], [1, 2, 2]],
    equal: [(x) => T.equal(x, 2), [1, 2, 3], [0, 1, 0]],
    less: [(x) => T.less(x, 2), [1, 2, 3], [1, 0, 0]],
    greaterEqual: [(x) => T.greaterEqual(x, 2), [1, 2, 3], [0, 1, 1]],
    where: [(x) => T.where(T.less(x, 2), x, 9), [1, 2, 3], [1, 9, 9]],
    sum: [(x) => T.sum(x, 0, true), [1, 2, 3], [6]],
    max: [(x) => T.max(x, 0, true), [1, 3, 2], [3]],
    cumsum: [(x) => T.cumsum(x, 0), [1, 2, 3], [1, 3, 6]],
    slice: [(x) => T.slice(x, 0, 0, 3, 2), [1, 2, 3], [1, 3]],
    flip: [(x) => T.flip(x, 0), [1, 2, 3], [3, 2, 1]],
    pad: [(x) => T.pad(x, 0, 1), [1, 2], [0, 1, 2, 0]],
    concat: [(x) => T.concat([x, x]), [1, 2], [1, 2, 1, 2]],
    gather: [(x) => T.gather(x, T.constant(arrayFrom("i32", [2], [2, 0]))), [1, 2, 3], [3, 1]],
    broadcastTo: [(x) => T.flatten(T.broadcastTo(x, [2, 2])), [1, 2], [1, 2, 1, 2]],
    transpose: [(x) => T.flatten(T.transpose(T.reshape(x, [2, 2]))), [1, 2, 3, 4], [1, 3, 2, 4]],
  };
  /** What has no meaning, or no use, in an element type. */
  const left: Record<string, readonly string[]> = {
    i32: [],
    i64: [],
    u32: [],
    bool: [
      "add",
      "sub",
      "mul",
      "div",
      "maximum",
      "minimum",
      "less",
      "greaterEqual",
      "equal",
      "sum",
      "max",
      "cumsum",
      "where",
    ],
  };
  for (const dtype of ["i32", "i64", "u32", "bool"] as const)
    test(dtype, async () => {
      for (const [name, [f, data, expected]] of Object.entries(cases)) {
        if (left[dtype]?.includes(name)) continue;
        const bit = (v: number) => (dtype === "bool" ? v % 2 : v);
        expect(await values(f, data.map(bit), dtype), name).toEqual(expected.map(bit));
      }
    });
  test("signed integers: negation, absolute value, sign, smallest element, division towards 0", async () => {
    for (const dtype of ["i32", "i64"] as const) {
      expect(await values(T.neg, [1, -2], dtype)).toEqual([-1, 2]);
      expect(await values(T.abs, [1, -2], dtype)).toEqual([1, 2]);
      expect(await values(T.sign, [3, -2, 0], dtype)).toEqual([1, -1, 0]);
      expect(await values((x) => T.min(x, 0, true), [3, -2, 0], dtype)).toEqual([-2]);
      expect(await values((x) => T.div(x, 2), [7, -7], dtype)).toEqual([3, -3]);
    }
  });
  test("casts truncate real numbers and take any non-zero for true", async () => {
    expect(await values((x) => T.cast(x, "i32"), [1.9, -1.9, 0.2])).toEqual([1, -1, 0]);
    expect(await values((x) => T.cast(x, "i64"), [1.9, -1.9, 0.2], "f32")).toEqual([1, -1, 0]);
    expect(await values((x) => T.cast(x, "bool"), [0, 0.5, -3])).toEqual([0, 1, 1]);
    expect(await values((x) => T.cast(T.cast(x, "u32"), "f64"), [0, 5, 7], "i64")).toEqual([0, 5, 7]);
    expect(await values((x) => T.cast(T.equal(x, 5), "i64"), [0, 5], "i32")).toEqual([0, 1]);
  });
});
