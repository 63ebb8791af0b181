import * as z from "zod";
import { symmetryNames } from "../data/symmetry.ts";

/** How a model is fitted; every option has a default that works. */
export const fitOptionsSchema = z.strictObject({
  epochs: z
    .int()
    .min(0)
    .default(0)
    .describe("passes over the training rows, at most; 0 goes on until training is done"),
  batch: z.int().min(1).default(100).describe("rows in a step"),
  lr: z.number().positive().default(1e-3).describe("learning rate"),
  optimiser: z.enum(["adam", "adamw", "rmsprop", "sgd"]).default("adam").describe("update rule"),
  schedule: z
    .enum(["auto", "constant", "cosine", "plateau"])
    .default("auto")
    .describe(
      "learning rate over the run; auto is cosine over --epochs, or constant until a fall at the end",
    ),
  warmup: z.int().min(0).default(0).describe("steps over which the learning rate rises linearly"),
  weightDecay: z.number().min(0).default(0).describe("weight decay; biases are spared"),
  average: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe("keep a slow average of the weights over about 1/(1 − average) steps; 0 keeps the weights"),
  clip: z.number().min(0).default(0).describe("largest norm of the gradient; 0 does not clip"),
  patience: z
    .int()
    .min(0)
    .default(10)
    .describe(
      "with --epochs or a schedule: epochs without a better validation NLL before stopping; 0 never stops",
    ),
  validRows: z
    .int()
    .min(0)
    .default(0)
    .describe(
      "validation rows scored after each epoch; 0 takes all, or of many states as many as 5e9 logits allow",
    ),
  augment: z
    .array(z.enum([...symmetryNames, "auto", "none"]))
    .readonly()
    .default(["auto"])
    .describe(
      "lattice symmetries applied at random to each row; auto takes those of the data's system that its rows agree with",
    ),
  seed: z
    .int()
    .min(0)
    .default(0)
    .describe("seed of the initial parameters, the shuffling and the augmentation"),
  threads: z
    .int()
    .min(1)
    .max(256)
    .default(1)
    .describe("threads inside one operation; part of what fixes the bits"),
});

/** {@link fitOptionsSchema} with every default filled in. */
export type FitSettings = z.output<typeof fitOptionsSchema>;

/** What a caller may leave out. */
export type FitOptions = z.input<typeof fitOptionsSchema>;
