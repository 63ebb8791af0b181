import {
  abs,
  add,
  customGradient,
  exp,
  log,
  logSoftmax,
  mul,
  neg,
  oneHot,
  relu,
  sigmoid,
  sub,
  sum,
  type Tensor,
} from "../tensor/index.ts";

/**
 * log P(x) of Bernoulli variables with the given logits l, elementwise: x log σ(l) + (1 − x) log σ(−l), so that no
 * probability is ever rounded to 0 or 1. `x` is 0 or 1 and of the logits' type.
 */
export function bernoulliLogProb(logits: Tensor, x: Tensor): Tensor {
  // x l − max(l, 0) is exact for x = 0 or 1, and what remains, −log(1 + e^−|l|), is small where it is accurate.
  const value = (l: Tensor, bit: Tensor) => sub(sub(mul(bit, l), relu(l)), log(add(exp(neg(abs(l))), 1)));
  const [y] = customGradient(
    (l, bit) => [value(l as Tensor, bit as Tensor)],
    // x − σ(l), simpler than the derivative of that form.
    ([g], [l, bit]) => [g && mul(g, sub(bit as Tensor, sigmoid(l as Tensor))), undefined],
  )(logits, x);
  return y as Tensor;
}

/** log P(x) of categorical variables: logits `[..., states]`, x `[...]` integers; shape `[...]`. */
export function categoricalLogProb(logits: Tensor, x: Tensor): Tensor {
  const states = logits.shape.at(-1) as number;
  return sum(mul(logSoftmax(logits, -1), oneHot(x, states, logits.dtype)), -1);
}
