import {
  add,
  cast,
  div,
  equal,
  exp,
  expandDims,
  floor,
  gather,
  log,
  matmul,
  max,
  maximum,
  minimum,
  mul,
  reshape,
  type SymbolicKey,
  stopGradient,
  sub,
  sum,
  type Tensor,
  transpose,
  uniform,
  where,
} from "../tensor/index.ts";

/**
 * Draws `count` states with replacement from 0 … `states` − 1 with the log-uniform law Q(k) = log((k + 2)/(k
 * + 1)) / log(states + 1), close to Zipf's for states sorted by falling frequency. Returns `ids: [count]`
 * i32, and `logExpected: [count]`, the log of the expected number of times each is drawn, in double precision
 * (single precision cannot distinguish the rarest of 10⁶ states).
 */
export function logUniformStates(
  key: SymbolicKey,
  states: number,
  count: number,
): { ids: Tensor; logExpected: Tensor } {
  const span = Math.log(states + 1);
  const drawn = floor(exp(mul(uniform(key, [count], "f64"), span)));
  const k = minimum(sub(drawn, 1), states - 1);
  const logExpected = add(log(log(div(add(k, 2), add(k, 1)))), Math.log(count / span));
  return { ids: cast(k, "i32"), logExpected };
}

/**
 * Sampled softmax: returns an estimate of −log P(target) under logits features · tableᵀ that touches only the
 * rows of the targets and of `samples` states drawn once for the whole batch; `[rows]`, in nats.
 *
 * The normaliser is the target's own term plus, for each drawn state k that is not the target, e^(logit_k)
 * divided by the expected number of times k is drawn (importance weights, the "log Q correction"). It is
 * unbiased: the estimate of −log P and its gradient converge to those of the full softmax as `samples` grows,
 * and lie below −log P on average (Jensen). Draws follow {@link logUniformStates}: any numbering of the
 * states is valid, one by falling frequency has the smallest variance. Jean, Cho, Memisevic & Bengio 2015
 * (arXiv:1412.2007), section 3; Bengio & Senécal 2008.
 *
 * `features: [rows, d]`, `table: [states, d]` (a bias is one of its columns, with a feature of 1),
 * `targets: [rows]` i32. The table is used by `gather` alone, so it may be row-sparse.
 */
export function sampledSoftmaxLoss(
  features: Tensor,
  table: Tensor,
  targets: Tensor,
  key: SymbolicKey,
  samples: number,
): Tensor {
  const { ids, logExpected } = logUniformStates(key, table.shape[0] as number, samples);
  const own = sum(mul(features, gather(table, targets)), 1, true);
  const logits = sub(matmul(features, transpose(gather(table, ids))), cast(logExpected, features.dtype));
  const hit = equal(expandDims(targets, 1), expandDims(ids, 0));
  const others = where(hit, -Infinity, logits);
  const high = stopGradient(maximum(max(others, 1, true), own));
  const total = add(exp(sub(own, high)), sum(exp(sub(others, high)), 1, true));
  return reshape(add(log(total), sub(high, own)), targets.shape);
}
