import {
  customGradient,
  logSoftmax,
  mul,
  neg,
  oneHot,
  sigmoid,
  softplus,
  sub,
  sum,
  type Tensor,
} from "../tensor/index.ts";

/**
 * log P(x) of Bernoulli variables with the given logits, elementwise: x log σ(l) + (1 − x) log σ(−l), by softplus
 * of the signed logit, so that no probability is ever rounded to 0 or 1. `x` is 0 or 1 and of the logits' type.
 */
export function bernoulliLogProb(logits: Tensor, x: Tensor): Tensor {
  const value = (l: Tensor, bit: Tensor) => neg(softplus(mul(sub(1, mul(bit, 2)), l)));
  // Its derivative x − σ(l) is simpler than that of the signed form.
  const [y] = customGradient(
    (l, bit) => [value(l as Tensor, bit as Tensor)],
    ([g], [l, bit]) => [g && mul(g, sub(bit as Tensor, sigmoid(l as Tensor))), undefined],
  )(logits, x);
  return y as Tensor;
}

/** log P(x) of categorical variables: logits `[..., states]`, x `[...]` integers; shape `[...]`. */
export function categoricalLogProb(logits: Tensor, x: Tensor): Tensor {
  const states = logits.shape.at(-1) as number;
  return sum(mul(logSoftmax(logits, -1), oneHot(x, states, logits.dtype)), -1);
}
