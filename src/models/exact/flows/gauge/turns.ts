import { clip, type Tensor, zeros } from "../../../../tensor/index.ts";
import type { Bijection } from "../bijection.ts";
import type { NoParameters } from "../bijections/permutation.ts";
import { wrapAngle } from "../transforms/spline-transform.ts";

/** The largest number in single precision below π: rounding must not lead to π, which is −π. */
const LARGEST = 3.1415925;

/** Angles brought back into [−π, π) by whole turns, both ways: the same point of the circle, with log-determinant 0. */
export function turns(shape: readonly number[]): Bijection<NoParameters> {
  const map = (_: unknown, v: Tensor) => ({
    value: clip(wrapAngle(v), -LARGEST, LARGEST),
    logDet: zeros([v.shape[0] as number], v.dtype),
  });
  return { latentShape: shape, dataShape: shape, init: () => ({}), forward: map, inverse: map };
}
