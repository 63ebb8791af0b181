import { Cholesky } from "../stats/cholesky.ts";
import type { Design } from "./design.ts";
import type { Objective } from "./objective.ts";
import { type RowRange, rowsIn } from "./spins.ts";

/** See {@link minimise}. */
export interface MinimiseOptions {
  /** Cost of |K|, one per term (default 0). */
  readonly costs?: Float64Array;
  /** The start, one coefficient per term (default 0). */
  readonly start?: Float64Array;
  /** Ends when a step promises to lower the total loss over the rows by less (default 10⁻⁹ nats). */
  readonly tolerance?: number;
  /** Number of rows for second derivatives, evenly chosen (default: all). */
  readonly hessianRows?: number;
}

/** Maximum number of steps; without convergence, couplings that the rows do not bound would grow on. */
const mostSteps = 60;

/**
 * Returns the coefficients of a design that minimise the mean loss, with an L1 penalty if requested: by
 * Newton's method, each step the minimum of the quadratic approximation plus penalty (by coordinate descent
 * if there is one), halved until it lowers the sum.
 *
 * Source: Lee, Sun & Saunders, SIAM J. Optim. 24 (2014) 1420 (proximal Newton).
 */
export function minimise(
  objective: Objective,
  design: Design,
  ranges: readonly RowRange[],
  options: MinimiseOptions = {},
): Float64Array {
  const { tolerance = 1e-9, hessianRows = Number.POSITIVE_INFINITY } = options;
  const n = design.terms.length;
  const rows = rowsIn(ranges);
  const stride = Math.max(1, Math.floor(rows / hessianRows));
  const costs = options.costs ?? new Float64Array(n);
  const free = costs.every((cost) => cost === 0);
  const penalised = (loss: number, k: Float64Array) =>
    k.reduce((sum, value, t) => sum + costs[t]! * Math.abs(value), loss);
  let theta: Float64Array = options.start?.slice() ?? new Float64Array(n);
  if (n === 0) return theta;
  let { loss, gradient } = objective.evaluate(design, theta, ranges);
  let hessian = objective.hessian(design, theta, ranges, stride);
  let fresh = true;
  for (let step = 0; step < mostSteps; step++) {
    const to = free
      ? newtonStep(new Cholesky(hessian, n), gradient, theta)
      : lassoStep(hessian, gradient, theta, costs);
    const promised = promise(gradient, theta, to, costs);
    if (!(promised * rows > tolerance)) break;
    const before = penalised(loss, theta);
    let size = 1;
    let next = to;
    let value = objective.evaluate(design, next, ranges);
    while (!(penalised(value.loss, next) <= before - 1e-4 * size * promised) && size > 1e-6) {
      size /= 2;
      next = theta.map((k, t) => k + size * (to[t]! - k));
      value = objective.evaluate(design, next, ranges);
    }
    if (size <= 1e-6) {
      // Rounding decides from here on, unless old second derivatives are to blame.
      if (fresh) break;
      hessian = objective.hessian(design, theta, ranges, stride);
      fresh = true;
      continue;
    }
    theta = next;
    ({ loss, gradient } = value);
    // A quadratic falls by half of what it promises to first order; where the loss does, its curvature is what it was.
    const share = (before - penalised(loss, theta)) / promised;
    fresh = stride === 1 || size < 1 || !(share > 0.45 && share < 0.55);
    if (fresh) hessian = objective.hessian(design, theta, ranges, stride);
  }
  return theta;
}

function newtonStep(factor: Cholesky, gradient: Float64Array, theta: Float64Array): Float64Array {
  const step = factor.solve(gradient);
  return theta.map((k, t) => k - step[t]!);
}

/** The decrease of the sum by a step, to first order. */
function promise(gradient: Float64Array, from: Float64Array, to: Float64Array, costs: Float64Array): number {
  let sum = 0;
  for (let t = 0; t < from.length; t++)
    sum -= gradient[t]! * (to[t]! - from[t]!) + costs[t]! * (Math.abs(to[t]!) - Math.abs(from[t]!));
  return sum;
}

/** Maximum number of rounds of coordinate descent in one step. */
const mostRounds = 200;

/** The minimum of gᵀδ + ½ δᵀHδ + Σ c_t |K_t + δ_t|, by coordinate descent. */
function lassoStep(
  hessian: Float64Array,
  gradient: Float64Array,
  theta: Float64Array,
  costs: Float64Array,
): Float64Array {
  const n = theta.length;
  const to = theta.slice();
  const slope = gradient.slice();
  for (let round = 0; round < mostRounds; round++) {
    let largest = 0;
    for (let t = 0; t < n; t++) {
      const h = Math.max(hessian[t * n + t]!, 1e-12);
      const old = to[t]!;
      const free = old - slope[t]! / h;
      const cut = costs[t]! / h;
      const value = free > cut ? free - cut : free < -cut ? free + cut : 0;
      const change = value - old;
      if (change === 0) continue;
      to[t] = value;
      for (let u = 0; u < n; u++) slope[u]! += change * hessian[t * n + u]!;
      largest = Math.max(largest, Math.abs(change) * Math.sqrt(h));
    }
    if (largest < 1e-7) break;
  }
  return to;
}
