import * as z from "zod";
import { networkHyperparameters } from "../../approximate/latent/networks/options.ts";

/** Costs by name. */
export const lossNames = ["nonsaturating", "minimax", "wgan-gp"] as const;

/** The name of a cost. */
export type LossName = (typeof lossNames)[number];

export const schema = z.strictObject({
  /** Numbers of the code that a row is made of; 0 is twice the sites, 8 at least and 64 at most (default 0). */
  latent: z
    .int()
    .min(0)
    .max(65_536)
    .default(0)
    .describe("numbers of the code that a row is made of; 0: twice the sites, 8 at least and 64 at most"),
  ...networkHyperparameters,
  /** Units of each hidden layer of the discriminator, and in reverse of the generator (default [128, 128, 128]). */
  hidden: networkHyperparameters.hidden
    .default([128, 128, 128])
    .describe(
      "units of each hidden layer of the discriminator, and in reverse of the generator; 0: linear maps",
    ),
  /** Activation of the hidden units (default `relu`). */
  activation: networkHyperparameters.activation.default("relu").describe("activation of the hidden units"),
  /** The cost that is played for (default `nonsaturating`). */
  loss: z
    .enum(lossNames)
    .default("nonsaturating")
    .describe("cost: nonsaturating, minimax as the lecture writes it, or the Wasserstein distance (wgan-gp)"),
  /** Weight γ of the squared gradient of the discriminator at rows of data, for costs of probabilities; 0 for none (default 0.1). */
  r1: z
    .number()
    .min(0)
    .max(1e6)
    .default(0.1)
    .describe("weight γ of the discriminator's squared gradient at rows of data (R1); 0: none"),
  /** Steps from one step with the R1 penalty to the next, which weighs as many times as much (default 16). */
  r1Every: z
    .int()
    .min(1)
    .max(1000)
    .default(16)
    .describe("steps between two with the R1 penalty, which weighs as many times as much"),
  /** Weight λ of the penalty of WGAN-GP (default 0.1). */
  penalty: z.number().min(0).max(1e6).default(0.1).describe("weight λ of the gradient penalty of wgan-gp"),
  /** Whether the weights of the discriminator are divided by their spectral norms (default false). */
  spectral: z
    .boolean()
    .default(false)
    .describe("divide weights of the discriminator by their spectral norms"),
  /** Updates of the discriminator in each step; 0 is 5 with wgan-gp and 1 otherwise (default 0). */
  updates: z
    .int()
    .min(0)
    .max(100)
    .default(0)
    .describe("updates of the discriminator for one of the generator; 0: 5 with wgan-gp, else 1"),
  /** Learning rate of the discriminator, in units of the generator's (default 1). */
  rateRatio: z
    .number()
    .positive()
    .max(1000)
    .default(1)
    .describe("learning rate of the discriminator in units of the generator's"),
  /** β₁ of Adam, whose mean gradient of a game lags behind the other player (default 0). */
  beta1: z.number().min(0).lt(1).default(0).describe("β₁ of Adam for both players"),
});

/** Hyperparameters of `gan`, defaults filled in. */
export type GanHyperparameters = z.output<typeof schema>;

/**
 * Hyperparameters as they may be given: all have defaults.
 *
 * @interface
 */
export type GanOptions = z.input<typeof schema>;
