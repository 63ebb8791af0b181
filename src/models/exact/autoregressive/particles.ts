import {
  add,
  arange,
  broadcastTo,
  cast,
  cumsum,
  div,
  exp,
  expandDims,
  gather,
  less,
  logMeanExp,
  logSumExp,
  minimum,
  mul,
  ones,
  reshape,
  slice,
  sub,
  sum,
  type Tensor,
  where,
} from "../../../tensor/index.ts";
import { mapTensors } from "./map-tensors.ts";

/** Share of the particles below which the effective number of them calls for resampling. */
const threshold = 0.5;

/**
 * Systematic resampling of groups of `particles` consecutive rows (Doucet & Johansen 2009, section 3.4): in
 * groups with an effective sample size below half, particles are drawn anew in proportion to their weights
 * and all get the mean weight of the group, so that the mean weight stays an unbiased estimate. Every leaf of
 * `carry` is `[rows, ...]`. Its `logWeight` is replaced, and its `least` lowered to the group's effective
 * sample size (a fraction) before resampling; `u: [rows]` are uniform numbers; a group uses its first.
 */
export function resample<C extends { readonly logWeight?: Tensor; readonly least?: Tensor }>(
  carry: C,
  logWeight: Tensor,
  particles: number,
  u: Tensor,
): C {
  const rows = logWeight.shape[0] as number;
  const groups = rows / particles;
  const real = logWeight.dtype;
  const grouped = reshape(logWeight, [groups, particles]);
  const weights = exp(sub(grouped, logSumExp(grouped, 1, true)));
  const effective = div(1, mul(sum(mul(weights, weights), 1, true), particles));
  const poor = less(effective, threshold);
  // Particle k takes the first particle whose cumulated weight exceeds (k + u) / particles.
  const first = slice(reshape(u, [groups, particles]), 1, 0, 1);
  const points = div(add(arange(particles, real), first), particles);
  const below = cast(less(expandDims(cumsum(weights, 1), 1), expandDims(points, 2)), "i32");
  // Rounding may leave the last cumulated weight below the last point.
  const chosen = sum(slice(below, 2, 0, particles - 1), 2);
  const own = broadcastTo(arange(particles), [groups, particles]);
  const within = where(poor, chosen, own);
  const base = mul(sub(cumsum(ones([groups, 1], "i32"), 0), 1), particles);
  const ancestors = reshape(add(within, base), [rows]);
  const mean = broadcastTo(expandDims(logMeanExp(grouped, 1), 1), [groups, particles]);
  const moved = mapTensors(carry, (t) => gather(t, ancestors, 0));
  const ofRow = reshape(broadcastTo(effective, [groups, particles]), [rows]);
  return {
    ...moved,
    logWeight: reshape(where(poor, mean, grouped), [rows]),
    ...(carry.least ? { least: minimum(carry.least, ofRow) } : {}),
  };
}
