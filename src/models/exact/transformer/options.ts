import * as z from "zod";
import { type Space, sites as siteCount } from "../../../data/space.ts";
import { usageError } from "../../../error.ts";
import { activationNames } from "../../../nn/activation.ts";
import type { Domain } from "../../contract.ts";
import { checkHyperparameters } from "../../hyperparameters.ts";
import { requireDiscrete } from "../autoregressive/autoregressive.ts";
import { commonHyperparameters } from "../autoregressive/options.ts";
import { negativesFor, vocabularyHyperparameters } from "../autoregressive/vocabulary.ts";

export const schema = z.strictObject({
  /** Number of layers (default 2). */
  layers: z.int().min(1).max(64).default(2).describe("number of layers"),
  /** Numbers that represent a site (default 64). */
  width: z.int().min(1).max(8192).default(64).describe("numbers that represent a site"),
  /** Attention heads; they share the width (default 4). */
  heads: z.int().min(1).max(256).default(4).describe("attention heads; they share the width"),
  /** Hidden units of a layer as a multiple of the width (default 2). */
  mlp: z
    .number()
    .positive()
    .max(16)
    .default(2)
    .describe("hidden units of a layer as a multiple of the width"),
  /** Activation of the hidden units (default `relu`). */
  activation: z.enum(activationNames).default("relu").describe("activation of the hidden units"),
  /** How sites are told apart: learned vectors, rotary by their coordinates, or both (default `both`). */
  positions: z
    .enum(["learned", "rotary", "both"])
    .default("both")
    .describe("how sites are told apart: learned vectors, rotary by their coordinates, or both"),
  /** Order in which sites are visited; snake turns at the end of each row (default `natural`). */
  order: z
    .enum(["natural", "snake", "random"])
    .default("natural")
    .describe("order in which sites are visited; snake turns at the end of each row"),
  /** Train on random orders, so that any sites can be conditioned on (default false). */
  anyOrder: z
    .boolean()
    .default(false)
    .describe("train on random orders, so that any sites can be conditioned on"),
  /** Number of fixed orders whose probabilities are averaged; more than 1 needs anyOrder (default 1). */
  orders: z
    .int()
    .min(1)
    .max(64)
    .default(1)
    .describe("number of fixed orders whose probabilities are averaged; more than 1 needs anyOrder"),
  /**
   * A site knows the context of the sites up to its own alone, where the context has as many sites as the rows: what the settings of
   * measured qubits require, since the outcomes of a qubit do not tell how others are measured (default false).
   */
  siteContext: z
    .boolean()
    .default(false)
    .describe(
      "a site knows the context of the sites up to its own alone, such as the settings of measured qubits",
    ),
  /** Seed of random orders (default 0). */
  orderSeed: z.int().min(0).default(0).describe("seed of random orders"),
  ...vocabularyHyperparameters,
  ...commonHyperparameters,
});

/** Hyperparameters of the transformer, defaults filled in; states sampled to train, 0 for the full softmax. */
export type TransformerHyperparameters = z.output<typeof schema> & { readonly negatives: number };

/**
 * Hyperparameters of `makeTransformer`, all optional.
 *
 * @interface
 */
export type TransformerOptions = z.input<typeof schema>;

/** Checked against each other and the space; throws AnsatzError (usage) naming what is wrong. */
export function checkOptions({ space, context }: Domain, options: unknown): TransformerHyperparameters {
  const h = checkHyperparameters("transformer", schema, options);
  requireDiscrete("transformer", space);
  if (h.width % h.heads !== 0)
    throw usageError(`transformer: ${h.heads} heads cannot share a width of ${h.width}; take a multiple`);
  if (h.orders > 1 && !h.anyOrder)
    throw usageError(`transformer: averaging ${h.orders} orders needs anyOrder=true`);
  if (h.siteContext && (!context || siteCount(context) % siteCount(space) !== 0))
    throw usageError(
      "transformer: siteContext=true needs a context with a part for each site, such as the setting of each qubit",
    );
  if (h.siteContext && h.anyOrder)
    throw usageError("transformer: siteContext=true takes one order; leave anyOrder out");
  if (h.siteContext && (h.symmetry.length > 0 || h.z2))
    throw usageError(
      "transformer: symmetries move sites and not their context; leave them or siteContext out",
    );
  return { ...h, negatives: negativesFor(space, h.negatives) };
}

/** Sizes that follow from a space and hyperparameters. */
export interface Sizes {
  readonly sites: number;
  /** Values a site may take. */
  readonly states: number;
  readonly width: number;
  readonly heads: number;
  /** Width of a head. */
  readonly head: number;
  /** Hidden units of a layer. */
  readonly hidden: number;
}

/** {@link Sizes} of a model. */
export function sizesOf(space: Space, { width, heads, mlp }: TransformerHyperparameters): Sizes {
  return {
    sites: siteCount(space),
    states: space.kind === "categorical" ? space.states : 2,
    width,
    heads,
    head: width / heads,
    hidden: Math.max(1, Math.round(mlp * width)),
  };
}
