import type { DType } from "../../array.ts";
import { broadcastShapes } from "../shape.ts";
import { apply, dtypeError, type Operation, Tensor, type TensorLike } from "../tensor.ts";
import { promote, scalar } from "./constant.ts";

type None = Record<never, never>;
const none: None = {};

function comparison(name: string): Operation<None> {
  return {
    name,
    infer(inputs) {
      const [a, b] = inputs as [Tensor, Tensor];
      return [{ shape: broadcastShapes(name, a.shape, b.shape), dtype: "bool" }];
    },
  };
}

export const equalOperation = comparison("equal");
export const lessOperation = comparison("less");
export const lessEqualOperation = comparison("lessEqual");
export const greaterOperation = comparison("greater");
export const greaterEqualOperation = comparison("greaterEqual");

const call = (operation: Operation<None>, a: TensorLike, b: TensorLike) =>
  apply(operation, promote(operation.name, a, b), none);

/** a = b elementwise, broadcast; a `bool` tensor. */
export const equal = (a: TensorLike, b: TensorLike): Tensor => call(equalOperation, a, b);
/** a ≠ b elementwise, broadcast. */
export const notEqual = (a: TensorLike, b: TensorLike): Tensor => not(equal(a, b));
/** a < b elementwise, broadcast. */
export const less = (a: TensorLike, b: TensorLike): Tensor => call(lessOperation, a, b);
/** a ≤ b elementwise, broadcast. */
export const lessEqual = (a: TensorLike, b: TensorLike): Tensor => call(lessEqualOperation, a, b);
/** a > b elementwise, broadcast. */
export const greater = (a: TensorLike, b: TensorLike): Tensor => call(greaterOperation, a, b);
/** a ≥ b elementwise, broadcast. */
export const greaterEqual = (a: TensorLike, b: TensorLike): Tensor => call(greaterEqualOperation, a, b);

function logical(name: string): Operation<None> {
  return {
    name,
    infer(inputs) {
      const bad = inputs.find((t) => t.dtype !== "bool");
      if (bad) throw dtypeError(name, "needs bool", bad);
      const [a, b = a] = inputs as [Tensor, Tensor?];
      return [{ shape: broadcastShapes(name, a.shape, (b as Tensor).shape), dtype: "bool" }];
    },
  };
}
export const andOperation = logical("and");
export const orOperation = logical("or");
export const notOperation = logical("not");

/** Logical and of two bool tensors. */
export const and = (a: Tensor, b: Tensor): Tensor => apply(andOperation, [a, b], none);
/** Logical or of two bool tensors. */
export const or = (a: Tensor, b: Tensor): Tensor => apply(orOperation, [a, b], none);
/** Logical negation of a bool tensor. */
export const not = (a: Tensor): Tensor => apply(notOperation, [a], none);

export const whereOperation: Operation<None> = {
  name: "where",
  infer(inputs) {
    const [condition, a, b] = inputs as [Tensor, Tensor, Tensor];
    if (condition.dtype !== "bool") throw dtypeError("where", "the condition must be bool", condition);
    const values = broadcastShapes("where", a.shape, b.shape);
    return [{ shape: broadcastShapes("where", condition.shape, values), dtype: a.dtype }];
  },
};

/**
 * Returns a where the condition holds, else b, broadcast. Its derivative multiplies the unselected branch by
 * 0, so an infinite or undefined derivative there still spoils the result: clamp that branch's argument
 * first.
 */
export function where(condition: Tensor, a: TensorLike, b: TensorLike): Tensor {
  return apply(whereOperation, [condition, ...promote("where", a, b)], none);
}

export const castOperation: Operation<{ dtype: DType }> = {
  name: "cast",
  infer: (inputs, { dtype }) => [{ shape: (inputs[0] as Tensor).shape, dtype }],
};

/** x converted to another element type; the same tensor when it already has it. */
export function cast(x: TensorLike, dtype: DType): Tensor {
  if (!(x instanceof Tensor)) return scalar(x, dtype);
  return x.dtype === dtype ? x : apply(castOperation, [x], { dtype });
}
