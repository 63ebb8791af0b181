import { add, div, mul, sub } from "../ops/arithmetic.ts";
import { cast, greater } from "../ops/compare.ts";
import {
  absOperation,
  cos,
  cosOperation,
  erfOperation,
  exp,
  expm1Operation,
  expOperation,
  floorOperation,
  log1pOperation,
  logOperation,
  neg,
  negOperation,
  reluOperation,
  sigmoid,
  sigmoidOperation,
  sign,
  signOperation,
  sin,
  sinOperation,
  softplusOperation,
  sqrtOperation,
  tanhOperation,
} from "../ops/elementwise.ts";
import type { Operation, Tensor } from "../tensor.ts";
import { type Derivatives, rule } from "./rule.ts";

/** `derivative(g, x, y)` gives the input's cotangent; without one it is zero almost everywhere. */
const unary = (
  operation: Operation<Record<never, never>>,
  derivative?: (g: Tensor, x: Tensor, y: Tensor) => Tensor,
) =>
  rule(operation, ({ inputs, outputs, cotangents }) => [
    derivative?.(cotangents[0] as Tensor, inputs[0] as Tensor, outputs[0] as Tensor),
  ]);

export const elementwiseDerivatives: Derivatives = [
  unary(negOperation, (g) => neg(g)),
  unary(expOperation, (g, _, y) => mul(g, y)),
  unary(expm1Operation, (g, x) => mul(g, exp(x))),
  unary(logOperation, (g, x) => div(g, x)),
  unary(log1pOperation, (g, x) => div(g, add(x, 1))),
  unary(sqrtOperation, (g, _, y) => div(mul(g, 0.5), y)),
  unary(sinOperation, (g, x) => mul(g, cos(x))),
  unary(cosOperation, (g, x) => neg(mul(g, sin(x)))),
  unary(tanhOperation, (g, _, y) => mul(g, sub(1, mul(y, y)))),
  unary(sigmoidOperation, (g, _, y) => mul(g, mul(y, sub(1, y)))),
  unary(softplusOperation, (g, x) => mul(g, sigmoid(x))),
  unary(erfOperation, (g, x) => mul(g, mul(exp(neg(mul(x, x))), 2 / Math.sqrt(Math.PI)))),
  unary(reluOperation, (g, _, y) => mul(g, cast(greater(y, 0), g.dtype))),
  unary(absOperation, (g, x) => mul(g, sign(x))),
  unary(signOperation),
  unary(floorOperation),
];
