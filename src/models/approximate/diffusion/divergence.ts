import { arrayFrom } from "../../../array.ts";
import { pullback } from "../../../tensor/grad.ts";
import { add, constant, mul, reshape, scan, sum, type Tensor, zeros } from "../../../tensor/index.ts";
import { identity } from "../../../tensor/ops/custom.ts";
import { total } from "../../../tensor/total.ts";

/** A function of rows with what it gives, and its derivative by the rows along cotangents. */
function linearised(f: (u: Tensor) => Tensor, u: Tensor) {
  const own = identity(u);
  const value = f(own);
  const back = (cotangent: Tensor): Tensor =>
    total(pullback([value], [cotangent], [own])[0] ?? []) ?? zeros(u.shape, u.dtype);
  return { value, back };
}

/** A function of rows and the sum of ∂f_i/∂u_i over sites, `[batch]`. */
export type WithDivergence = (
  f: (u: Tensor) => Tensor,
  u: Tensor,
) => { readonly value: Tensor; readonly divergence: Tensor };

/** Sites up to which the loop over outputs is written out. */
const WRITTEN_OUT = 4;

/** The divergence by the derivative of each output: exact, as many backward passes as there are sites. */
export const fullDivergence: WithDivergence = (f, u) => {
  const [, n] = u.shape as [number, number];
  const { value, back } = linearised(f, u);
  const unit = (i: number) => Float64Array.from({ length: n }, (_, j) => Number(i === j));
  const along = (direction: Tensor) =>
    sum(mul(back(add(zeros(u.shape, u.dtype), reshape(direction, [1, n]))), reshape(direction, [1, n])), 1);
  if (n <= WRITTEN_OUT) {
    const parts = Array.from({ length: n }, (_, i) => along(constant(arrayFrom(u.dtype, [n], unit(i)))));
    return { value, divergence: total(parts) as Tensor };
  }
  const directions = constant(
    arrayFrom(
      u.dtype,
      [n, n],
      Float64Array.from({ length: n * n }, (_, i) => Number(i % (n + 1) === 0)),
    ),
  );
  const [divergence] = scan(
    (sofar: Tensor, direction: Tensor) => [add(sofar, along(direction)), {}] as const,
    zeros([u.shape[0] as number], u.dtype),
    directions,
  );
  return { value, divergence };
};

/**
 * Hutchinson's estimate of the divergence by one random vector a row, e·J e with independent components ±1: unbiased, but its
 * exponential is not (Grathwohl et al., arXiv:1810.01367, equation 8). The vector stays the same along the way of a row.
 */
export const probedDivergence =
  (signs: Tensor): WithDivergence =>
  (f, u) => {
    const { value, back } = linearised(f, u);
    return { value, divergence: sum(mul(back(signs), signs), 1) };
  };
