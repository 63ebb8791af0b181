import { z } from "zod";
import { type Space, sites as siteCount, siteShape } from "../../../data/space.ts";
import { usageError } from "../../../error.ts";
import { activationNames } from "../../../nn/activation.ts";
import { glorotInit, zerosInit } from "../../../nn/init.ts";
import { Key } from "../../../random/key.ts";
import { permutation } from "../../../random/permutation.ts";
import {
  add,
  cast,
  equal,
  expandDims,
  floor,
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
import { makeOrdering, masksOf, type Ordering } from "./masks.ts";
import { forward, logProbOf, type MadeParameters, maskedBy, statesOf } from "./network.ts";
import { sampleOrdering } from "./sampler.ts";

const layerSizes = z
  .union([z.number(), z.array(z.number())])
  .transform((value) => (typeof value === "number" ? [value] : value))
  .pipe(z.array(z.int().min(1).max(1_000_000)).min(1).max(16));

const schema = z.strictObject({
  hidden: layerSizes.default([256]).describe("units of each hidden layer: 256, or 500,500"),
  activation: z.enum(activationNames).default("relu").describe("activation of the hidden units"),
  direct: z.boolean().default(true).describe("connect each site straight to the sites after it"),
  order: z.enum(["natural", "random"]).default("natural").describe("order in which sites are visited"),
  orders: z.int().min(1).max(64).default(1).describe("number of orders; their probabilities are averaged"),
  orderSeed: z.int().min(0).default(0).describe("seed of random orders and connections"),
  z2: z.boolean().default(false).describe("give a configuration and its global flip the same probability"),
});

/** Hyperparameters of {@link made}, defaults filled in. */
export type MadeHyperparameters = z.output<typeof schema>;

function orderings(space: Space, h: MadeHyperparameters): Ordering[] {
  const n = siteCount(space);
  const root = Key.fromSeed(h.orderSeed);
  return Array.from({ length: h.orders }, (_, i) => {
    const key = root.fold(i);
    const natural = h.order === "natural" && i === 0;
    const order = natural ? Uint32Array.from({ length: n }, (_, s) => s) : permutation(key.fold(0), n);
    return makeOrdering(order, h.hidden, i === 0 ? undefined : key.fold(1));
  });
}

/**
 * MADE, the masked autoencoder for distribution estimation: P(x) = Π P(x_i | x_<i), all conditionals from one
 * feed-forward network whose connections are masked to respect the order (Germain et al., arXiv:1502.03509).
 *
 * With several orders the weights are shared and the probabilities of the orders averaged; with `z2` a configuration
 * and its flip are averaged. Both are exact: P sums to 1. Binary and categorical spaces, optional real context.
 */
export function makeMade(domain: Domain, given: unknown): ExactModel<MadeParameters> {
  const { space, contextSize } = domain;
  const h = schema.parse(given);
  if (space.kind !== "binary" && space.kind !== "categorical")
    throw usageError(`made models binary and categorical spaces, not ${space.kind} ones`);
  if (h.z2 && space.kind !== "binary") throw usageError("z2 flips spins: it needs a binary space");
  const states = statesOf(space);
  const all = orderings(space, h);
  const allMasks = all.map((ordering) => masksOf(ordering, states));
  // With one order, weights that start masked stay masked when their gradient is: no product in the forward pass.
  const single = all.length === 1;
  const members = (p: Traced<MadeParameters>) => (single ? [p] : allMasks.map((masks) => maskedBy(p, masks)));

  const plain = (p: Traced<MadeParameters>, x: Tensor, context?: Tensor) => {
    const each = members(p).map((q) => logProbOf(space, forward(q, h.activation, space, x, context), x));
    return single ? (each[0] as Tensor) : logMeanExp(stack(each), 0);
  };
  const logProb = (p: Traced<MadeParameters>, x: Tensor, context?: Tensor) => {
    if (!h.z2) return plain(p, x, context);
    const flipped = plain(p, sub(1, x), context);
    return sub(logAddExp(plain(p, x, context), flipped), Math.LN2);
  };

  const shaped = (x: Tensor) => reshape(x, [BATCH, ...siteShape(space)]);
  const sample = (p: Traced<MadeParameters>, key: SymbolicKey, context?: Tensor): Draws => {
    const dtype = p.output.weight.dtype as "f32" | "f64";
    const draws = members(p).map((q, i) =>
      sampleOrdering(q, all[i] as Ordering, h.activation, space, key.fold(i), context),
    );
    if (single && !h.z2) return { x: shaped((draws[0] as Draws).x), logProb: (draws[0] as Draws).logProb };
    // Each row keeps the draw of one order, chosen uniformly, and is flipped with probability ½.
    const pick = floor(mul(uniform(key.fold(all.length), [BATCH], dtype), all.length));
    let x = (draws[0] as Draws).x;
    draws.forEach((draw, i) => {
      if (i > 0) x = where(equal(expandDims(pick, 1), i), draw.x, x);
    });
    if (h.z2) {
      const flips = cast(less(uniform(key.fold(all.length + 1), [BATCH, 1], dtype), 0.5), dtype);
      x = sub(add(x, flips), mul(mul(x, flips), 2));
    }
    return { x: shaped(x), logProb: logProb(p, shaped(x), context) };
  };

  const n = siteCount(space);
  return {
    kind: "exact",
    family: "made",
    hyperparameters: h,
    space,
    contextSize,
    ...(single ? { masks: restrict(allMasks[0] as Record<string, Float32Array>, h.direct) } : {}),
    init: (key) => initial(key, h, n * states, contextSize, single ? allMasks[0] : undefined),
    logProb,
    loss: (p, x, _, context) => neg(mean(logProb(p, x, context))),
    sample,
    decays: (path) => path.endsWith("weight"),
  };
}

function restrict(masks: Record<string, Float32Array>, direct: boolean): Record<string, Float32Array> {
  return Object.fromEntries(Object.entries(masks).filter(([path]) => direct || path !== "direct.weight"));
}

function initial(
  key: Key,
  h: MadeHyperparameters,
  width: number,
  contextSize: number,
  masks: Record<string, Float32Array> | undefined,
): MadeParameters {
  const masked = (weight: ReturnType<typeof glorotInit>, path: string) => {
    const mask = masks?.[path];
    if (mask) for (let i = 0; i < mask.length; i++) (weight.data[i] as number) *= mask[i] as number;
    return weight;
  };
  const sizes = [width, ...h.hidden];
  const top = sizes.at(-1) as number;
  return {
    layers: h.hidden.map((units, i) => ({
      weight: masked(glorotInit(key.fold(i), sizes[i] as number, units), `layers.${i}.weight`),
      bias: zerosInit([units]),
    })),
    output: {
      weight: masked(glorotInit(key.fold(h.hidden.length), top, width), "output.weight"),
      bias: zerosInit([width]),
    },
    ...(h.direct ? { direct: { weight: zerosInit([width, width]) } } : {}),
    ...(contextSize > 0
      ? { context: { weight: glorotInit(key.fold(h.hidden.length + 1), contextSize, h.hidden[0] as number) } }
      : {}),
  };
}

/** The family for the registry. */
export const made: Family<ExactModel<MadeParameters>> = {
  name: "made",
  kind: "exact",
  summary: "masked autoencoder: exact likelihood, one pass to score, binary or categorical sites",
  schema,
  create: makeMade,
};
