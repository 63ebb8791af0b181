import { type NDArray, sizeOf } from "../../../../array.ts";
import { zerosInit } from "../../../../nn/init.ts";
import {
  abs,
  add,
  broadcastTo,
  div,
  exp,
  greater,
  log,
  max,
  mean,
  mul,
  neg,
  sqrt,
  square,
  stopGradient,
  sub,
  sum,
  type Tensor,
  where,
} from "../../../../tensor/index.ts";
import type { Symbolic } from "../../../contract.ts";
import type { Bijection } from "../bijection.ts";

/** A scale and a shift for each number, or for numbers that share them: of the shape of one x, with sizes of 1 where shared. */
export type AffineParameters = {
  readonly logScale: NDArray<"f32">;
  readonly shift: NDArray<"f32">;
};

/**
 * x = z · exp(logScale) + shift, number by number; the identity at zero parameters. Its parameters have the shape `per`, which
 * is `shape` with sizes of 1 along the axes they are shared along.
 */
export function affine(
  shape: readonly number[],
  per: readonly number[] = shape,
): Bijection<AffineParameters> {
  const shared = sizeOf(shape) / sizeOf(per);
  const total = ({ logScale }: Symbolic<AffineParameters>, x: Tensor) =>
    broadcastTo(mul(sum(logScale), shared), [x.shape[0] as number]);
  return {
    latentShape: shape,
    dataShape: shape,
    init: () => ({ logScale: zerosInit(per), shift: zerosInit(per) }),
    forward: (p, z) => ({ value: add(mul(z, exp(p.logScale)), p.shift), logDet: total(p, z) }),
    inverse: (p, x) => ({ value: div(sub(x, p.shift), exp(p.logScale)), logDet: neg(total(p, x)) }),
    decays: () => false,
  };
}

/**
 * Mean and logarithm of the standard deviation of rows `x`, as parameters of the shape `per`: what makes z of an affine map
 * have mean 0 and variance 1. What does not vary keeps the scale 1.
 */
export function momentsOf(x: Tensor, per: readonly number[]): Symbolic<AffineParameters> {
  const axes = [0, ...per.flatMap((n, i) => (n === 1 ? [i + 1] : []))];
  const over = (reduced: Tensor): Tensor => sum(reduced, 0);
  // Sums and squares of 10³⁰ or 10⁻³⁰ leave single precision; those of fractions of the largest one do not.
  const unitOf = (values: Tensor) => {
    const largest = over(max(abs(values), axes, true));
    return where(greater(largest, 0), largest, 1);
  };
  const unit = unitOf(x);
  const meanOf = (values: Tensor) => mul(over(mean(div(values, unit), axes, true)), unit);
  // Of a column far from zero the mean is rounded; the mean of what is left of it is not.
  const rough = meanOf(x);
  const shift = add(rough, meanOf(sub(x, rough)));
  const deviation = sub(x, shift);
  const scale = unitOf(deviation);
  const spread = over(sqrt(mean(square(div(deviation, scale)), axes, true)));
  const varies = greater(spread, 0);
  return { shift, logScale: where(varies, add(log(where(varies, spread, 1)), log(scale)), 0) };
}

/**
 * The affine map for which z has mean 0 and variance 1 in every number of the data it is adapted to (over all
 * numbers that share a parameter together: see {@link affine}). It holds units and offsets of columns, which
 * training does not change (a step of training is not in units of the data). A constant number keeps the
 * scale 1. It is the identity until it is adapted. It may be adapted to other `units` than the moments.
 */
export function standardise(
  shape: readonly number[],
  per: readonly number[] = shape,
  units: (x: Tensor, per: readonly number[]) => Symbolic<AffineParameters> = momentsOf,
): Bijection<AffineParameters> {
  const map = affine(shape, per);
  const fixed = ({ logScale, shift }: Symbolic<AffineParameters>) => ({
    logScale: stopGradient(logScale),
    shift: stopGradient(shift),
  });
  return {
    ...map,
    forward: (p, z) => map.forward(fixed(p), z),
    inverse: (p, x) => map.inverse(fixed(p), x),
    adapt: (_, x) => units(x, per),
  };
}

/**
 * x = z · exp(logScale), one scale for all numbers, which training leaves as it is: the unit of the data it is adapted to, their
 * standard deviation. Odd, and the identity until it is adapted.
 */
export function unitScale(shape: readonly number[]): Bijection<Pick<AffineParameters, "logScale">> {
  const per = shape.map(() => 1);
  const map = affine(shape, per);
  const fixed = ({ logScale }: { readonly logScale: Tensor }) => ({
    logScale: stopGradient(logScale),
    shift: mul(logScale, 0),
  });
  return {
    ...map,
    init: () => ({ logScale: zerosInit(per) }),
    forward: (p, z) => map.forward(fixed(p), z),
    inverse: (p, x) => map.inverse(fixed(p), x),
    adapt: (_, x) => ({ logScale: momentsOf(x, per).logScale }),
  };
}
