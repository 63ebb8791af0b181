import { sizeOf } from "../../../array.ts";
import { usageError } from "../../../error.ts";
import type { Key } from "../../../random/key.ts";
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
  type SymbolicKey,
  square,
  sum,
  type Tensor,
  uniform,
  where,
} from "../../../tensor/index.ts";
import type { Parameters, Traced } from "../../contract.ts";
import type { NoParameters } from "./bijections/permutation.ts";

/** The distribution of the latent variables of a flow: its density and its draws are both simple. */
export interface Base<P extends Parameters = Parameters> {
  /** Shape of one z. */
  readonly shape: readonly number[];
  init(key: Key): P;
  /** log q of each row, `[batch]` nats. */
  logProb(parameters: Traced<P>, z: Tensor): Tensor;
  /** `rows` independent z, `[rows, ...shape]`; `rows` may be the symbolic batch. */
  sample(parameters: Traced<P>, key: SymbolicKey, rows: number, dtype: "f32" | "f64"): Tensor;
}

/** Independent standard normal numbers. */
export function normalBase(shape: readonly number[]): Base<NoParameters> {
  const constant = 0.5 * sizeOf(shape) * Math.log(2 * Math.PI);
  const axes = shape.map((_, i) => i + 1);
  return {
    shape,
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
    init: () => ({}),
    logProb: (_, z) => full([z.shape[0] as number], logDensity, z.dtype),
    sample,
  };
}
