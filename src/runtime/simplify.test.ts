import { expect, test } from "vitest";
import { arrayFrom, type DType, type NDArray } from "../array.ts";
import { nodesOf } from "../tensor/graph.ts";
import type { Tensor } from "../tensor/index.ts";
import * as T from "../tensor/index.ts";
import type { ScanAttributes } from "../tensor/ops/scan.ts";
import { jit } from "./jit.ts";
import { Spec, trace } from "./trace.ts";

/** The operations that are left of a function of one [2, 3] matrix, inputs and constants aside. */
function left(f: (x: Tensor) => Tensor | Tensor[], dtype: DType = "f32"): string[] {
  const { outputs } = trace((x: Tensor) => f(x), [new Spec([2, 3], dtype)]);
  return nodesOf(outputs.map((o) => o.tensor))
    .map((n) => n.operation.name)
    .filter((name) => name !== "input" && name !== "constant");
}
const known = (f: () => Tensor): number => {
  const { outputs } = trace(() => f(), []);
  const node = outputs[0]!.tensor.node;
  expect(node.operation.name).toBe("constant");
  return Number((node.attributes as NDArray<DType>).data[0]);
};

test("what changes nothing disappears", () => {
  expect(left((x) => T.add(T.div(T.mul(x, 1), 1), 0))).toEqual([]);
  expect(left((x) => T.mul(1, T.add(0, T.sub(x, 0))))).toEqual([]);
  expect(left((x) => T.stopGradient(T.neg(T.neg(x))))).toEqual([]);
  expect(left((x) => T.transpose(T.transpose(x)))).toEqual([]);
  expect(left((x) => T.reshape(T.flatten(x), [2, 3]))).toEqual([]);
  expect(left((x) => T.reshape(T.reshape(x, [3, 2]), [6]))).toEqual(["reshape"]);
  expect(
    left((x) =>
      T.customGradient(
        (y) => [T.exp(y!)],
        () => [undefined],
      )(x),
    ),
  ).toEqual(["exp"]);
  // One number repeated is rearranged only where it has axes enough to lose none.
  expect(
    left((x) => T.add(T.reshape(T.broadcastTo(T.slice(T.slice(x, 0, 0, 1), 1, 0, 1), [6, 1]), [6]), 0)),
  ).toEqual(["slice", "slice", "broadcastTo", "reshape"]);
  // 1 that widens still widens, and 0 − x is not x.
  expect(left((x) => T.mul(x, T.ones([4, 1, 1])))).toEqual(["broadcastTo"]);
  expect(left((x) => T.sub(0, x))).toEqual(["sub"]);
  expect(left((x) => T.sum(T.reshape(x, [2, 1, 3, 1]), [1, 3]))).toEqual([]);
  expect(left((x) => T.sum(T.reshape(x, [2, 1, 3]), [1, 2]))).toEqual(["reshape", "sum"]);
  expect(left((x) => T.add(T.neg(x), T.exp(x)))).toEqual(["exp", "sub"]);
  expect(left((x) => T.add(T.exp(x), T.neg(x)))).toEqual(["exp", "sub"]);
});

test("equal subexpressions become one, also those that simplification makes equal", () => {
  expect(left((x) => T.add(T.exp(x), T.exp(x)))).toEqual(["exp", "add"]);
  expect(left((x) => T.add(T.exp(T.mul(x, 1)), T.exp(x)))).toEqual(["exp", "add"]);
  expect(left((x) => T.add(T.transpose(T.exp(x)), T.transpose(T.exp(T.neg(T.neg(x))))))).toEqual([
    "exp",
    "transpose",
    "add",
  ]);
  expect(left((x) => [T.sum(x, 0), T.sum(x, 1), T.sum(x, [0])])).toEqual(["sum", "sum"]);
});

test("0 and −0 are told apart", async () => {
  const f = jit((x: Tensor) => [T.div(x, T.scalar(0)), T.div(x, T.scalar(-0))]);
  const results = await f(arrayFrom("f32", [1], [1]));
  await f.release();
  expect(results.map((r) => r.data[0])).toEqual([Infinity, -Infinity]);
});

test("known numbers are folded as the engine would compute them", () => {
  const third = Math.fround(Math.fround(0.1) / Math.fround(0.3));
  expect(known(() => T.div(T.scalar(0.1), 0.3))).toBe(third);
  expect(known(() => T.mul(T.scalar(0.1), T.scalar(0.7)))).toBe(
    Math.fround(Math.fround(0.1) * Math.fround(0.7)),
  );
  expect(known(() => T.add(T.scalar(0.1, "f64"), 0.2))).toBe(0.1 + 0.2);
  expect(known(() => T.neg(T.sub(T.scalar(1), 3)))).toBe(2);
});

test("elementwise work comes before broadcasting, and a broadcast that an operation does by itself goes", () => {
  expect(left((x) => T.mul(x, T.broadcastTo(T.scalar(3), [2, 3])))).toEqual(["mul"]);
  expect(left((x) => T.exp(T.broadcastTo(T.slice(x, 0, 0, 1), [2, 3])))).toEqual([
    "slice",
    "exp",
    "broadcastTo",
  ]);
  expect(left(T.grad((x: Tensor) => T.sum(T.mul(x, T.exp(x)))))).not.toContain("broadcastTo");
  expect(left(T.grad((x: Tensor) => T.mean(T.square(x))))).not.toContain("broadcastTo");
  expect(left(T.grad((x: Tensor) => T.mean(T.sum(T.square(x), 0))))).toEqual(["mul"]);
  expect(left((x) => T.transpose(T.reshape(x, [1, 2, 3]), [1, 0, 2]))).toEqual(["reshape"]);
  expect(left((x) => T.transpose(T.reshape(x, [1, 2, 3]), [2, 0, 1]))).toEqual(["reshape", "transpose"]);
  const where = (x: Tensor) => T.where(T.broadcastTo(T.greater(T.sum(x), 0), [2, 3]), x, T.zeros([2, 3]));
  expect(left(where)).toEqual(["sum", "greater", "where"]);
});

test("loops lose the results that nothing uses and the sequences behind them, also within loops", () => {
  const loss = (x: Tensor) => {
    const [h] = T.scan(
      (c: Tensor, s: Tensor) => [T.tanh(T.add(c, T.mul(s, 1))), { unused: T.exp(s) }],
      T.zeros([3]),
      x,
    );
    return T.sum(h);
  };
  const { outputs } = trace((x: Tensor) => loss(x), [new Spec([2, 3])]);
  const loop = nodesOf(outputs.map((o) => o.tensor)).find((n) => n.operation.name === "scan")!;
  const body = loop.attributes as ScanAttributes;
  expect(body.outputs).toHaveLength(1);
  expect(nodesOf(body.outputs).map((n) => n.operation.name)).not.toContain("mul");
});
