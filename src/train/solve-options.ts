import * as z from "zod";
import { fitOptionsSchema } from "./options.ts";

const { optimiser, warmup, weightDecay, threads } = fitOptionsSchema.shape;

/** How a flow's gradient is estimated; see `flowLoss`. */
export const gradientEstimators = ["path", "reparameterised"] as const;

/** See {@link gradientEstimators}. */
export type GradientEstimator = (typeof gradientEstimators)[number];

/** How a model is solved for; every option has a default that works. */
export const solveOptionsSchema = z.strictObject({
  steps: z.int().min(1).default(1500).describe("batches to draw and learn from"),
  batch: z.int().min(2).max(1_000_000).default(500).describe("configurations drawn in a step"),
  updates: z
    .int()
    .min(1)
    .max(100)
    .default(3)
    .describe(
      "updates of the parameters in a step: the first by the batch, others by its symmetric images (of a flow: by fresh batches)",
    ),
  lr: z.number().positive().default(1e-2).describe("learning rate"),
  gradient: z
    .enum(gradientEstimators)
    .default("path")
    .describe("how the gradient of a flow is estimated; other models take REINFORCE"),
  optimiser,
  schedule: z.enum(["constant", "cosine"]).default("cosine").describe("learning rate over the run"),
  warmup,
  weightDecay,
  clip: z.number().min(0).default(0).describe("largest norm of the gradient; 0 does not clip"),
  anneal: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe("share of the steps over which beta, or the action, goes linearly to the target's; 0 holds it"),
  annealFrom: z.number().min(0).default(0).describe("beta that annealing begins at"),
  seed: z.int().min(0).default(0).describe("seed of the initial parameters and of every draw"),
  threads,
});

/** {@link solveOptionsSchema} with every default filled in. */
export type SolveSettings = z.output<typeof solveOptionsSchema>;

/** What a caller may leave out. */
export type SolveOptions = z.input<typeof solveOptionsSchema>;
