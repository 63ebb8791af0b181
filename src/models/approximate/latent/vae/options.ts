import * as z from "zod";
import { likelihoodHyperparameters } from "../likelihoods/options.ts";
import { networkHyperparameters } from "../networks/options.ts";
import { priorNames } from "./prior.ts";

export const schema = z.strictObject({
  /** Latent variables; 0 is 32, or one for two sites if those are fewer (default 0). */
  latent: z
    .int()
    .min(0)
    .max(65_536)
    .default(0)
    .describe("latent variables; 0: 32, or one for two sites if those are fewer"),
  ...networkHyperparameters,
  ...likelihoodHyperparameters,
  /** P(z): the standard normal distribution, or a flow that is trained with the rest (default `normal`). */
  prior: z
    .enum(priorNames)
    .default("normal")
    .describe("P(z): the standard normal distribution, or a flow that is trained with the rest"),
  /** The encoder's distribution: independent normal variables, or a flow of them (default `normal`). */
  posterior: z
    .enum(["normal", "flow"])
    .default("normal")
    .describe("the encoder's distribution: independent normal variables, or a flow of them"),
  /** Draws of z for each row in a step; the loss of several is the importance-weighted bound (default 1). */
  draws: z
    .int()
    .min(1)
    .max(1000)
    .default(1)
    .describe("draws of z for each row in a step; several: the importance-weighted bound (IWAE)"),
  /** Weight of the KL divergence in training (default 1). */
  beta: z
    .number()
    .positive()
    .max(1000)
    .default(1)
    .describe("weight of the KL divergence in training; 1: the bound"),
  /** Nats of KL divergence that each latent variable has for free in training (default 0). */
  freeBits: z
    .number()
    .min(0)
    .max(100)
    .default(0)
    .describe("nats of KL divergence that each latent variable has for free in training"),
  /** Steps over which the weight of the KL divergence rises from 0 (default 0). */
  klWarmup: z
    .int()
    .min(0)
    .max(100_000_000)
    .default(0)
    .describe("steps over which the weight of the KL divergence rises from 0"),
});

/** Hyperparameters of `vae`, defaults filled in. */
export type VaeHyperparameters = z.output<typeof schema>;

/**
 * Hyperparameters of `makeVae`, all optional.
 *
 * @interface
 */
export type VaeOptions = z.input<typeof schema>;
