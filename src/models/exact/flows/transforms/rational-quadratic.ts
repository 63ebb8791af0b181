import { arrayFrom } from "../../../../array.ts";
import {
  add,
  cast,
  clip,
  constant,
  div,
  greaterEqual,
  log,
  matmul,
  maximum,
  mul,
  neg,
  pad,
  slice,
  softmax,
  softplus,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
} from "../../../../tensor/index.ts";
import type { Mapped } from "../bijection.ts";

/** Least share of the interval that one bin spans, in x and in y, and least slope at a knot: so all stays invertible. */
const LEAST = 1e-3;

/** The knots of one spline a row, by bin: every tensor is `[rows, bins]`. */
export interface Knots {
  /** x and y of each bin's left end. */
  readonly left: Tensor;
  readonly bottom: Tensor;
  readonly width: Tensor;
  readonly height: Tensor;
  /** Slopes at each bin's left and right end. */
  readonly leftSlope: Tensor;
  readonly rightSlope: Tensor;
}

/**
 * Bins of [low, high] by shares that a softmax makes of `raw: [rows, bins]`: their left ends and sizes; equal bins where raw
 * is zero.
 */
export function binsOf(raw: Tensor, low: number, high: number): { left: Tensor; size: Tensor } {
  const bins = raw.shape[1] as number;
  const size = mul(add(mul(softmax(raw, 1), 1 - LEAST * bins), LEAST), high - low);
  const before = Array.from({ length: bins * bins }, (_, i) => (Math.floor(i / bins) < i % bins ? 1 : 0));
  // A product with a constant triangle is a cumulated sum whose derivative is a product too.
  const triangle = cast(constant(arrayFrom("f32", [bins, bins], before)), raw.dtype);
  return { left: add(matmul(size, triangle), low), size };
}

/** Positive slopes, 1 where raw is zero. */
export function slopesOf(raw: Tensor): Tensor {
  return add(mul(softplus(add(raw, Math.log(Math.E - 1))), 1 - LEAST), LEAST);
}

/** 1 at the bin that holds v `[rows, 1]`, by the left ends `[rows, bins]`. */
function binAt(left: Tensor, v: Tensor): Tensor {
  const bins = left.shape[1] as number;
  const reached = cast(greaterEqual(v, left), v.dtype);
  return sub(reached, pad(slice(reached, 1, 1, bins), 1, 0, 1));
}

/** The quantities of the bin that holds v, each `[rows, 1]`, with s = height / width. */
function bin(knots: Knots, edges: Tensor, v: Tensor) {
  const at = binAt(edges, v);
  const pick = (t: Tensor) => sum(mul(at, t), 1, true);
  const [width, height] = [pick(knots.width), pick(knots.height)];
  return {
    ...{ width, height, s: div(height, width) },
    left: pick(knots.left),
    bottom: pick(knots.bottom),
    d0: pick(knots.leftSlope),
    d1: pick(knots.rightSlope),
  };
}

type Bin = ReturnType<typeof bin>;

/** y above the bin's bottom and log dy/dx at ξ, the place within the bin from 0 to 1 (equations 4 and 5). */
function within({ height, s, d0, d1 }: Bin, xi: Tensor): { rise: Tensor; logSlope: Tensor } {
  const both = mul(xi, sub(1, xi));
  const squared = square(xi);
  const denominator = add(s, mul(sub(add(d0, d1), mul(s, 2)), both));
  const rise = div(mul(height, add(mul(s, squared), mul(d0, both))), denominator);
  const slope = add(add(mul(d1, squared), mul(mul(s, both), 2)), mul(d0, square(sub(1, xi))));
  return { rise, logSlope: add(mul(sub(log(s), log(denominator)), 2), log(slope)) };
}

/**
 * The monotonic rational-quadratic spline through `knots` at x `[rows, 1]` within them, and log dy/dx (Gregory & Delbourgo 1982;
 * Durkan et al., arXiv:1906.04032, equations 4 and 5).
 */
export function evaluateSpline(knots: Knots, x: Tensor): Mapped {
  const b = bin(knots, knots.left, x);
  const { rise, logSlope } = within(b, clip(div(sub(x, b.left), b.width), 0, 1));
  return { value: add(b.bottom, rise), logDet: logSlope };
}

/** The x at which the spline is y `[rows, 1]`, by a quadratic equation (equations 6 to 8), and log dx/dy. */
export function solveSpline(knots: Knots, y: Tensor): Mapped {
  const b = bin(knots, knots.bottom, y);
  const rise = sub(y, b.bottom);
  const bend = mul(rise, sub(add(b.d0, b.d1), mul(b.s, 2)));
  const a2 = add(mul(b.height, sub(b.s, b.d0)), bend);
  const a1 = sub(mul(b.height, b.d0), bend);
  const a0 = neg(mul(b.s, rise));
  // It is positive but for rounding; the square root's derivative must stay finite.
  const discriminant = maximum(sub(square(a1), mul(mul(a2, a0), 4)), 1e-20);
  const xi = clip(div(mul(a0, 2), neg(add(a1, sqrt(discriminant)))), 0, 1);
  return { value: add(b.left, mul(xi, b.width)), logDet: neg(within(b, xi).logSlope) };
}
