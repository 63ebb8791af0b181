import * as z from "zod";
import { symmetryNames } from "../data/symmetry.ts";

/** How a model is fitted; every option has a default that works. */
export const fitOptionsSchema = z.strictObject({
  /** Passes over the training rows, at most; left out, as many as held-out rows gain by, with another schedule than auto 50. */
  epochs: z
    .int()
    .min(1)
    .optional()
    .describe(
      "passes over the training rows, at most; left out, as many as held-out rows gain by, with another schedule than auto 50",
    ),
  /** Seconds of training, at most and about, with schedule auto; left out, some minutes of work. */
  time: z
    .number()
    .positive()
    .optional()
    .describe("seconds of training, at most and about, with schedule auto; left out, some minutes of work"),
  /** Rows in a step; with schedule auto what suits the family, where left out (default 100). */
  batch: z
    .int()
    .min(1)
    .default(100)
    .describe("rows in a step; with schedule auto what suits the family, where left out"),
  /** Learning rate; with schedule auto what suits the family, where left out (default 0.001). */
  lr: z
    .number()
    .positive()
    .default(1e-3)
    .describe("learning rate; with schedule auto what suits the family, where left out"),
  /** Update rule (default `adam`). */
  optimiser: z.enum(["adam", "adamw", "rmsprop", "sgd"]).default("adam").describe("update rule"),
  /** Learning rate over the run; auto is constant until held-out rows gain no more, then falls, and training ends (default `auto`). */
  schedule: z
    .enum(["auto", "constant", "cosine", "plateau"])
    .default("auto")
    .describe(
      "learning rate over the run; auto is constant until held-out rows gain no more, then falls, and training ends",
    ),
  /** Steps over which the learning rate rises linearly (default 0). */
  warmup: z.int().min(0).default(0).describe("steps over which the learning rate rises linearly"),
  /** Weight decay; biases are spared (default 0). */
  weightDecay: z.number().min(0).default(0).describe("weight decay; biases are spared"),
  /** Keep a slow average of the weights over about 1/(1 − average) steps; 0 keeps the weights (default 0). */
  average: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe("keep a slow average of the weights over about 1/(1 − average) steps; 0 keeps the weights"),
  /** Largest norm of the gradient; 0 does not clip (default 0). */
  clip: z.number().min(0).default(0).describe("largest norm of the gradient; 0 does not clip"),
  /** Epochs without a better validation NLL before stopping, of schedules other than auto; 0 never stops (default 10). */
  patience: z
    .int()
    .min(0)
    .default(10)
    .describe(
      "epochs without a better validation NLL before stopping, of schedules other than auto; 0 never stops",
    ),
  /** Validation rows scored after each epoch; 0 takes all, or of many states as many as 5e9 logits allow (default 0). */
  validRows: z
    .int()
    .min(0)
    .default(0)
    .describe(
      "validation rows scored after each epoch; 0 takes all, or of many states as many as 5e9 logits allow",
    ),
  /** Lattice symmetries applied at random to each row; auto takes those of the data's system that its rows have (default `auto`). */
  augment: z
    .array(z.enum([...symmetryNames, "auto", "none"]))
    .readonly()
    .default(["auto"])
    .describe(
      "lattice symmetries applied at random to each row; auto takes those of the data's system that its rows have",
    ),
  /** Seed of the initial parameters, the shuffling and the augmentation (default 0). */
  seed: z
    .int()
    .min(0)
    .default(0)
    .describe("seed of the initial parameters, the shuffling and the augmentation"),
  /** Threads inside one operation; part of what fixes the bits (default 1). */
  threads: z
    .int()
    .min(1)
    .max(256)
    .default(1)
    .describe("threads inside one operation; part of what fixes the bits"),
});

/** {@link fitOptionsSchema} with every default filled in. */
export type FitSettings = z.output<typeof fitOptionsSchema>;

/**
 * Options of a fit; all may be left out.
 *
 * @interface
 */
export type FitOptions = z.input<typeof fitOptionsSchema>;
