import { gather, type SymbolicKey, type Tensor } from "../../../tensor/index.ts";
import { contextFeatures } from "../../context.ts";
import type { Domain, ExactModel, Family, Symbolic } from "../../contract.ts";
import { autoregressive, orderOf } from "../autoregressive/autoregressive.ts";
import type { Conditionals } from "../autoregressive/conditionals.ts";
import { logits } from "../autoregressive/head.ts";
import { vocabulary } from "../autoregressive/vocabulary.ts";
import { anyOrderLoss, orderLoss } from "./loss.ts";
import { forward, type Network } from "./network.ts";
import { checkOptions, schema, sizesOf, type TransformerOptions } from "./options.ts";
import { ordersOf } from "./orders.ts";
import { countParameters, initial, type TransformerParameters } from "./parameters.ts";
import { transformerWalk } from "./walk.ts";

/**
 * Makes a decoder-only transformer: P(x) = Π P(x_i | sites before i), all conditionals from tokens that look
 * at those before them by attention (Vaswani et al., arXiv:1706.03762), normalised before each layer (Xiong
 * et al., arXiv:2002.04745).
 *
 * With `anyOrder` it is trained on random orders, a new one for each row and step, so that any sites may be
 * given and the others drawn by their exact conditionals in this model; P is taken in one order that the
 * caller chooses, or averaged over several. Values enter by an embedding that also makes the logits; with
 * very many values a step trains those of its batch and some that are sampled (`negatives`). Binary and
 * categorical spaces, optional context. Throws AnsatzError (usage) for other spaces and for hyperparameters
 * out of range, naming them.
 */
export function makeTransformer(
  domain: Domain,
  options: TransformerOptions = {},
): ExactModel<TransformerParameters> {
  const { space } = domain;
  const contextSize = contextFeatures(domain);
  const h = checkOptions(domain, options);
  const sizes = sizesOf(space, h);
  const words =
    h.negatives > 0
      ? vocabulary<TransformerParameters>(space, h.negatives, ({ embedding }) => embedding)
      : undefined;
  const net: Network = {
    ...{ space, sizes, activation: h.activation, rotary: h.positions !== "learned" },
    ...(words && { words }),
  };
  const orders = ordersOf(space, h);
  const natural = !h.anyOrder && h.order === "natural";

  const loss = (p: Symbolic<TransformerParameters>, x: Tensor, key: SymbolicKey, context?: Tensor): Tensor =>
    h.anyOrder
      ? anyOrderLoss(p, net, x, key, context)
      : orderLoss(p, net, x, orderOf(orders[0] as Uint32Array).sites, key, context);

  const conditionals: Conditionals<TransformerParameters> = {
    family: "transformer",
    hyperparameters: h,
    space,
    context: domain.context,
    orders,
    anyOrder: h.anyOrder,
    head: words ? words.head : logits(space),
    init: (key) => initial(key, h, sizes, space.kind === "binary", contextSize),
    outputs(p, x, { sites, positions }, context) {
      if (natural) return forward(p, net, x, sites, context);
      return gather(forward(p, net, gather(x, sites, 1), sites, context), positions, 1);
    },
    walk: (p, { sites }, batch, context) => transformerWalk(p, net, sites, batch, context),
    ...((h.anyOrder || words) && { loss }),
    ...(words && { sparse: ["embedding"] }),
    decays: (path) => path.startsWith("layers") && !path.endsWith("bias"),
  };
  return autoregressive(conditionals, h);
}

/** The family for the registry. */
export const transformer: Family<ExactModel<TransformerParameters>> = {
  name: "transformer",
  kind: "exact",
  summary: "decoder with attention: exact likelihood, any alphabet, one order or all of them",
  schema,
  parameterCount(domain, options) {
    const { space } = domain;
    const contextSize = contextFeatures(domain);
    const h = checkOptions(domain, options);
    return countParameters(h, sizesOf(space, h), space.kind === "binary", contextSize);
  },
  create: (domain, hyperparameters) => makeTransformer(domain, hyperparameters as TransformerOptions),
};
