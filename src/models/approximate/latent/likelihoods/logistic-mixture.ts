import {
  add,
  arange,
  broadcastTo,
  cast,
  clip,
  concat,
  cumsum,
  div,
  exp,
  expandDims,
  expm1,
  floor,
  greaterEqual,
  less,
  log,
  logSoftmax,
  logSumExp,
  mul,
  neg,
  oneHot,
  reshape,
  slice,
  softmax,
  softplus,
  sub,
  sum,
  type Tensor,
  uniform,
  where,
  zeros,
} from "../../../../tensor/index.ts";
import { momentsOf } from "../../../exact/flows/bijections/affine.ts";
import type { Likelihood } from "./likelihood.ts";

/** Limits of ln s, for levels that fill [−1, 1]: a component may be much narrower than one level of 256, and wider than all. */
const WIDTHS = [-7, 3] as const;
/** The standard deviation of a logistic distribution of scale 1. */
const DEVIATION = Math.PI / Math.sqrt(3);

/**
 * Grey levels 0 to `count` − 1 as a mixture of `components` logistic distributions, discretised: the
 * probability of level k is the mass between its edges, and the first and the last level also include all
 * mass beyond (Salimans et al., arXiv:1701.05517, equation 2). Rows are real numbers between k and k + 1 for
 * level k; their position in between does not matter. log P is that of the level, which is also the density
 * of such a number.
 */
export function logisticMixture(count: number, components: number): Likelihood<Record<never, never>> {
  /** The middle of a level, levels scaled to [−1, 1]. */
  const scaled = (x: Tensor) => sub(mul(add(levelOf(x), 0.5), 2 / count), 1);
  const levelOf = (x: Tensor) => clip(floor(x), 0, count - 1);
  const part = (given: Tensor, i: number) => slice(given, 2, i * components, (i + 1) * components);
  const logWidths = (given: Tensor) => clip(part(given, 2), ...WIDTHS);
  /** The number between k and k + 1 for a level k, as datasets hold them: on a grid that single precision holds exactly. */
  const cells = 2 ** Math.min(16, 23 - Math.ceil(Math.log2(count)));
  return {
    name: "logistic",
    ...{ features: 1, outputs: 3 * components, count: 0 },
    init: () => ({}),
    read: (_, x) => expandDims(scaled(x), -1),
    logProb(_, given, x) {
      const from = sub(expandDims(scaled(x), -1), part(given, 1));
      const width = logWidths(given);
      const upper = mul(add(from, 1 / count), exp(neg(width)));
      const lower = mul(sub(from, 1 / count), exp(neg(width)));
      // σ(u) − σ(l) = σ(u) σ(−l) (1 − exp(l − u)), in which nothing cancels.
      const below = neg(softplus(neg(upper)));
      const above = neg(softplus(lower));
      const between = log(neg(expm1(mul(exp(neg(width)), -2 / count))));
      const level = expandDims(levelOf(x), -1);
      const inside = add(add(below, above), between);
      const each = where(less(level, 0.5), below, where(greaterEqual(level, count - 1.5), above, inside));
      return logSumExp(add(each, logSoftmax(part(given, 0))), 2);
    },
    draw(_, given, key) {
      const [batch, sites] = given.shape as [number, number];
      const dtype = given.dtype as "f32";
      const u = (i: number, shape: readonly number[]) => uniform(key.fold(i), shape, dtype);
      const below = slice(cumsum(softmax(part(given, 0)), 2), 2, 0, components - 1);
      const chosen = sum(cast(greaterEqual(u(0, [batch, sites, 1]), below), "i32"), 2);
      const pick = (values: Tensor) => sum(mul(values, oneHot(chosen, components, dtype)), 2);
      // Away from 0 and 1, whose logits are infinite.
      const share = clip(u(1, [batch, sites]), 1e-7, 1 - 1e-7);
      const logit = sub(log(share), log(sub(1, share)));
      const value = add(pick(part(given, 1)), mul(pick(exp(logWidths(given))), logit));
      const level = clip(floor(mul(add(value, 1), count / 2)), 0, count - 1);
      const noise = div(add(floor(mul(u(2, [batch, sites]), cells)), 0.5), cells);
      return add(level, noise);
    },
    centre(_, given) {
      const middle = sum(mul(softmax(part(given, 0)), clip(part(given, 1), -1, 1)), 2);
      return add(clip(floor(mul(add(middle, 1), count / 2)), 0, count - 1), 0.5);
    },
    adapt(parameters, x, dtype) {
      const { shift, logScale } = momentsOf(scaled(x), [x.shape[1] as number]);
      const sites = x.shape[1] as number;
      const all = (column: Tensor) => broadcastTo(expandDims(column, -1), [sites, components]);
      // Components side by side, so that they part in training: at the mean if there is one.
      const places = mul(sub(div(add(arange(components, dtype), 0.5), components), 0.5), 2);
      const means = add(all(shift), mul(all(exp(logScale)), reshape(places, [1, components])));
      const widths = sub(all(clip(logScale, -4, 1)), Math.log(DEVIATION));
      return { parameters, start: concat([zeros([sites, components], dtype), means, widths], 1) };
    },
  };
}
