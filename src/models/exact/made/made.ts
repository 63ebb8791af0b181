import { z } from "zod";
import { arrayFrom } from "../../../array.ts";
import { sites as siteCount, siteShape } from "../../../data/space.ts";
import { usageError } from "../../../error.ts";
import { activationNames } from "../../../nn/activation.ts";
import { glorotInit, uniformInit, zerosInit } from "../../../nn/init.ts";
import { Key } from "../../../random/key.ts";
import { permutation } from "../../../random/permutation.ts";
import {
  add,
  cast,
  constant,
  equal,
  expandDims,
  floor,
  gather,
  less,
  logAddExp,
  logMeanExp,
  mean,
  mul,
  neg,
  reshape,
  type SymbolicKey,
  stack,
  sub,
  type Tensor,
  uniform,
  where,
} from "../../../tensor/index.ts";
import { BATCH } from "../../../tensor/shape.ts";
import type { Domain, Draws, ExactModel, Family, Traced } from "../../contract.ts";
import { checkHyperparameters } from "../../hyperparameters.ts";
import {
  blocksOf,
  type MadeBlocks,
  makeOrdering,
  masksByPath,
  naturalOrder,
  type Ordering,
} from "./masks.ts";
import { forward, logProbOf, type MadeParameters, maskedBy, realType, statesOf } from "./network.ts";
import { sampleOrdering } from "./sampler.ts";
import type { Block } from "./triangular.ts";

const layerSizes = z
  .union([z.number(), z.array(z.number())], {
    error: "give the units of a layer such as 256, or of several: 500,500",
  })
  .transform((value) => (typeof value === "number" ? [value] : value))
  .pipe(z.array(z.int().min(1).max(1_000_000)).min(1).max(16));

const schema = z.strictObject({
  hidden: layerSizes.default([256]).describe("units of each hidden layer: 256, or 500,500"),
  activation: z.enum(activationNames).default("relu").describe("activation of the hidden units"),
  direct: z.boolean().default(true).describe("connect each site straight to the sites after it"),
  order: z.enum(["natural", "random"]).default("natural").describe("order in which sites are visited"),
  orders: z.int().min(1).max(64).default(1).describe("number of orders; their probabilities are averaged"),
  orderSeed: z.int().min(0).default(0).describe("seed of random orders and connections"),
  blocks: z
    .int()
    .min(0)
    .max(64)
    .default(0)
    .describe("blocks that masked weights are cut into; 0 chooses by size"),
  z2: z.boolean().default(false).describe("give a configuration and its global flip the same probability"),
});

/** Hyperparameters of {@link made}, defaults filled in. */
export type MadeHyperparameters = z.output<typeof schema>;

/** Hyperparameters as they may be given: all have defaults. */
export type MadeOptions = z.input<typeof schema>;

/** Blocks whose products skip what is masked: more of them for larger weights, where arithmetic outweighs calls. */
function blocksFor(entries: number): number {
  return entries > 1 << 18 ? 4 : entries > 1 << 16 ? 2 : 1;
}

function orderOf(n: number, h: MadeHyperparameters, i: number): Uint32Array {
  const natural = h.order === "natural" && i === 0;
  return natural ? naturalOrder(n) : permutation(Key.fromSeed(h.orderSeed).fold(i).fold(0), n);
}

/** The orders of an ensemble: weights are shared, so each has its own masks over the sites as they lie. */
function ensemble(n: number, h: MadeHyperparameters): Ordering[] {
  return Array.from({ length: h.orders }, (_, i) => {
    const shuffle = i === 0 ? undefined : Key.fromSeed(h.orderSeed).fold(i).fold(1);
    return makeOrdering(orderOf(n, h, i), h.hidden, shuffle);
  });
}

/**
 * MADE, the masked autoencoder for distribution estimation: P(x) = Π P(x_i | x_<i), all conditionals from one
 * feed-forward network whose connections are masked to respect the order (Germain et al., arXiv:1502.03509).
 *
 * With several orders the weights are shared and the probabilities of the orders averaged; with `z2` a configuration
 * and its flip are averaged. Both are exact: P sums to 1. Binary and categorical spaces, optional real context.
 * Throws AnsatzError (usage) for other spaces and for hyperparameters out of range, naming them.
 */
