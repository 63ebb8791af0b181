import * as z from "zod";
import { siteShape, sites } from "../../../data/space.ts";
import { usageError } from "../../../error.ts";
import { activationNames } from "../../../nn/activation.ts";
import { contextFeatures } from "../../context.ts";
import type { Domain, Family } from "../../contract.ts";
import { checkHyperparameters } from "../../hyperparameters.ts";
import { glowLevels, imageOf, levelsCount, levelsOf } from "./assembly/glow-levels.ts";
import { normalBase } from "./bases/independent.ts";
import { type Bijection, erased } from "./bijection.ts";
import { perChannel } from "./bijections/activation-normalisation.ts";
import { standardise } from "./bijections/affine.ts";
import { bounded } from "./bijections/bounded.ts";
import { chain } from "./bijections/chain.ts";
import { channelsFirst } from "./bijections/channels-first.ts";
import { multiScale } from "./bijections/multi-scale.ts";
import type { MakeConditioner } from "./conditioner.ts";
import { convolutional, convolutionalCount } from "./conditioners/convolutional.ts";
import { type FlowModel, flowModel } from "./flow.ts";
import { levelNoise } from "./levels/level-noise.ts";
import { variationalLevels } from "./levels/variational-levels.ts";
import { affineTransform } from "./transforms/affine-transform.ts";

const schema = z.strictObject({
  /** Times that both sides are halved; 0 is as often as they allow, three times at most (default 0). */
  levels: z
    .int()
    .min(0)
    .max(12)
    .default(0)
    .describe("number of times that both sides are halved; 0: as often as possible, at most three"),
  /** Steps of flow at each level (default 6). */
  steps: z.int().min(1).max(256).default(6).describe("steps of flow at each level"),
  /** Numbers a place has in the hidden layers of a coupling's network (default 32). */
  channels: z
    .int()
    .min(1)
    .max(4096)
    .default(32)
    .describe("channels per site in the hidden layers of a coupling's network"),
  /** Residual blocks of such a network; 0 is one hidden layer of 1 x 1 (default 0). */
  blocks: z
    .int()
    .min(0)
    .max(64)
    .default(0)
    .describe("number of residual blocks; 0: one hidden layer of 1 × 1 convolutions"),
  /** Side of the windows of its first and last layer and of residual blocks: odd (default 3). */
  kernel: z
    .int()
    .min(1)
    .max(31)
    .refine((size) => size % 2 === 1, "is an odd number, such as 3")
    .default(3)
    .describe("side of the windows of the first and last layer and of residual blocks, odd"),
  /** Activation of the hidden units (default `relu`). */
  activation: z.enum(activationNames).default("relu").describe("activation of the hidden units"),
  /** Beyond the edges: zeros, or the other side of a periodic lattice (default `zero`). */
  padding: z
    .enum(["zero", "periodic"])
    .default("zero")
    .describe("values beyond the edges: zeros, or the opposite side of a periodic lattice"),
  /** Largest |s| of a coupling's stretch exp(s) (default 2). */
  bound: z.number().positive().max(20).default(2).describe("largest |s| of a coupling's scale exp(s)"),
  /** Noise between grey levels (--space levels:K): uniform, or learned (default `uniform`). */
  dequantisation: z
    .enum(["uniform", "variational"])
    .default("uniform")
    .describe("noise between grey levels (--space levels:K): uniform, or learned"),
  /** Seed of the permutations in 1 x 1 convolutions (default 0). */
  permutationSeed: z.int().min(0).default(0).describe("seed of the permutations in 1 x 1 convolutions"),
});

/** Hyperparameters of {@link glow}, defaults filled in. */
export type GlowHyperparameters = z.output<typeof schema>;

/**
 * Hyperparameters of {@link makeGlow}, all optional.
 *
 * @interface
 */
export type GlowOptions = z.input<typeof schema>;

/**
 * Glow: a flow of images and lattices in levels, each of steps of activation normalisation, invertible 1 × 1 convolution and
 * affine coupling by convolutions; half of the channels leave to the latent side after each level (Kingma & Dhariwal,
 * arXiv:1807.03039). Real spaces of shape `[height, width]` or `[height, width, channels]`, bounded or not, optional
 * context. Throws AnsatzError (usage) for other spaces, for sides that cannot be halved, and for hyperparameters out of
 * range, naming them.
 */
export function makeGlow(domain: Domain, options: GlowOptions = {}): FlowModel {
  const { space } = domain;
  const contextSize = contextFeatures(domain);
  const { h, image } = planned(domain, options);
  const bounds = space.kind === "real" ? space.bounds : undefined;
  const placed = [image.channels, image.height, image.width];
  const transform = affineTransform(h.bound);
  const conditioner = convolutional({ ...h, contextSize }) as MakeConditioner;
  const levels = glowLevels(image, { ...h, transform, conditioner });
  const model = flowModel({
    family: "glow",
    hyperparameters: h,
    domain,
    base: normalBase([sites(space)]),
    bijection: chain([
      erased(multiScale(levels)),
      erased(standardise(placed, perChannel(placed))),
      ...(bounds ? [bounded(placed, bounds) as Bijection] : []),
      channelsFirst(siteShape(space)) as Bijection,
    ]),
  });
  if (h.dequantisation === "uniform") return model;
  return variationalLevels(model, levelNoise(placed, transform, conditioner));
}

function planned({ space }: Domain, options: unknown) {
  const checked = checkHyperparameters("glow", schema, options);
  if (space.kind !== "real")
    throw usageError(`glow models images of real numbers, not a ${space.kind} space`);
  const image = imageOf("glow", space);
  return { image, h: { ...checked, levels: levelsOf(image, checked.levels) } };
}

/** The family for the registry. */
export const glow: Family<FlowModel> = {
  name: "glow",
  kind: "exact",
  summary:
    "normalising flow of images and lattices of real numbers: exact likelihood by convolutions, in levels",
  schema,
  parameterCount(domain, options) {
    const { h, image } = planned(domain, options);
    const network = (inputs: number, outputs: number) =>
      convolutionalCount({ ...h, contextSize: contextFeatures(domain) }, inputs, outputs);
    const c = 4 * image.channels;
    const noise = h.dequantisation === "uniform" ? 0 : network(c, 2 * c) + 2 * network(1.5 * c, c);
    return levelsCount(image, h, network) + 2 * image.channels + noise;
  },
  create: (domain, hyperparameters) => makeGlow(domain, hyperparameters as GlowOptions),
};
