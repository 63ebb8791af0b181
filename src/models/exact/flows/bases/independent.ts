import { sizeOf } from "../../../../array.ts";
import { usageError } from "../../../../error.ts";
import {
  add,
  and,
  cast,
  full,
  greaterEqual,
  lessEqual,
  mul,
  neg,
  normal,
  not,
  reshape,
  square,
  sum,
  uniform,
  where,
} from "../../../../tensor/index.ts";
import { angularWalk, sphericalWalk } from "../../../walks.ts";
import type { Base } from "../base.ts";
import type { NoParameters } from "../bijections/permutation.ts";

/** Independent standard normal numbers. */
export function normalBase(shape: readonly number[]): Base<NoParameters> {
  const constant = 0.5 * sizeOf(shape) * Math.log(2 * Math.PI);
  const axes = shape.map((_, i) => i + 1);
  return {
    shape,
    walk: sphericalWalk,
    init: () => ({}),
    logProb: (_, z) => neg(add(mul(sum(square(z), axes), 0.5), constant)),
    sample: (_, key, rows, dtype) => normal(key, [rows, ...shape], dtype),
  };
}

/** Independent numbers, uniform between `low` and `high`; log q is −∞ outside. */
export function uniformBase(
  shape: readonly number[],
  [low, high]: readonly [number, number] = [0, 1],
): Base<NoParameters> {
  if (!(low < high)) throw usageError(`the ends of an interval must increase, not [${low}, ${high}]`);
  const size = sizeOf(shape);
  const logDensity = -size * Math.log(high - low);
  return {
    shape,
    init: () => ({}),
    logProb(_, z) {
      const rows = z.shape[0] as number;
      const outside = cast(not(and(greaterEqual(z, low), lessEqual(z, high))), z.dtype);
      const any = greaterEqual(sum(reshape(outside, [rows, size]), 1), 1);
      return where(any, -Infinity, full([rows], logDensity, z.dtype));
    },
    sample: (_, key, rows, dtype) => add(mul(uniform(key, [rows, ...shape], dtype), high - low), low),
  };
}

/** Independent uniform angles in [−π, π). Angles have no outside: rounding at ±π does no harm. */
export function circleBase(shape: readonly number[]): Base<NoParameters> {
  const { sample } = uniformBase(shape, [-Math.PI, Math.PI]);
  const logDensity = -sizeOf(shape) * Math.log(2 * Math.PI);
  return {
    shape,
    walk: angularWalk,
    init: () => ({}),
    logProb: (_, z) => full([z.shape[0] as number], logDensity, z.dtype),
    sample,
  };
}
