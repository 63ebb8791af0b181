import {
  add,
  flatten,
  gather,
  mean,
  neg,
  type SymbolicKey,
  sum,
  type Tensor,
} from "../../../tensor/index.ts";
import type { Symbolic } from "../../contract.ts";
import { logits } from "../autoregressive/head.ts";
import { randomOrders, rowStarts } from "../autoregressive/random-orders.ts";
import { forward, type Network } from "./network.ts";
import type { TransformerParameters } from "./parameters.ts";

/**
 * The mean of −log P(x) in orders drawn at random, one for each row, in nats a row (Uria, Murray & Larochelle,
 * arXiv:1310.1757, equation 11; XLNet, arXiv:1906.08237, does so with attention). By Jensen's inequality its expectation is an
 * upper bound on −log of the average of P(x) over all orders.
 */
export function anyOrderLoss(
  p: Symbolic<TransformerParameters>,
  net: Network,
  x: Tensor,
  key: SymbolicKey,
  context?: Tensor,
): Tensor {
  const [rows, n] = x.shape as [number, number];
  const orders = randomOrders(rows, n, key);
  const arranged = gather(flatten(x), add(orders, rowStarts(rows, n)));
  return meanLoss(p, net, arranged, orders, key, context);
}

/**
 * The mean of −log P(x), or of its estimate if states are sampled, in nats per row, in the order that has the
 * site `sites: [sites]` at each position.
 */
export function orderLoss(
  p: Symbolic<TransformerParameters>,
  net: Network,
  x: Tensor,
  sites: Tensor,
  key: SymbolicKey,
  context?: Tensor,
): Tensor {
  return meanLoss(p, net, gather(x, sites, 1), sites, key, context);
}

/** For values by position, `[batch, sites]`, and the sites at each. */
function meanLoss(
  p: Symbolic<TransformerParameters>,
  net: Network,
  arranged: Tensor,
  targets: Tensor,
  key: SymbolicKey,
  context?: Tensor,
): Tensor {
  const outputs = forward(p, net, arranged, targets, context);
  const each = net.words
    ? net.words.loss(p, outputs, arranged, key.fold(0))
    : neg(logits(net.space).logProb(p, outputs, arranged));
  return mean(sum(each, 1));
}
