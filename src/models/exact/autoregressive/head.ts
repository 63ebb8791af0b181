import type { Space } from "../../../data/space.ts";
import { bernoulliLogProb, categoricalLogProb } from "../../../nn/likelihood.ts";
import {
  cast,
  cumsum,
  div,
  greaterEqual,
  less,
  logSoftmax,
  mul,
  oneHot,
  reshape,
  sigmoid,
  slice,
  softmax,
  sum,
  type Tensor,
} from "../../../tensor/index.ts";
import type { Parameters, Symbolic } from "../../contract.ts";

/** A drawn site: its value `[batch]`, and the log-probability of that value at temperature 1. */
export interface DrawnSite {
  readonly value: Tensor;
  readonly logProb: Tensor;
}

/** The map from the outputs of a network to the distribution of a site. */
export interface Head<P extends Parameters = Parameters> {
  /** log P of values `x: [...]` from outputs `[..., outputs]`, in nats. */
  logProb(p: Symbolic<P>, outputs: Tensor, x: Tensor): Tensor;
  /** Uniform numbers that a draw takes a row. */
  readonly uniforms: number;
  /**
   * Draws one value per row from outputs `[batch, outputs]` and uniform numbers `u: [batch, uniforms]`.
   * Logits are divided by the temperature before the draw; the log-probability is that at temperature 1.
   */
  draw(p: Symbolic<P>, outputs: Tensor, u: Tensor, temperature?: Tensor): DrawnSite;
}

/** Numbers a site has in the outputs of {@link logits}: 1 for a binary site, the number of states for a categorical one. */
export function statesOf(space: Space): number {
  return space.kind === "categorical" ? space.states : 1;
}

const bernoulli: Head = {
  uniforms: 1,
  logProb: (_, outputs, x) => bernoulliLogProb(reshape(outputs, x.shape), x),
  draw(_, outputs, u, temperature) {
    const rows = [outputs.shape[0] as number];
    const tempered = temperature ? div(outputs, temperature) : outputs;
    const value = reshape(cast(less(u, sigmoid(tempered)), outputs.dtype), rows);
    return { value, logProb: bernoulliLogProb(reshape(outputs, rows), value) };
  },
};

const softmaxHead: Head = {
  uniforms: 1,
  logProb: (_, outputs, x) => categoricalLogProb(outputs, x),
  draw(_, outputs, u, temperature) {
    const states = outputs.shape[1] as number;
    const tempered = temperature ? div(outputs, temperature) : outputs;
    // The number of cumulated probabilities below u; the last, 1 up to rounding, is not counted.
    const below = slice(cumsum(softmax(tempered), 1), 1, 0, states - 1);
    const value = sum(cast(greaterEqual(u, below), "i32"), 1);
    return { value, logProb: sum(mul(logSoftmax(outputs), oneHot(value, states, outputs.dtype)), 1) };
  },
};

/** The usual head: one logit for a binary site, one logit per state for a categorical site. */
export function logits(space: Space): Head {
  return space.kind === "categorical" ? softmaxHead : bernoulli;
}
