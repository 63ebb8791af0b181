import { categoricalLogProb } from "../../../../nn/likelihood.ts";
import {
  add,
  cast,
  cumsum,
  equal,
  greaterEqual,
  log,
  max,
  mean,
  mul,
  oneHot,
  slice,
  softmax,
  sum,
  type Tensor,
  uniform,
} from "../../../../tensor/index.ts";
import type { Likelihood } from "./likelihood.ts";

/** Sites of `states` values with one logit each; the encoder reads them one-hot. */
export function categorical(states: number): Likelihood<Record<never, never>> {
  return {
    name: "categorical",
    ...{ features: states, outputs: states, count: 0 },
    init: () => ({}),
    read: (_, x, dtype) => oneHot(x, states, dtype),
    logProb: (_, outputs, x) => categoricalLogProb(outputs, x),
    draw(_, outputs, key) {
      const [batch, sites] = outputs.shape as [number, number];
      const u = uniform(key, [batch, sites, 1], outputs.dtype as "f32");
      // The number of cumulated probabilities below u; the last, 1 up to rounding, is not counted.
      return before(greaterEqual(u, slice(cumsum(softmax(outputs), 2), 2, 0, states - 1)));
    },
    // The first of the largest logits: the number of states before it.
    centre: (_, outputs) => before(equal(cumsum(cast(equal(outputs, max(outputs, 2, true)), "i32"), 2), 0)),
    adapt(parameters, x, dtype) {
      const rows = x.shape[0] as number;
      const share = mean(oneHot(x, states, dtype), 0);
      // One row more of each state, so that one that never comes keeps a finite logit.
      return { parameters, start: log(add(mul(share, rows), 1)) };
    },
  };
}

const before = (which: Tensor) => sum(cast(which, "i32"), 2);
