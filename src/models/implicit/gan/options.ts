import * as z from "zod";
import { networkHyperparameters } from "../../approximate/latent/networks/options.ts";
import { augmentations } from "./augment.ts";

/** Costs by name. */
export const lossNames = ["nonsaturating", "minimax", "wgan-gp"] as const;

/** The name of a cost. */
export type LossName = (typeof lossNames)[number];

export const schema = z.strictObject({
  /** Numbers of the code that a row is made of; 0 is as many as sites, 8 at least and 64 at most (default 0). */
  latent: z
    .int()
    .min(0)
    .max(65_536)
    .default(0)
    .describe("numbers of the code that a row is made of; 0: as many as sites, 8 at least and 64 at most"),
  /** Networks of both players; `auto` is convolutional for images and lattices of 256 sites or more (default `auto`). */
  network: z
    .enum(["auto", "dense", "convolutional"])
    .default("auto")
    .describe(
      "networks of both players; auto: convolutional for images and lattices of 256 sites or more, else dense",
    ),
  /** Units of each hidden layer of a dense discriminator, and in reverse of its generator (default [128, 128, 128]). */
  hidden: networkHyperparameters.hidden
    .default([128, 128, 128])
    .describe(
      "units of each hidden layer of a dense discriminator, and in reverse of its generator; 0: linear maps",
    ),
  /** Channels of convolutions at each level, from the largest image to the smallest; each next level halves even sides (default [64, 64, 64]). */
  channels: networkHyperparameters.channels
    .default([64, 64, 64])
    .describe(
      "channels of convolutions at each level, the largest image first; each next level halves even sides",
    ),
  /** Side of the windows of convolutions, an odd number (default 3). */
  kernel: networkHyperparameters.kernel,
  /** Pixels along each side that convolutions take as channels of one; 0 is 2 from sides of 24 on, else 1 (default 0). */
  patch: z
    .int()
    .min(0)
    .max(16)
    .default(0)
    .describe(
      "pixels along each side that convolutions take as channels of one; 0: 2 from sides of 24 on, else 1",
    ),
  /** Beyond the edges: zeros, or the other side of a periodic lattice; `auto` is zeros, and in commands periodic for rows of a known periodic system (default `auto`). */
  padding: networkHyperparameters.padding,
  /** Whether a code has numbers for the row as a whole, or also for each place; `auto` is for each place on periodic lattices (default `auto`). */
  noise: z
    .enum(["auto", "code", "places"])
    .default("auto")
    .describe(
      "noise of the whole row (code), or also of each place; auto: of each place on periodic lattices",
    ),
  /** Activation of the hidden units (default `relu`). */
  activation: networkHyperparameters.activation.default("relu").describe("activation of the hidden units"),
  /** The cost that is played for (default `nonsaturating`). */
  loss: z
    .enum(lossNames)
    .default("nonsaturating")
    .describe("cost: nonsaturating, minimax as the lecture writes it, or the Wasserstein distance (wgan-gp)"),
  /** Weight γ of the squared gradient of the discriminator at rows of data, for costs of probabilities; 0 for none (default 0.05). */
  r1: z
    .number()
    .min(0)
    .max(1e6)
    .default(0.05)
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
  /** Random changes of what the discriminator sees of images, for few data: `colour`, `translation`, `cutout` (default none). */
  diffAugment: z
    .union([z.enum([...augmentations, "none"]), z.array(z.enum(augmentations))], {
      error: `give ${augmentations.join(", ")}, several of them such as translation,cutout, or none`,
    })
    .transform((value) => (typeof value === "string" ? (value === "none" ? [] : [value]) : value))
    .pipe(z.array(z.enum(augmentations)))
    .default([])
    .describe(
      "random changes of what the discriminator sees of images, for few data: colour, translation, cutout",
    ),
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
