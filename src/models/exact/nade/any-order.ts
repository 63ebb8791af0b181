import { sites } from "../../../data/space.ts";
import type { ActivationName } from "../../../nn/activation.ts";
import {
  add,
  cast,
  cumsum,
  div,
  expandDims,
  floor,
  less,
  matmul,
  maximum,
  mul,
  neg,
  ones,
  reshape,
  type SymbolicKey,
  sub,
  sum,
  type Tensor,
  uniform,
} from "../../../tensor/index.ts";
import type { Symbolic } from "../../contract.ts";
import type { Head } from "../autoregressive/head.ts";
import { begin, encode, type NadeParameters, type NadeShape, realType, toLogits, upper } from "./network.ts";

/**
 * An unbiased estimate of −log P(x) averaged over all orders, in nats per row (Uria, Murray & Larochelle,
 * arXiv:1310.1757, equation 15): of N sites a random number d are known, and all others are predicted at
 * once, by one pass of the network; the mean of their −log P(x_i | known) is used for each of N conditionals.
 *
 * A site is known if its own uniform number lies below the row's, which makes d uniform on 0 … N without
 * sorting; d = N predicts nothing, which the factor (N + 1)/N corrects. The rows' numbers are evenly spread
 * over the batch.
 */
export function anyOrderEstimate(
  p: Symbolic<NadeParameters>,
  shape: NadeShape,
  activation: ActivationName,
  head: Head<NadeParameters>,
  x: Tensor,
  key: SymbolicKey,
  context?: Tensor,
): Tensor {
  const real = realType(p);
  const n = sites(shape.space);
  const batch = x.shape[0] as number;
  const known = cast(
    less(uniform(key.fold(0), [batch, n], real), thresholds(batch, key.fold(1), real)),
    real,
  );
  const seen = mul(encode(p, shape, x), expandDims(known, 2));
  const { weight } = p.first;
  const first = add(
    matmul(reshape(seen, [batch, weight.shape[0] as number]), weight),
    begin(p, batch, context),
  );
  const [hidden, , outputs] = p.output.weight.shape as [number, number, number];
  const flat = matmul(upper(p.layers, activation, first), reshape(p.output.weight, [hidden, n * outputs]));
  const logits = add(toLogits(p, reshape(flat, [batch, n, outputs])), p.output.bias);
  const unknown = sub(1, known);
  const each = mul(head.logProb(p, logits, x), unknown);
  return neg(mul(sum(each, 1), div(n + 1, maximum(sum(unknown, 1), 1))));
}

/** One uniform number a row, `[batch, 1]`: each row's is uniform, and together they are evenly spread. */
function thresholds(batch: number, key: SymbolicKey, real: "f32" | "f64"): Tensor {
  const count = cumsum(ones([batch, 1], real), 0);
  const spread = add(div(count, reshape(sum(ones([batch], real)), [])), uniform(key, [1, 1], real));
  return sub(spread, floor(spread));
}
