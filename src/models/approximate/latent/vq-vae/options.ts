import * as z from "zod";
import { activationNames } from "../../../../nn/activation.ts";
import { statePriors } from "../code-priors.ts";
import { likelihoodHyperparameters } from "../likelihoods/options.ts";
import { networkHyperparameters } from "../networks/options.ts";

/** Maximum number of states of one code: the prior has a probability for each. */
export const MOST_STATES = 4096;

export const schema = z.strictObject({
  /** Levels of each number of a code; a code has as many states as their product (default [8, 5, 5]). */
  levels: z
    .union([z.number(), z.array(z.number()).readonly()], {
      error: "give the levels of each number of a code, such as 8,5,5",
    })
    .transform((value) => (typeof value === "number" ? [value] : value))
    .pipe(z.array(z.int().min(2).max(256)).min(1).max(12))
    .default([8, 5, 5])
    .describe("levels of each number of a code; a code has as many states as their product, such as 8,5,5"),
  /** Networks at both ends: convolutions over patches, or dense layers (default `auto`: convolutions where rows have two axes that patches divide). */
  network: z
    .enum(["auto", "convolutional", "dense"])
    .default("auto")
    .describe("networks at both ends; auto: convolutions where rows have two axes that patches divide"),
  /** Convolutional: side of the patch of sites that one code stands for; 0 is 4 or 2, what divides the sides (default 0). */
  patch: z
    .int()
    .min(0)
    .max(64)
    .default(0)
    .describe(
      "convolutional: side of the patch of sites that one code stands for; 0: 4 or 2, what divides the sides",
    ),
  /** Convolutional: numbers of a place in hidden layers (default 64). */
  width: z.int().min(1).max(4096).default(64).describe("convolutional: numbers of a place in hidden layers"),
  /** Convolutional: residual blocks at either end (default 2). */
  blocks: z.int().min(0).max(64).default(2).describe("convolutional: residual blocks at either end"),
  /** Convolutional, beyond the edges: see the padding of `autoencoder` (default `auto`). */
  padding: networkHyperparameters.padding.describe(
    "convolutional, beyond the edges: zeros, or the opposite side of a periodic lattice; auto: periodic for rows of a known periodic system",
  ),
  /** Dense: number of codes of a row; 0 is one for 16 sites (default 0). */
  codes: z
    .int()
    .min(0)
    .max(65_536)
    .default(0)
    .describe("dense: number of codes of a row; 0: one for 16 sites"),
  /** Dense: units of each hidden layer of the encoder, and in reverse of the decoder (default [400, 400]). */
  hidden: networkHyperparameters.hidden.describe(
    "dense: units of each hidden layer of the encoder, and in reverse of the decoder",
  ),
  ...likelihoodHyperparameters,
  /** Activation of the hidden units (default `silu`). */
  activation: z.enum(activationNames).default("silu").describe("activation of the hidden units"),
  /** Family of the distribution over codes (default `auto`: pixelcnn on a lattice of codes, else made or transformer). */
  prior: z
    .enum(["auto", ...statePriors])
    .default("auto")
    .describe(
      "family of the distribution over codes, fitted to them in a second course; auto: pixelcnn on a lattice of codes, else made or transformer",
    ),
});

/** Hyperparameters of {@link vqVae}, defaults filled in. */
export type VqVaeHyperparameters = z.output<typeof schema>;

/**
 * Hyperparameters, all optional.
 *
 * @interface
 */
export type VqVaeOptions = z.input<typeof schema>;
