import { div, mul, sub } from "../ops/arithmetic.ts";
import { cast, equal } from "../ops/compare.ts";
import { exp } from "../ops/elementwise.ts";
import { broadcastTo, reshape } from "../ops/layout.ts";
import {
  cumsum,
  cumsumOperation,
  kept,
  logSoftmaxOperation,
  maxOperation,
  softmaxOperation,
  sum,
  sumOperation,
} from "../ops/reduce.ts";
import type { Tensor } from "../tensor.ts";
import { type Derivatives, rule } from "./rule.ts";

export const reduceDerivatives: Derivatives = [
  rule(sumOperation, ({ inputs, attributes: { axes }, cotangents }) => {
    const { shape } = inputs[0] as Tensor;
    return [broadcastTo(reshape(cotangents[0] as Tensor, kept(shape, axes)), shape)];
  }),
  rule(maxOperation, ({ inputs, outputs, attributes: { axes }, cotangents }) => {
    const x = inputs[0] as Tensor;
    const shape = kept(x.shape, axes);
    // Ties share the cotangent equally.
    const hit = cast(equal(x, reshape(outputs[0] as Tensor, shape)), x.dtype);
    const ties = sum(hit, axes, true);
    return [mul(hit, div(reshape(cotangents[0] as Tensor, shape), ties))];
  }),
  rule(cumsumOperation, ({ attributes: { axis, exclusive, reverse }, cotangents }) => [
    cumsum(cotangents[0] as Tensor, axis, { exclusive, reverse: !reverse }),
  ]),
  rule(softmaxOperation, ({ outputs, attributes: { axis }, cotangents }) => {
    const [g, y] = [cotangents[0] as Tensor, outputs[0] as Tensor];
    return [mul(y, sub(g, sum(mul(g, y), axis, true)))];
  }),
  rule(logSoftmaxOperation, ({ outputs, attributes: { axis }, cotangents }) => {
    const [g, y] = [cotangents[0] as Tensor, outputs[0] as Tensor];
    return [sub(g, mul(exp(y), sum(g, axis, true)))];
  }),
];
