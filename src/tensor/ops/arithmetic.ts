import { broadcastShapes } from "../shape.ts";
import {
  apply,
  dtypeError,
  isFloat,
  type Operation,
  type Tensor,
  type TensorLike,
  type TensorType,
} from "../tensor.ts";
import { cast, equal, greater, where } from "./compare.ts";
import { full, knownScalar, promote } from "./constant.ts";
import { exp, log, neg } from "./elementwise.ts";
import { unbroadcast } from "./layout.ts";

type None = Record<never, never>;
const none: None = {};

function binary(
  name: string,
  derivative: (g: Tensor, a: Tensor, b: Tensor, y: Tensor) => [() => Tensor, () => Tensor | undefined],
): Operation<None> {
  return {
    name,
    infer(inputs): TensorType[] {
      const [a, b] = inputs as [Tensor, Tensor];
      if (a.dtype === "bool") throw dtypeError(name, "needs numbers", a, b);
      return [{ shape: broadcastShapes(name, a.shape, b.shape), dtype: a.dtype }];
    },
    derivative({ inputs, outputs, cotangents }) {
      const [a, b] = inputs as [Tensor, Tensor];
      if (!isFloat(a.dtype)) return [undefined, undefined];
      const parts = derivative(cotangents[0] as Tensor, a, b, outputs[0] as Tensor);
      // A known number needs no derivative; skipping it here keeps logarithms out of x ** 2.
      return [a, b].map((x, i) => {
        const part = knownScalar(x) === undefined ? parts[i]?.() : undefined;
        return part && unbroadcast(part, x.shape);
      });
    },
  };
}

export const addOperation = binary("add", (g) => [() => g, () => g]);
export const subOperation = binary("sub", (g) => [() => g, () => neg(g)]);
export const mulOperation = binary("mul", (g, a, b) =>
  // A square's slope in one product.
  a === b ? [() => mul(mul(g, 2), a), () => undefined] : [() => mul(g, b), () => mul(g, a)],
);
export const divOperation = binary("div", (g, _, b, y) => [() => div(g, b), () => neg(div(mul(g, y), b))]);
export const powOperation = binary("pow", (g, a, b, y) => [
  () => mul(g, powSlope(a, b)),
  // The limit of aᵇ log a at a = 0 is 0 for b > 0; `where` inside keeps the unselected branch finite.
  () => mul(g, mul(y, log(where(greater(a, 0), a, 1)))),
]);
/** b aᵇ⁻¹; a known exponent falls to 1 and 0 exactly, so that higher derivatives of a² and a³ are finite at 0. */
function powSlope(a: Tensor, b: Tensor): Tensor {
  const n = knownScalar(b);
  if (n === undefined) return mul(b, pow(a, sub(b, 1)));
  if (n === 0 || n === 1) return full(a.shape, n, a.dtype);
  return mul(n === 2 ? a : pow(a, n - 1), n);
}
const share = (g: Tensor, a: Tensor, b: Tensor) =>
  mul(g, add(cast(greater(a, b), g.dtype), mul(cast(equal(a, b), g.dtype), 0.5)));
export const maximumOperation = binary("maximum", (g, a, b) => [() => share(g, a, b), () => share(g, b, a)]);
export const minimumOperation = binary("minimum", (g, a, b) => [() => share(g, b, a), () => share(g, a, b)]);

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
/** x². */
export const square = (x: Tensor): Tensor => mul(x, x);
/** log(eᵃ + eᵇ) without overflow; −∞ for two operands of −∞. */
export function logAddExp(a: TensorLike, b: TensorLike): Tensor {
  const [x, y] = promote("logAddExp", a, b);
  const high = maximum(x, y);
  // At −∞ − (−∞) the difference is not a number: shift by 0 there.
  const shift = where(greater(high, -Infinity), high, 0);
  return add(log(add(exp(sub(x, shift)), exp(sub(y, shift)))), shift);
}
