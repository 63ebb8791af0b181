import * as z from "zod";
import { sites as siteCount } from "../../../data/space.ts";
import { usageError } from "../../../error.ts";
import { activationNames } from "../../../nn/activation.ts";
import { dropout } from "../../../nn/dropout.ts";
import { Key } from "../../../random/key.ts";
import { permutation } from "../../../random/permutation.ts";
import { add, ones, transpose } from "../../../tensor/index.ts";
import { contextFeatures } from "../../context.ts";
import type { Domain, ExactModel, Family } from "../../contract.ts";
import { checkHyperparameters } from "../../hyperparameters.ts";
import { autoregressive, requireDiscrete } from "../autoregressive/autoregressive.ts";
import type { Conditionals } from "../autoregressive/conditionals.ts";
import { logits, statesOf } from "../autoregressive/head.ts";
import { commonHyperparameters, layerSizes } from "../autoregressive/options.ts";
import { byPosition, bySite } from "../autoregressive/order.ts";
import { anyOrderEstimate } from "./any-order.ts";
import { outputsInOrder } from "./blocks.ts";
import {
  begin,
  encode,
  initial,
  inputWeights,
  type NadeParameters,
  type NadeShape,
  realType,
  sizesOf,
  toLogits,
} from "./network.ts";
import { nadeShallow } from "./shallow.ts";
import { nadeWalk } from "./walk.ts";

const schema = z.strictObject({
  /** Units of each hidden layer: 256, or [500, 500] (default [256]). */
  hidden: layerSizes.default([256]).describe("units of each hidden layer: 256, or 500,500"),
  /** Activation of the hidden units (default `relu`). */
  activation: z.enum(activationNames).default("relu").describe("activation of the hidden units"),
  /** Train on random orders, so that any set of sites can be conditioned on exactly (default false). */
  anyOrder: z
    .boolean()
    .default(false)
    .describe("train on random orders, so that any set of sites can be conditioned on exactly"),
  /** Order in which sites are visited (default `natural`). */
  order: z.enum(["natural", "random"]).default("natural").describe("order in which sites are visited"),
  /** Number of orders; their probabilities are averaged (default 1). */
  orders: z.int().min(1).max(64).default(1).describe("number of orders; their probabilities are averaged"),
  /** Seed of random orders (default 0). */
  orderSeed: z.int().min(0).default(0).describe("seed of random orders"),
  /** Numbers a state is embedded in; 0 for one-hot states, null for 16 above 16 states and else 0 (default null). */
  embedding: z
    .int()
    .min(0)
    .max(4096)
    .nullable()
    .default(null)
    .describe("size of the embedding of a state; 0: one-hot, null: chosen by the number of states"),
  /** Share of the last layer's hidden units left out at random in each training step (default 0). */
  dropout: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe("share of the last layer's hidden units left out at random in each training step"),
  /** Share of inputs left out at random in each training step (default 0). */
  inputDropout: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe("share of inputs left out at random in each training step"),
  ...commonHyperparameters,
});

/** Hyperparameters of {@link nade}, defaults filled in. */
export type NadeHyperparameters = z.output<typeof schema>;

/**
 * Hyperparameters as they may be given: all have defaults.
 *
 * @interface
 */
export type NadeOptions = z.input<typeof schema>;

/** States up to which they are one-hot where nothing else is asked for; more are embedded. */
const oneHotStates = 16;

function shapeOf(domain: Domain, h: NadeHyperparameters): NadeShape {
  const { space } = domain;
  const states = statesOf(space);
  const embedding = h.embedding ?? (states > oneHotStates ? oneHotStates : 0);
  return {
    space,
    contextSize: contextFeatures(domain),
    hidden: h.hidden,
    anyOrder: h.anyOrder,
    embedding: states > 1 ? embedding : 0,
  };
}

/** The orders of the ensemble: the first natural or random, the others random. */
function ordersOf(n: number, h: NadeHyperparameters): Uint32Array[] {
  return Array.from({ length: h.orders }, (_, i) =>
    i === 0 && h.order === "natural"
      ? Uint32Array.from({ length: n }, (_, site) => site)
      : permutation(Key.fromSeed(h.orderSeed).fold(i), n),
  );
}

