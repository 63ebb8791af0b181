import type { Tensor, TensorLike } from "../tensor.ts";
import { add, maximum, sub } from "./arithmetic.ts";
import { greater, where } from "./compare.ts";
import { promote } from "./constant.ts";
import { exp, log } from "./elementwise.ts";

/** log(eᵃ + eᵇ) without overflow; −∞ for two operands of −∞. */
export function logAddExp(a: TensorLike, b: TensorLike): Tensor {
  const [x, y] = promote("logAddExp", a, b);
  const high = maximum(x, y);
  // At −∞ − (−∞) the difference is not a number: shift by 0 there.
  const shift = where(greater(high, -Infinity), high, 0);
  return add(log(add(exp(sub(x, shift)), exp(sub(y, shift)))), shift);
}
