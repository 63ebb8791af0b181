import * as z from "zod";
import { sites } from "../../../data/space.ts";
import { activationNames } from "../../../nn/activation.ts";
import { contextFeatures } from "../../context.ts";
import type { Domain, ExactModel, Family } from "../../contract.ts";
import { checkHyperparameters } from "../../hyperparameters.ts";
import { autoregressive, requireDiscrete } from "../autoregressive/autoregressive.ts";
import type { Conditionals } from "../autoregressive/conditionals.ts";
import { logits } from "../autoregressive/head.ts";
import { commonHyperparameters } from "../autoregressive/options.ts";
import { gridOf } from "./grid.ts";
import { forward } from "./network.ts";
import { countParameters, initialParameters, type PixelcnnParameters } from "./parameters.ts";
import { type Plan, planOf } from "./plan.ts";
import { pixelcnnWalk } from "./walk.ts";

const odd = z
  .int()
  .min(1)
  .max(1023)
  .refine((size) => size % 2 === 1, "is an odd number, such as 3");

const schema = z.strictObject({
  /** Numbers a pixel has in either stack (default 16). */
  channels: z.int().min(1).max(4096).default(16).describe("channels per pixel in each of the two stacks"),
  /** Gated layers, the first included (default 5). */
  layers: z.int().min(1).max(64).default(5).describe("gated layers, the first included"),
  /** Window of the first layer, which reads the pixels: odd; 0 is 7, and on a single row all of it up to 127 (default 0). */
  first: z
    .union([z.literal(0), odd])
    .default(0)
    .describe(
      "window of the first layer, which reads the pixels: odd; 0 is 7, and on a single row all of it up to 127",
    ),
  /** Window of the layers above the first, an odd number (default 3). */
  kernel: odd.default(3).describe("window of all layers but the first, odd"),
  /** Steps between the pixels that layers read, in turn: 1, or 1,2,4 (default [1]). */
  dilations: z
    .union([z.number(), z.array(z.number()).readonly()])
    .transform((value) => (typeof value === "number" ? [value] : value))
    .pipe(z.array(z.int().min(1).max(1024)).min(1))
    .default([1])
    .describe("dilations of the layers, in turn: 1, or 1,2,4"),
  /** Hidden units between the stacks and the logits (default 32). */
  head: z.int().min(1).max(65_536).default(32).describe("hidden units between the stacks and the logits"),
  /** Activation before and after the hidden units of the head (default `relu`). */
  activation: z
    .enum(activationNames)
    .default("relu")
    .describe("activation before and after the hidden units of the head"),
  /** Beyond the edges: zeros, or the other side of a periodic lattice where it is drawn already (default `zero`). */
  padding: z
    .enum(["zero", "periodic"])
    .default("zero")
    .describe("values beyond the edges: zeros, or the opposite side of a periodic lattice, if already drawn"),
  /** What the sigmoid gates: tanh of the sums, or themselves (default `tanh`). */
  gate: z
    .enum(["tanh", "linear"])
    .default("tanh")
    .describe("what the sigmoid multiplies: tanh of the sums, or the sums themselves"),
  /** Add the input of a layer to its output (default true). */
  residual: z.boolean().default(true).describe("add the input of a layer to its output"),
  /** A bias of every site's own at its logits (default true). */
  siteBias: z.boolean().default(true).describe("a separate bias for the logits of each site"),
  ...commonHyperparameters,
});

/** Hyperparameters of {@link pixelcnn}, defaults filled in. */
export type PixelcnnHyperparameters = z.output<typeof schema>;

/**
 * Hyperparameters of {@link makePixelcnn}, all optional.
 *
 * @interface
 */
export type PixelcnnOptions = z.input<typeof schema>;

/**
 * The gated PixelCNN: P(x) = Π P(x_i | x_<i) in raster order, all conditionals from two stacks of causal convolutions, one
 * over the rows above and one over the row itself, so that no pixel drawn before is out of sight (van den Oord et al.,
 * arXiv:1606.05328).
 *
 * Binary and categorical spaces of one to three axes, the third being the channels of a pixel, each given those before it;
 * optional context. Throws AnsatzError (usage) for other spaces and hyperparameters out of range, naming them.
 */
export function makePixelcnn(domain: Domain, options: PixelcnnOptions = {}): ExactModel<PixelcnnParameters> {
  const h = checkHyperparameters("pixelcnn", schema, options);
  const plan = planned(domain, h);
  const n = sites(domain.space);
  const conditionals: Conditionals<PixelcnnParameters> = {
    ...domain,
    family: "pixelcnn",
    hyperparameters: { ...h, first: plan.first },
    orders: [Uint32Array.from({ length: n }, (_, i) => i)],
    anyOrder: false,
    head: logits(domain.space),
    init: (key) => initialParameters(plan, key),
    fitOptions: () => ({ lr: 3e-3 }),
    outputs: (p, x, _order, context) => forward(p, plan, x, context),
    walk: (p, _order, batch, context) => pixelcnnWalk(p, plan, batch, context),
    decays: (path) => !/bias$/i.test(path),
  };
  return autoregressive(conditionals, h);
}

function planned(domain: Domain, h: PixelcnnHyperparameters): Plan {
  const { space } = domain;
  requireDiscrete("pixelcnn", space);
  const { rows, columns } = gridOf(space, false);
  // On one row a wide window costs little, and the layers above would not reach far.
  const first = h.first > 0 ? h.first : rows === 1 ? Math.min(2 * columns - 1, 127) : 7;
  return planOf(space, contextFeatures(domain), { ...h, first });
}

/** The family for the registry. */
export const pixelcnn: Family<ExactModel<PixelcnnParameters>> = {
  name: "pixelcnn",
  kind: "exact",
  summary:
    "gated PixelCNN: exact likelihood of lattices and images by causal convolutions, weights shared across sites",
  schema,
  parameterCount: (domain, options) =>
    countParameters(planned(domain, checkHyperparameters("pixelcnn", schema, options))),
  create: (domain, hyperparameters) => makePixelcnn(domain, hyperparameters as PixelcnnOptions),
};