/**
 * Makes NADE, the neural autoregressive distribution estimator (Larochelle & Murray, AISTATS 2011): P(x) = Π
 * P(x_i | x_<i) with hidden units h_i = f(c + Σ_{j<i} W_j x_j) and logits b_i + V_i h_i; all conditionals
 * share the weights.
 *
 * With `anyOrder` it is trained on random orders at once (EoNADE, DeepNADE: Uria, Murray & Larochelle,
 * arXiv:1310.1757), so that completions are exact whatever is known; probabilities are averaged over the
 * requested `orders`. P sums to 1. Binary and categorical spaces, optional context. Throws AnsatzError
 * (usage) for other spaces and for hyperparameters out of range, naming them.
 */
export function makeNade(domain: Domain, options: NadeOptions = {}): ExactModel<NadeParameters> {
  const { space } = domain;
  const h = checkHyperparameters("nade", schema, options);
  requireDiscrete("nade", space);
  if (h.anyOrder && (h.dropout > 0 || h.inputDropout > 0))
    throw usageError("nade: anyOrder hides sites at random as it is; leave dropout and inputDropout out");
  const n = siteCount(space);
  const shape = shapeOf(domain, h);
  const { activation } = h;
  const head = logits(space);
  const orders = ordersOf(n, h);
  const conditionals: Conditionals<NadeParameters> = {
    family: "nade",
    hyperparameters: { ...h, embedding: shape.embedding },
    space,
    context: domain.context,
    orders,
    anyOrder: h.anyOrder,
    head,
    init: (key) => initial(key, shape),
    outputs(p, x, order, context, noise) {
      const batch = x.shape[0] as number;
      const units = ones([batch, h.hidden.at(-1) as number], realType(p));
      const sequence = {
        start: begin(p, batch, context),
        x: dropout(encode(p, shape, byPosition(x, order, 1)), h.inputDropout, noise?.fold(0)),
        rows: byPosition(inputWeights(p, n), order, 0),
        columns: byPosition(transpose(p.output.weight, [1, 0, 2]), order, 0),
        layers: p.layers,
        // The units that a row goes without, it goes without at every site.
        ...(noise && h.dropout > 0 ? { kept: dropout(units, h.dropout, noise.fold(1)) } : {}),
      };
      const outputs = bySite(outputsInOrder(sequence, activation), order, 1);
      return add(toLogits(p, outputs), p.output.bias);
    },
    walk: (p, order, batch, context) => nadeWalk(p, shape, activation, order, batch, context),
    ...nadeShallow(shape, activation, orders[0] as Uint32Array),
    ...(h.anyOrder
      ? { estimate: (p, x, key, context) => anyOrderEstimate(p, shape, activation, head, x, key, context) }
      : {}),
    decays: (path) => path.includes("weight") || path.includes("embedding"),
  };
  return autoregressive(conditionals, h);
}

function parameterCount(domain: Domain, options: unknown): number {
  const h = checkHyperparameters("nade", schema, options);
  const shape = shapeOf(domain, h);
  const n = siteCount(domain.space);
  const { inputs, outputs, logits } = sizesOf(shape);
  const [first, top] = [h.hidden[0] as number, h.hidden.at(-1) as number];
  const upperLayers = h.hidden
    .slice(1)
    .reduce((total, units, i) => total + ((h.hidden[i] as number) + 1) * units, 0);
  return (
    (n * inputs + 1 + contextFeatures(domain)) * first +
    upperLayers +
    n * (outputs * top + logits) +
    logits * shape.embedding
  );
}

/** The family for the registry. */
export const nade: Family<ExactModel<NadeParameters>> = {
  name: "nade",
  kind: "exact",
  summary:
    "neural autoregressive estimator: exact likelihood, weights shared by all sites, any order if asked",
  schema,
  parameterCount,
  create: (domain, hyperparameters) => makeNade(domain, hyperparameters as NadeOptions),
};
