import * as z from "zod";
import { fitOptionsSchema } from "./options.ts";

const { optimiser, warmup, weightDecay, threads } = fitOptionsSchema.shape;

/** Estimators of a flow's gradient; see `flowLoss`. */
export const gradientEstimators = ["path", "reparameterised"] as const;

/** See {@link gradientEstimators}. */
export type GradientEstimator = (typeof gradientEstimators)[number];

/** Options of a solve; every option has a default that works. */
export const solveOptionsSchema = z.strictObject({
  /** Number of batches to draw (default 1500). */
  steps: z.int().min(1).default(1500).describe("number of batches to draw"),
  /** Configurations drawn in a step (default 500). */
  batch: z.int().min(2).max(1_000_000).default(500).describe("configurations drawn in a step"),
  /** Parameter updates in a step: the first with the batch, others with its symmetric images (for flows: with new batches) (default 3). */
  updates: z
    .int()
    .min(1)
    .max(100)
    .default(3)
    .describe(
      "parameter updates in a step: the first with the batch, others with its symmetric images (for flows: with new batches)",
    ),
  /** Learning rate (default 0.01). */
  lr: z.number().positive().default(1e-2).describe("learning rate"),
  /** Gradient estimator for flows; other models use REINFORCE (default `path`). */
  gradient: z
    .enum(gradientEstimators)
    .default("path")
    .describe("gradient estimator for flows; other models use REINFORCE"),
  /** Update rule (default `adam`). */
  optimiser,
  /** Schedule of the learning rate (default `cosine`). */
  schedule: z.enum(["constant", "cosine"]).default("cosine").describe("schedule of the learning rate"),
  /** Steps over which the learning rate rises linearly (default 0). */
  warmup,
  /** Weight decay, not applied to biases (default 0). */
  weightDecay,
  /** Largest norm of the gradient; 0 does not clip (default 0). */
  clip: z.number().min(0).default(0).describe("largest norm of the gradient; 0 does not clip"),
  /** Fraction of the steps over which beta, or the action, changes linearly to the target's; 0 does not anneal (default 0). */
  anneal: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe(
      "fraction of the steps over which beta, or the action, changes linearly to the target's; 0 does not anneal",
    ),
  /** Beta at the start of annealing (default 0). */
  annealFrom: z.number().min(0).default(0).describe("beta at the start of annealing"),
  /** Seed of the initial parameters and of every draw (default 0). */
  seed: z.int().min(0).default(0).describe("seed of the initial parameters and of every draw"),
  /** Threads inside one operation; results depend on it in their last bits (default 1). */
  threads,
});

/** {@link solveOptionsSchema} with every default filled in. */
export type SolveSettings = z.output<typeof solveOptionsSchema>;

/**
 * Options of a solve, all optional.
 *
 * @interface
 */
export type SolveOptions = z.input<typeof solveOptionsSchema>;
