import {
  abs,
  add,
  customGradient,
  div,
  exp,
  log,
  mul,
  sign,
  sqrt,
  square,
  sub,
  type Tensor,
} from "../tensor/index.ts";

const half = (sum: Tensor) => mul(sum, 0.5);

/** The hyperbolic sine and cosine, from one exponential. */
export function sinhCosh(x: Tensor): { readonly sinh: Tensor; readonly cosh: Tensor } {
  const up = exp(x);
  const down = div(1, up);
  const [sinh] = customGradient(
    () => [half(sub(up, down))],
    ([g]) => [g && mul(g, half(add(up, down)))],
  )(x);
  const [cosh] = customGradient(
    () => [half(add(up, down))],
    ([g]) => [g && mul(g, half(sub(up, down)))],
  )(x);
  return { sinh: sinh as Tensor, cosh: cosh as Tensor };
}

/** The inverse of sinh, log(x + √(x² + 1)), without cancellation for negative x. */
export function asinh(x: Tensor): Tensor {
  const root = (t: Tensor) => sqrt(add(square(t), 1));
  const [y] = customGradient(
    (t) => [mul(sign(t as Tensor), log(add(abs(t as Tensor), root(t as Tensor))))],
    ([g], [t]) => [g && div(g, root(t as Tensor))],
  )(x);
  return y as Tensor;
}
