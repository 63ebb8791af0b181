import {
  add,
  addOperation,
  div,
  divOperation,
  maximumOperation,
  minimumOperation,
  mul,
  mulOperation,
  pow,
  powOperation,
  sub,
  subOperation,
} from "../ops/arithmetic.ts";
import { cast, equal, greater, where } from "../ops/compare.ts";
import { knownScalar } from "../ops/constant.ts";
import { log, neg } from "../ops/elementwise.ts";
import { full } from "../ops/fill.ts";
import { unbroadcast } from "../ops/unbroadcast.ts";
import { isFloat, type Operation, type Tensor } from "../tensor.ts";
import { type Derivatives, rule } from "./rule.ts";

const binary = (
  operation: Operation<Record<never, never>>,
  derivative: (g: Tensor, a: Tensor, b: Tensor, y: Tensor) => [() => Tensor, () => Tensor | undefined],
) =>
  rule(operation, ({ inputs, outputs, cotangents }) => {
    const [a, b] = inputs as [Tensor, Tensor];
    if (!isFloat(a.dtype)) return [undefined, undefined];
    const parts = derivative(cotangents[0] as Tensor, a, b, outputs[0] as Tensor);
    // A known number needs no derivative; skipping it here keeps logarithms out of x ** 2.
    return [a, b].map((x, i) => {
      const part = knownScalar(x) === undefined ? parts[i]?.() : undefined;
      return part && unbroadcast(part, x.shape);
    });
  });

/** b aᵇ⁻¹; a known exponent falls to 1 and 0 exactly, so that higher derivatives of a² and a³ are finite at 0. */
function powSlope(a: Tensor, b: Tensor): Tensor {
  const n = knownScalar(b);
  if (n === undefined) return mul(b, pow(a, sub(b, 1)));
  if (n === 0 || n === 1) return full(a.shape, n, a.dtype);
  return mul(n === 2 ? a : pow(a, n - 1), n);
}

const share = (g: Tensor, a: Tensor, b: Tensor) =>
  mul(g, add(cast(greater(a, b), g.dtype), mul(cast(equal(a, b), g.dtype), 0.5)));

export const arithmeticDerivatives: Derivatives = [
  binary(addOperation, (g) => [() => g, () => g]),
  binary(subOperation, (g) => [() => g, () => neg(g)]),
  binary(mulOperation, (g, a, b) =>
    // A square's slope in one product.
    a === b ? [() => mul(mul(g, 2), a), () => undefined] : [() => mul(g, b), () => mul(g, a)],
  ),
  binary(divOperation, (g, _, b, y) => [() => div(g, b), () => neg(div(mul(g, y), b))]),
  binary(powOperation, (g, a, b, y) => [
    () => mul(g, powSlope(a, b)),
    // The limit of aᵇ log a at a = 0 is 0 for b > 0; `where` inside keeps the unselected branch finite.
    () => mul(g, mul(y, log(where(greater(a, 0), a, 1)))),
  ]),
  binary(maximumOperation, (g, a, b) => [() => share(g, a, b), () => share(g, b, a)]),
  binary(minimumOperation, (g, a, b) => [() => share(g, b, a), () => share(g, a, b)]),
];
