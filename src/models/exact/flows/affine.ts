import type { NDArray } from "../../../array.ts";
import { zerosInit } from "../../../nn/init.ts";
import {
  add,
  broadcastTo,
  div,
  exp,
  greater,
  log,
  mean,
  mul,
  neg,
  square,
  stopGradient,
  sub,
  sum,
  type Tensor,
  where,
} from "../../../tensor/index.ts";
import type { Traced } from "../../contract.ts";
import type { Bijection } from "./bijection.ts";

/** A scale and a shift for each number, of the shape of one x. */
export type AffineParameters = {
  readonly logScale: NDArray<"f32">;
  readonly shift: NDArray<"f32">;
};

/** x = z · exp(logScale) + shift, number by number; the identity at zero parameters. */
export function affine(shape: readonly number[]): Bijection<AffineParameters> {
  const total = ({ logScale }: Traced<AffineParameters>, x: Tensor) =>
    broadcastTo(sum(logScale), [x.shape[0] as number]);
  return {
    latentShape: shape,
    dataShape: shape,
    init: () => ({ logScale: zerosInit(shape), shift: zerosInit(shape) }),
    forward: (p, z) => ({ value: add(mul(z, exp(p.logScale)), p.shift), logDet: total(p, z) }),
    inverse: (p, x) => ({ value: div(sub(x, p.shift), exp(p.logScale)), logDet: neg(total(p, x)) }),
    decays: () => false,
  };
}

/**
 * The affine map whose z has mean 0 and variance 1 in every number of the data it is adapted to: units and offsets of
 * columns, which training leaves as they are (a step of training is not in units of the data). A number that does not
 * vary keeps the scale 1. The identity until it is adapted.
 */
export function standardise(shape: readonly number[]): Bijection<AffineParameters> {
  const map = affine(shape);
  const fixed = ({ logScale, shift }: Traced<AffineParameters>) => ({
    logScale: stopGradient(logScale),
    shift: stopGradient(shift),
  });
  return {
    ...map,
    forward: (p, z) => map.forward(fixed(p), z),
    inverse: (p, x) => map.inverse(fixed(p), x),
    adapt(_, x) {
      const shift = mean(x, 0);
      const variance = mean(square(sub(x, shift)), 0);
      const varies = greater(variance, 0);
      return { shift, logScale: mul(log(where(varies, variance, 1)), 0.5) };
    },
  };
}
