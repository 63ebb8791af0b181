import * as z from "zod";
import { symmetryNames } from "../data/symmetry.ts";

/** Options of a fit; every option has a default that works. */
export const fitOptionsSchema = z.strictObject({
  /** Maximum number of passes over the training rows (default: with schedule auto until held-out rows stop improving, otherwise 50). */
  epochs: z
    .int()
    .min(1)
    .optional()
    .describe(
      "maximum number of passes over the training rows (default: with schedule auto until held-out rows stop improving, otherwise 50)",
    ),
  /** Approximate maximum training time in seconds, for schedule auto (default: some minutes of work). */
  time: z
    .number()
    .positive()
    .optional()
    .describe(
      "approximate maximum training time in seconds, for schedule auto (default: some minutes of work)",
    ),
  /** Rows in a step; with schedule auto the default depends on the family (default 100). */
  batch: z
    .int()
    .min(1)
    .default(100)
    .describe("rows in a step; with schedule auto the default depends on the family"),
  /** Learning rate; with schedule auto the default depends on the family (default 0.001). */
  lr: z
    .number()
    .positive()
    .default(1e-3)
    .describe("learning rate; with schedule auto the default depends on the family"),
  /** Update rule (default `adam`). */
  optimiser: z.enum(["adam", "adamw", "rmsprop", "sgd"]).default("adam").describe("update rule"),
  /** Schedule of the learning rate; auto is constant until held-out rows stop improving, then falls, and training ends (default `auto`). */
  schedule: z
    .enum(["auto", "constant", "cosine", "plateau"])
    .default("auto")
    .describe(
      "schedule of the learning rate; auto is constant until held-out rows stop improving, then falls, and training ends",
    ),
  /** Steps over which the learning rate rises linearly (default 0). */
  warmup: z.int().min(0).default(0).describe("steps over which the learning rate rises linearly"),
  /** Weight decay, not applied to biases (default 0). */
  weightDecay: z.number().min(0).default(0).describe("weight decay, not applied to biases"),
  /** Decay of a running average of the weights, over about 1/(1 − average) steps; 0 does not average (default 0). */
  average: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe(
      "decay of a running average of the weights, over about 1/(1 − average) steps; 0 does not average",
    ),
  /** Largest norm of the gradient; 0 does not clip (default 0). */
  clip: z.number().min(0).default(0).describe("largest norm of the gradient; 0 does not clip"),
  /** Epochs without a better validation NLL before stopping, for schedules other than auto; 0 never stops (default 10). */
  patience: z
    .int()
    .min(0)
    .default(10)
    .describe(
      "epochs without a better validation NLL before stopping, for schedules other than auto; 0 never stops",
    ),
  /** Validation rows scored after each epoch; 0 takes all, or with many states as many as 5e9 logits allow (default 0). */
  validRows: z
    .int()
    .min(0)
    .default(0)
    .describe(
      "validation rows scored after each epoch; 0 takes all, or with many states as many as 5e9 logits allow",
    ),
  /** Lattice symmetries applied at random to each row; auto takes the symmetries of the data's system that its rows have (default `auto`). */
  augment: z
    .array(z.enum([...symmetryNames, "auto", "none"]))
    .readonly()
    .default(["auto"])
    .describe(
      "lattice symmetries applied at random to each row; auto takes the symmetries of the data's system that its rows have",
    ),
  /** Seed of the initial parameters, the shuffling and the augmentation (default 0). */
  seed: z
    .int()
    .min(0)
    .default(0)
    .describe("seed of the initial parameters, the shuffling and the augmentation"),
  /** Threads inside one operation; results depend on it in their last bits (default 1). */
  threads: z
    .int()
    .min(1)
    .max(256)
    .default(1)
    .describe("threads inside one operation; results depend on it in their last bits"),
});

/** {@link fitOptionsSchema} with every default filled in. */
export type FitSettings = z.output<typeof fitOptionsSchema>;

/**
 * Options of a fit, all optional.
 *
 * @interface
 */
export type FitOptions = z.input<typeof fitOptionsSchema>;
