import { sizeOf } from "../../../../array.ts";
import { usageError } from "../../../../error.ts";
import {
  abs,
  add,
  clip,
  concat,
  floor,
  full,
  lessEqual,
  mul,
  reshape,
  slice,
  sub,
  type Tensor,
  transpose,
  where,
} from "../../../../tensor/index.ts";
import type { Mapped } from "../bijection.ts";
import type { Transform } from "../transform.ts";
import { binsOf, evaluateSpline, type Knots, slopesOf, solveSpline } from "./rational-quadratic.ts";

/** Most bins: each takes at least a thousandth of the interval. */
const MOST = 500;

function checkBins(bins: number): void {
  if (!Number.isInteger(bins) || bins < 2 || bins > MOST)
    throw usageError(`a spline has 2 to ${MOST} bins, not ${bins}`);
}

/** One row for each number that is moved: its parameters `[rows, size]` and its value `[rows, 1]`. */
function toRows(raw: Tensor, v: Tensor): { raw: Tensor; v: Tensor } {
  const [batch, size] = raw.shape as [number, number];
  const m = sizeOf(raw.shape.slice(2));
  const last = transpose(reshape(raw, [batch, size, m]), [0, 2, 1]);
  return { raw: reshape(last, [batch * m, size]), v: reshape(v, [batch * m, 1]) };
}

/** Either way through a spline, over tensors of any shape; `map` sees rows. */
const byRows =
  (map: (raw: Tensor, v: Tensor) => Mapped) =>
  (raw: Tensor, v: Tensor): Mapped => {
    const rows = toRows(raw, v);
    const { value, logDet } = map(rows.raw, rows.v);
    return { value: reshape(value, v.shape), logDet: reshape(logDet, v.shape) };
  };

/**
 * The rational-quadratic spline of `bins` bins over [−bound, bound], and beyond it the identity, joined with
 * slope 1 (Durkan et al., arXiv:1906.04032, section 3.1). `forward` evaluates it, `inverse` solves a
 * quadratic equation.
 */
export function splineTransform(bins: number, bound: number): Transform {
  checkBins(bins);
  const knotsOf = (raw: Tensor): Knots => {
    const x = binsOf(slice(raw, 1, 0, bins), -bound, bound);
    const y = binsOf(slice(raw, 1, bins, 2 * bins), -bound, bound);
    const inner = slopesOf(slice(raw, 1, 2 * bins, 3 * bins - 1));
    const outer = full([raw.shape[0] as number, 1], 1, raw.dtype);
    return {
      ...{ left: x.left, width: x.size, bottom: y.left, height: y.size },
      leftSlope: concat([outer, inner], 1),
      rightSlope: concat([inner, outer], 1),
    };
  };
  const tailed = (map: typeof evaluateSpline) =>
    byRows((raw, v) => {
      // Clamped first: the branch that is not taken must have a finite derivative too.
      const { value, logDet } = map(knotsOf(raw), clip(v, -bound, bound));
      const inside = lessEqual(abs(v), bound);
      return { value: where(inside, value, v), logDet: where(inside, logDet, 0) };
    });
  return { size: 3 * bins - 1, forward: tailed(evaluateSpline), inverse: tailed(solveSpline) };
}

/**
 * The spline of `bins` bins from [−1, 1] to itself, with free slopes at the ends: for variables of an
 * interval with a density that may end there at any height. Values beyond the ends are clipped to them.
 */
export function intervalTransform(bins: number): Transform {
  checkBins(bins);
  const knotsOf = (raw: Tensor): Knots => {
    const x = binsOf(slice(raw, 1, 0, bins), -1, 1);
    const y = binsOf(slice(raw, 1, bins, 2 * bins), -1, 1);
    const slopes = slopesOf(slice(raw, 1, 2 * bins, 3 * bins + 1));
    return {
      ...{ left: x.left, width: x.size, bottom: y.left, height: y.size },
      leftSlope: slice(slopes, 1, 0, bins),
      rightSlope: slice(slopes, 1, 1, bins + 1),
    };
  };
  const within = (map: typeof evaluateSpline) =>
    byRows((raw, v) => {
      const { value, logDet } = map(knotsOf(raw), clip(v, -1, 1));
      // Rounding may lead past an end, where a uniform distribution has nothing.
      return { value: clip(value, -1, 1), logDet };
    });
  return { size: 3 * bins + 1, forward: within(evaluateSpline), inverse: within(solveSpline) };
}

const turn = 2 * Math.PI;

/** Angles brought back into [−π, π). */
export const wrapAngle = (angle: Tensor): Tensor =>
  sub(angle, mul(floor(mul(add(angle, Math.PI), 1 / turn)), turn));

/**
 * A rational-quadratic spline on the circle: the slope is continuous across ±π, and a rotation follows, so that no angle is
 * fixed (Rezende et al., arXiv:2002.02428, section 2.2). Angles in [−π, π).
 */
export function circularTransform(bins: number): Transform {
  checkBins(bins);
  const knotsOf = (raw: Tensor): Knots => {
    const x = binsOf(slice(raw, 1, 0, bins), -Math.PI, Math.PI);
    const y = binsOf(slice(raw, 1, bins, 2 * bins), -Math.PI, Math.PI);
    const slopes = slopesOf(slice(raw, 1, 2 * bins, 3 * bins));
    return {
      ...{ left: x.left, width: x.size, bottom: y.left, height: y.size },
      leftSlope: slopes,
      rightSlope: concat([slice(slopes, 1, 1, bins), slice(slopes, 1, 0, 1)], 1),
    };
  };
  const rotation = (raw: Tensor) => slice(raw, 1, 3 * bins, 3 * bins + 1);
  const within = (v: Tensor) => clip(v, -Math.PI, Math.PI);
  return {
    size: 3 * bins + 1,
    forward: byRows((raw, v) => {
      const { value, logDet } = evaluateSpline(knotsOf(raw), within(v));
      return { value: wrapAngle(add(value, rotation(raw))), logDet };
    }),
    inverse: byRows((raw, v) => solveSpline(knotsOf(raw), within(wrapAngle(sub(v, rotation(raw)))))),
  };
}
