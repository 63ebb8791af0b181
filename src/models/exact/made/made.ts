import * as z from "zod";
import { sites as siteCount } from "../../../data/space.ts";
import { usageError } from "../../../error.ts";
import { activationNames } from "../../../nn/activation.ts";
import { glorotInit, uniformInit, zerosInit } from "../../../nn/init.ts";
import { Key } from "../../../random/key.ts";
import { permutation } from "../../../random/permutation.ts";
import { gather, mean, neg, reshape, stack, sum } from "../../../tensor/index.ts";
import { contextFeatures } from "../../context.ts";
import type { Domain, ExactModel, Family, Symbolic } from "../../contract.ts";
import { checkHyperparameters } from "../../hyperparameters.ts";
import { autoregressive, requireDiscrete } from "../autoregressive/autoregressive.ts";
import type { Conditionals } from "../autoregressive/conditionals.ts";
import { logits, statesOf } from "../autoregressive/head.ts";
import { commonHyperparameters, layerSizes } from "../autoregressive/options.ts";
import {
  blocksOf,
  type MadeBlocks,
  makeOrdering,
  masksByPath,
  naturalOrder,
  type Ordering,
} from "./masks.ts";
import { randomMember } from "./members.ts";
import { forward, type MadeParameters, maskedBy, type Reading } from "./network.ts";
import { madeShallow } from "./shallow.ts";
import type { Block } from "./triangular.ts";
import { madeWalk } from "./walk.ts";

const schema = z.strictObject({
  /** Units of each hidden layer: 256, or [500, 500] (default [256]). */
  hidden: layerSizes.default([256]).describe("units of each hidden layer: 256, or 500,500"),
  /** Activation of the hidden units (default `relu`). */
  activation: z.enum(activationNames).default("relu").describe("activation of the hidden units"),
  /** Share of hidden units left out at random in each training step (default 0). */
  dropout: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe("share of hidden units left out at random in each training step"),
  /** Share of inputs left out at random in each training step (default 0). */
  inputDropout: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe("share of inputs left out at random in each training step"),
  /** How the network reads binary sites: bits 0 and 1, or spins −1 and +1, which suit spin models (default `bits`). */
  inputs: z
    .enum(["bits", "spins"])
    .default("bits")
    .describe("how the network reads binary sites: bits 0 and 1, or spins −1 and +1, which suit spin models"),
  /** Connect each site straight to the sites after it (default true). */
  direct: z.boolean().default(true).describe("connect each site directly to the logits of later sites"),
  /** Order in which sites are visited (default `natural`). */
  order: z.enum(["natural", "random"]).default("natural").describe("order in which sites are visited"),
  /** Number of orders; their probabilities are averaged (default 1). */
  orders: z.int().min(1).max(64).default(1).describe("number of orders; their probabilities are averaged"),
  /** Sets of connections for each order; probabilities are averaged over them too (default 1). */
  masks: z
    .int()
    .min(1)
    .max(64)
    .default(1)
    .describe("sets of connections for each order; probabilities are averaged over them too"),
  /** Orders and masks that a training step is taken in, drawn at random; 0 takes all (default 0). */
  perStep: z
    .int()
    .min(0)
    .max(64)
    .default(0)
    .describe("number of random orders and masks used in a training step; 0: all"),
  /** Seed of random orders and connections (default 0). */
  orderSeed: z.int().min(0).default(0).describe("seed of random orders and connections"),
  /** Blocks that masked weights are cut into; 0 chooses by size (default 0). */
  blocks: z
    .int()
    .min(0)
    .max(64)
    .default(0)
    .describe("blocks that masked weights are cut into; 0 chooses by size"),
  ...commonHyperparameters,
});

/** Hyperparameters of {@link made}, defaults filled in. */
export type MadeHyperparameters = z.output<typeof schema>;

/**
 * Hyperparameters as they may be given: all have defaults.
 *
 * @interface
 */
export type MadeOptions = z.input<typeof schema>;

/**
 * Number of blocks whose products skip masked weights: more for larger weights, where arithmetic outweighs
 * calls.
 */
function blocksFor(entries: number): number {
  return entries > 1 << 18 ? 4 : entries > 1 << 16 ? 2 : 1;
}

function orderOf(n: number, h: MadeHyperparameters, i: number): Uint32Array {
  const natural = h.order === "natural" && i === 0;
  return natural ? naturalOrder(n) : permutation(Key.fromSeed(h.orderSeed).fold(i).fold(0), n);
}

/** The orders and masks of an ensemble: weights are shared, so each has its own masks over the sites as they lie. */
function ensemble(n: number, h: MadeHyperparameters): Ordering[] {
  return Array.from({ length: h.orders * h.masks }, (_, i) => {
    const shuffle = i === 0 ? undefined : Key.fromSeed(h.orderSeed).fold(i).fold(1);
    return makeOrdering(orderOf(n, h, Math.floor(i / h.masks)), h.hidden, shuffle);
  });
}

/**
 * Makes MADE, the masked autoencoder for distribution estimation: P(x) = Π P(x_i | x_<i), all conditionals
 * from one feed-forward network with connections masked to respect the order (Germain et al.,
 * arXiv:1502.03509).
 *
 * With several orders or masks the weights are shared and the probabilities averaged; with `z2` a
 * configuration and its flip are averaged. Both are exact: P sums to 1. Binary and categorical spaces,
 * optional context. Throws AnsatzError (usage) for other spaces and for hyperparameters out of range, naming
 * them.
 */
