import type { NDArray } from "../../../../array.ts";
import { sizeOf } from "../../../../array.ts";
import { usageError } from "../../../../error.ts";
import { uniformInit, zerosInit } from "../../../../nn/init.ts";
import {
  add,
  cast,
  cumsum,
  div,
  exp,
  expandDims,
  gather,
  greaterEqual,
  logSoftmax,
  logSumExp,
  mul,
  neg,
  normal,
  reshape,
  slice,
  softmax,
  square,
  sub,
  sum,
  uniform,
} from "../../../../tensor/index.ts";
import type { Base } from "../base.ts";

/** Logits of the weights `[components]`; means and logarithms of standard deviations `[components, numbers]`. */
export type MixtureParameters = {
  readonly logits: NDArray<"f32">;
  readonly mean: NDArray<"f32">;
  readonly logScale: NDArray<"f32">;
};

/**
 * A mixture of `components` normal distributions with learned weights, means and (diagonal) scales: a flow from it need not
 * tear one hill into several. Starts with equal weights and means uniform on [−2, 2).
 *
 * Draws are differentiable by means and scales, not by weights. Throws AnsatzError (usage) for less than one component.
 */
export function mixtureBase(shape: readonly number[], components: number): Base<MixtureParameters> {
  if (!Number.isInteger(components) || components < 1)
    throw usageError(`a mixture has one component or more, not ${components}`);
  const size = sizeOf(shape);
  const constant = 0.5 * size * Math.log(2 * Math.PI);
  return {
    shape,
    init: (key) => ({
      logits: zerosInit([components]),
      mean: uniformInit(key, [components, size], 2),
      logScale: zerosInit([components, size]),
    }),
    logProb({ logits, mean, logScale }, z) {
      const wide = reshape(z, [z.shape[0] as number, 1, size]);
      const distance = sum(square(div(sub(wide, mean), exp(logScale))), 2);
      const each = neg(add(mul(distance, 0.5), add(sum(logScale, 1), constant)));
      return logSumExp(add(each, logSoftmax(logits, 0)), 1);
    },
    sample({ logits, mean, logScale }, key, rows, dtype) {
      // The last sum of probabilities is 1 up to rounding, and is not counted.
      const below = slice(cumsum(softmax(logits, 0), 0), 0, 0, components - 1);
      const u = expandDims(uniform(key.fold(0), [rows], dtype), 1);
      const chosen = sum(cast(greaterEqual(u, below), "i32"), 1);
      const noise = normal(key.fold(1), [rows, size], dtype);
      const z = add(mul(noise, exp(gather(logScale, chosen))), gather(mean, chosen));
      return reshape(z, [rows, ...shape]);
    },
  };
}
