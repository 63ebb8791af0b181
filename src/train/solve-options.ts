import * as z from "zod";
import { fitOptionsSchema } from "./options.ts";

const { optimiser, warmup, weightDecay, threads } = fitOptionsSchema.shape;

/** How a flow's gradient is estimated; see `flowLoss`. */
export const gradientEstimators = ["path", "reparameterised"] as const;

/** See {@link gradientEstimators}. */
export type GradientEstimator = (typeof gradientEstimators)[number];

/** How a model is solved for; every option has a default that works. */
export const solveOptionsSchema = z.strictObject({
  /** Batches to draw and learn from (default 1500). */
  steps: z.int().min(1).default(1500).describe("batches to draw and learn from"),
  /** Configurations drawn in a step (default 500). */
  batch: z.int().min(2).max(1_000_000).default(500).describe("configurations drawn in a step"),
  /** Updates of the parameters in a step: the first by the batch, others by its symmetric images (of a flow: by fresh batches) (default 3). */
  updates: z
    .int()
    .min(1)
    .max(100)
    .default(3)
    .describe(
      "updates of the parameters in a step: the first by the batch, others by its symmetric images (of a flow: by fresh batches)",
    ),
  /** Learning rate (default 0.01). */
  lr: z.number().positive().default(1e-2).describe("learning rate"),
  /** How the gradient of a flow is estimated; other models take REINFORCE (default `path`). */
  gradient: z
    .enum(gradientEstimators)
    .default("path")
    .describe("how the gradient of a flow is estimated; other models take REINFORCE"),
  /** Update rule (default `adam`). */
  optimiser,
  /** Learning rate over the run (default `cosine`). */
  schedule: z.enum(["constant", "cosine"]).default("cosine").describe("learning rate over the run"),
  /** Steps over which the learning rate rises linearly (default 0). */
  warmup,
  /** Weight decay; biases are spared (default 0). */
  weightDecay,
  /** Largest norm of the gradient; 0 does not clip (default 0). */
  clip: z.number().min(0).default(0).describe("largest norm of the gradient; 0 does not clip"),
  /** Share of the steps over which beta, or the action, goes linearly to the target's; 0 holds it (default 0). */
  anneal: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe("share of the steps over which beta, or the action, goes linearly to the target's; 0 holds it"),
  /** Beta that annealing begins at (default 0). */
  annealFrom: z.number().min(0).default(0).describe("beta that annealing begins at"),
  /** Seed of the initial parameters and of every draw (default 0). */
  seed: z.int().min(0).default(0).describe("seed of the initial parameters and of every draw"),
  /** Threads inside one operation; part of what fixes the bits (default 1). */
  threads,
});

/** {@link solveOptionsSchema} with every default filled in. */
export type SolveSettings = z.output<typeof solveOptionsSchema>;

/**
 * Options of a solve; all may be left out.
 *
 * @interface
 */
export type SolveOptions = z.input<typeof solveOptionsSchema>;