export function makeMade(domain: Domain, options: MadeOptions = {}): ExactModel<MadeParameters> {
  const { space, contextSize } = domain;
  const h = checkHyperparameters("made", schema, options);
  if (space.kind !== "binary" && space.kind !== "categorical")
    throw usageError(`made models binary and categorical spaces, not ${space.kind} ones`);
  if (h.z2 && space.kind !== "binary") throw usageError("z2 flips spins: it needs a binary space");
  const [n, states] = [siteCount(space), statesOf(space)];
  const width = n * states;
  // With one order the network sees the sites in that order. Weights that start masked stay masked when their
  // gradient is: no product with a mask in the forward pass, and blocks leave out most of what is masked.
  const single = h.orders === 1;
  const order = orderOf(n, h, 0);
  const orderings = single ? [makeOrdering(naturalOrder(n), h.hidden)] : ensemble(n, h);
  const chosen = h.blocks > 0 ? h.blocks : blocksFor(width * (h.hidden[0] as number));
  const blocks = orderings.map((ordering) => blocksOf(ordering, states, single ? chosen : 1));
  const members = (p: Traced<MadeParameters>) => (single ? [p] : blocks.map((b) => maskedBy(p, b)));
  const natural = order.every((site, position) => site === position);
  const arrange = (x: Tensor, by: Uint32Array) =>
    natural || !single ? x : gather(x, constant(arrayFrom("i32", [n], by)), 1);

  const plain = (p: Traced<MadeParameters>, rows: Tensor, context?: Tensor) => {
    const x = arrange(reshape(rows, [rows.shape[0] as number, n]), order);
    const each = members(p).map((q) => logProbOf(space, forward(q, h.activation, space, x, context), x));
    return single ? (each[0] as Tensor) : logMeanExp(stack(each), 0);
  };
  const logProb = (p: Traced<MadeParameters>, x: Tensor, context?: Tensor) => {
    if (!h.z2) return plain(p, x, context);
    const flipped = plain(p, sub(1, x), context);
    return sub(logAddExp(plain(p, x, context), flipped), Math.LN2);
  };

  const positions = makeOrdering(order, []).positions;
  const shaped = (x: Tensor) => reshape(arrange(x, positions), [BATCH, ...siteShape(space)]);
  const sample = (p: Traced<MadeParameters>, key: SymbolicKey, context?: Tensor): Draws => {
    const dtype = realType(p);
    const draws = members(p).map((q, i) =>
      sampleOrdering(q, orderings[i] as Ordering, h.activation, space, key.fold(i), context),
    );
    if (single && !h.z2) return { x: shaped((draws[0] as Draws).x), logProb: (draws[0] as Draws).logProb };
    // Each row keeps the draw of one order, chosen uniformly, and is flipped with probability ½.
    const pick = floor(mul(uniform(key.fold(h.orders), [BATCH], dtype), h.orders));
    let x = (draws[0] as Draws).x;
    draws.forEach((draw, i) => {
      if (i > 0) x = where(equal(expandDims(pick, 1), i), draw.x, x);
    });
    if (h.z2) {
      const flips = cast(less(uniform(key.fold(h.orders + 1), [BATCH, 1], dtype), 0.5), dtype);
      x = sub(add(x, flips), mul(mul(x, flips), 2));
    }
    return { x: shaped(x), logProb: logProb(p, shaped(x), context) };
  };

  const first = blocks[0] as MadeBlocks;
  return {
    kind: "exact",
    family: "made",
    hyperparameters: { ...h, blocks: single ? chosen : 1 },
    space,
    contextSize,
    ...(single ? { masks: masksByPath(first, h.direct) } : {}),
    init: (key) => initial(key, h, first, contextSize, single),
    logProb,
    loss: (p, x, _, context) => neg(mean(logProb(p, x, context))),
    sample,
    decays: (path) => path.includes("weight"),
  };
}

/** Entries of full weights and biases; blocks leave out some of what is masked. */
function parameterCount({ space, contextSize }: Domain, options: unknown): number {
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
  create: (domain, hyperparameters) => makeMade(domain, hyperparameters as MadeOptions),
};