export function makeMade(domain: Domain, options: MadeOptions = {}): ExactModel<MadeParameters> {
  const { space } = domain;
  const contextSize = contextFeatures(domain);
  const h = checkHyperparameters("made", schema, options);
  requireDiscrete("made", space);
  const [n, states] = [siteCount(space), statesOf(space)];
  // With one order the network sees the sites in that order. Weights that start masked stay masked when their
  // gradient is: no product with a mask in the forward pass, and blocks leave out most of what is masked.
  const single = h.orders * h.masks === 1;
  const order = orderOf(n, h, 0);
  const orderings = single ? [makeOrdering(naturalOrder(n), h.hidden)] : ensemble(n, h);
  const chosen = h.blocks > 0 ? h.blocks : blocksFor(n * states * (h.hidden[0] as number));
  const blocks = orderings.map((ordering) => blocksOf(ordering, states, single ? chosen : 1));
  const member = (p: Symbolic<MadeParameters>, i: number) =>
    single ? p : maskedBy(p, blocks[i] as MadeBlocks);
  if (h.inputs === "spins" && space.kind !== "binary")
    throw usageError("inputs spins are −1 and +1: they need a binary space");
  const reading: Reading = { space, activation: h.activation, spins: h.inputs === "spins" };
  const drawn = !single && h.perStep > 0 ? randomMember(orderings, states) : undefined;
  const natural = order.every((site, position) => site === position);

  const first = blocks[0] as MadeBlocks;
  const head = logits(space);
  const conditionals: Conditionals<MadeParameters> = {
    family: "made",
    hyperparameters: { ...h, blocks: single ? chosen : 1 },
    space,
    context: domain.context,
    orders: single ? [order] : orderings.map(({ sites }) => sites),
    anyOrder: false,
    head,
    init: (key) => initial(key, h, first, contextSize, single),
    outputs(p, x, { sites, positions, member: i }, context, noise) {
      const arranged = single && !natural;
      const input = arranged ? gather(x, sites, 1) : x;
      const dropped = noise && { hidden: h.dropout, inputs: h.inputDropout, key: noise };
      const flat = forward(member(p, i), reading, input, context, dropped);
      const all = reshape(flat, [x.shape[0] as number, n, states]);
      return arranged ? gather(all, positions, 1) : all;
    },
    ...(drawn && {
      loss(p, x, key, context) {
        const each = Array.from({ length: h.perStep }, (_, i) => {
          const noise = key.fold(i);
          const dropped = { hidden: h.dropout, inputs: h.inputDropout, key: noise.fold(0) };
          const flat = forward(drawn(p, noise.fold(1)), reading, x, context, dropped);
          return mean(sum(head.logProb(p, reshape(flat, [x.shape[0] as number, n, states]), x), 1));
        });
        return neg(mean(stack(each)));
      },
    }),
    walk(p, { member: i }, batch, context) {
      return madeWalk(member(p, i), orderings[i] as Ordering, reading, batch, context);
    },
    ...(single ? { masks: masksByPath(first, h.direct) } : {}),
    ...(single && contextSize === 0 ? madeShallow(orderings[0] as Ordering, reading) : {}),
    decays: (path) => path.includes("weight"),
  };
  return autoregressive(conditionals, h);
}

/** Entries of full weights and biases; blocks leave out some of what is masked. */
function parameterCount(domain: Domain, options: unknown): number {
  const { space } = domain;
  const contextSize = contextFeatures(domain);
  const { hidden, direct } = checkHyperparameters("made", schema, options);
  const width = siteCount(space) * statesOf(space);
  const sizes = [width, ...hidden, width];
  const layers = hidden.length + 1;
  let count = (direct ? width * width : 0) + contextSize * ((hidden[0] as number) + width);
  for (let i = 0; i < layers; i++) count += ((sizes[i] as number) + 1) * (sizes[i + 1] as number);
  return count;
}

/** Fresh parameters: weights as for a full matrix, biases and direct links zero. */
function initial(
  key: Key,
  h: MadeHyperparameters,
  { layers, output, direct }: MadeBlocks,
  contextSize: number,
  isMasked: boolean,
): MadeParameters {
  const columns = (blocks: readonly Block[]) => blocks.reduce((total, block) => total + block.columns, 0);
  const layer = (blocks: readonly Block[], inputs: number, index: number) => {
    const outputs = columns(blocks);
    const limit = Math.sqrt(6 / (inputs + outputs));
    const weight = blocks.map((block, i) => {
      const w = uniformInit(key.fold(index).fold(i), [block.rows, block.columns], limit);
      // A product with 0 may be −0: a masked weight is 0.
      if (isMasked) for (const [j, v] of w.data.entries()) w.data[j] = block.mask[j] === 0 ? 0 : v;
      return w;
    });
    return { weight, bias: zerosInit([outputs]) };
  };
  const width = columns(output);
  return {
    layers: layers.map((blocks, i) => layer(blocks, i === 0 ? width : (h.hidden[i - 1] as number), i)),
    output: layer(output, h.hidden.at(-1) as number, layers.length),
    ...(h.direct
      ? { direct: { weight: direct.map((block) => zerosInit([block.rows, block.columns])) } }
      : {}),
    ...(contextSize > 0
      ? {
          context: {
            weight: glorotInit(key.fold(layers.length + 1), contextSize, h.hidden[0] as number),
            direct: zerosInit([contextSize, width]),
          },
        }
      : {}),
  };
}

/** The family for the registry. */
export const made: Family<ExactModel<MadeParameters>> = {
  name: "made",
  kind: "exact",
  summary: "masked autoencoder: exact likelihood, one pass to score, binary or categorical sites",
  schema,
  parameterCount,
  solving: ({ kind }) => (kind === "binary" ? { inputs: "spins" } : {}),
  create: (domain, hyperparameters) => makeMade(domain, hyperparameters as MadeOptions),
};
