import { broadcastShapes } from "../shape.ts";
import {
  apply,
  dtypeError,
  type Operation,
  type Tensor,
  type TensorLike,
  type TensorType,
} from "../tensor.ts";
import { promote } from "./constant.ts";

type None = Record<never, never>;
const none: None = {};

function binary(name: string): Operation<None> {
  return {
    name,
    infer(inputs): TensorType[] {
      const [a, b] = inputs as [Tensor, Tensor];
      if (a.dtype === "bool") throw dtypeError(name, "needs numbers", a, b);
      return [{ shape: broadcastShapes(name, a.shape, b.shape), dtype: a.dtype }];
    },
  };
}

export const addOperation = binary("add");
export const subOperation = binary("sub");
export const mulOperation = binary("mul");
export const divOperation = binary("div");
export const powOperation = binary("pow");
export const maximumOperation = binary("maximum");
export const minimumOperation = binary("minimum");

function call(operation: Operation<None>, a: TensorLike, b: TensorLike): Tensor {
  return apply(operation, promote(operation.name, a, b), none);
}

/** a + b, broadcast as in NumPy. Throws when shapes do not broadcast or element types differ. */
export const add = (a: TensorLike, b: TensorLike): Tensor => call(addOperation, a, b);
/** a − b, broadcast. */
export const sub = (a: TensorLike, b: TensorLike): Tensor => call(subOperation, a, b);
/** a · b elementwise, broadcast. */
export const mul = (a: TensorLike, b: TensorLike): Tensor => call(mulOperation, a, b);
/** a / b elementwise, broadcast; integers truncate towards zero. */
export const div = (a: TensorLike, b: TensorLike): Tensor => call(divOperation, a, b);
/** aᵇ elementwise, broadcast. */
export const pow = (a: TensorLike, b: TensorLike): Tensor => call(powOperation, a, b);
/** The larger of a and b; at a tie each receives half the cotangent. */
export const maximum = (a: TensorLike, b: TensorLike): Tensor => call(maximumOperation, a, b);
/** The smaller of a and b; at a tie each receives half the cotangent. */
export const minimum = (a: TensorLike, b: TensorLike): Tensor => call(minimumOperation, a, b);
/** x limited to [low, high]. */
export const clip = (x: Tensor, low: number, high: number): Tensor => minimum(maximum(x, low), high);
/** The square of each element, x². */
export const square = (x: Tensor): Tensor => mul(x, x);
