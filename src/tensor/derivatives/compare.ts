import { cast, castOperation, where, whereOperation } from "../ops/compare.ts";
import { unbroadcast } from "../ops/unbroadcast.ts";
import { isFloat, type Tensor } from "../tensor.ts";
import { type Derivatives, rule } from "./rule.ts";

export const compareDerivatives: Derivatives = [
  rule(whereOperation, ({ inputs, cotangents }) => {
    const [condition, a, b] = inputs as [Tensor, Tensor, Tensor];
    const g = cotangents[0] as Tensor;
    return [
      undefined,
      unbroadcast(where(condition, g, 0), a.shape),
      unbroadcast(where(condition, 0, g), b.shape),
    ];
  }),
  rule(castOperation, ({ inputs, cotangents }) => {
    const x = inputs[0] as Tensor;
    return [isFloat(x.dtype) ? cast(cotangents[0] as Tensor, x.dtype) : undefined];
  }),
];
