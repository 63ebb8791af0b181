import { bernoulliLogProb } from "../../../../nn/likelihood.ts";
import {
  add,
  cast,
  div,
  expandDims,
  greater,
  less,
  log,
  mean,
  mul,
  reshape,
  sigmoid,
  sub,
  type Tensor,
  uniform,
} from "../../../../tensor/index.ts";
import type { Likelihood } from "./likelihood.ts";

/** Where the outputs are one number a site: `[batch, sites]`. */
const squeezed = (outputs: Tensor) => reshape(outputs, outputs.shape.slice(0, 2));

/** Bits with logits from the decoder; the encoder reads spins −1 and +1. */
export const bernoulli: Likelihood<Record<never, never>> = {
  name: "bernoulli",
  ...{ features: 1, outputs: 1, count: 0 },
  init: () => ({}),
  read: (_, x) => expandDims(sub(mul(x, 2), 1), -1),
  logProb: (_, outputs, x) => bernoulliLogProb(squeezed(outputs), x),
  draw(_, outputs, key) {
    const logits = squeezed(outputs);
    return cast(less(uniform(key, logits.shape, logits.dtype as "f32"), sigmoid(logits)), logits.dtype);
  },
  centre: (_, outputs) => cast(greater(squeezed(outputs), 0), outputs.dtype),
  adapt(parameters, x) {
    // One row more of either value, so that a bit that never varies keeps a finite logit.
    const rows = x.shape[0] as number;
    const share = div(add(mul(mean(x, 0), rows), 1), rows + 2);
    return { parameters, start: expandDims(sub(log(share), log(sub(1, share))), -1) };
  },
};
