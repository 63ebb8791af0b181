import { sizeOf } from "../../../../array.ts";
import {
  add,
  clip,
  div,
  full,
  log,
  log1p,
  mul,
  neg,
  sigmoid,
  softplus,
  sub,
  sum,
  type Tensor,
} from "../../../../tensor/index.ts";
import type { Bijection } from "../bijection.ts";
import type { NoParameters } from "./permutation.ts";

/** Share of the interval at either end within which x is taken to be that far from the end. */
const EDGE = 1e-6;

/**
 * x = low + (high − low) · σ(z), number by number: from the real line into an interval. Values closer to an end than 10⁻⁶ of
 * the interval, the ends themselves too, are scored as if they were that far from it, where z is finite.
 */
export function bounded(
  shape: readonly number[],
  [low, high]: readonly [number, number],
): Bijection<NoParameters> {
  const width = high - low;
  const axes = shape.map((_, i) => i + 1);
  /** log dx/dz = log width + log σ(z) + log σ(−z). */
  const logSlope = (z: Tensor) => sum(sub(Math.log(width), add(softplus(z), softplus(neg(z)))), axes);
  return {
    latentShape: shape,
    dataShape: shape,
    init: () => ({}),
    // Rounding may lead past an end by the last digit.
    forward: (_, z) => ({ value: clip(add(mul(sigmoid(z), width), low), low, high), logDet: logSlope(z) }),
    inverse(_, x) {
      const u = clip(div(sub(x, low), width), EDGE, 1 - EDGE);
      const z = sub(log(u), log1p(neg(u)));
      return { value: z, logDet: neg(logSlope(z)) };
    },
  };
}

/** x = low + (high − low) (z + 1) / 2, number by number: from [−1, 1] onto an interval. */
export function rescaled(
  shape: readonly number[],
  [low, high]: readonly [number, number],
): Bijection<NoParameters> {
  const half = (high - low) / 2;
  const middle = (low + high) / 2;
  const logDet = (v: Tensor, sign: number) =>
    full([v.shape[0] as number], sign * sizeOf(shape) * Math.log(half), v.dtype);
  return {
    latentShape: shape,
    dataShape: shape,
    init: () => ({}),
    forward: (_, z) => ({ value: clip(add(mul(z, half), middle), low, high), logDet: logDet(z, 1) }),
    inverse: (_, x) => ({ value: mul(sub(x, middle), 1 / half), logDet: logDet(x, -1) }),
  };
}
