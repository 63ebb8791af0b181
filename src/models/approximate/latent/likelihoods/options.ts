import * as z from "zod";
import { variances } from "./gaussian.ts";

/** Names of likelihoods. */
export const likelihoodNames = ["bernoulli", "categorical", "gaussian", "logistic", "von-mises"] as const;

/** Hyperparameters of the likelihood of a latent model; a family's schema spreads them. */
export const likelihoodHyperparameters = {
  /** P(x | z) of a site; `auto` is what suits the space (default `auto`). */
  likelihood: z
    .enum(["auto", ...likelihoodNames])
    .default("auto")
    .describe("P(x | z) of a site; auto: what suits the space"),
  /** Whose standard deviation `gaussian` learns: one for all sites, one a site, or a function of z (default `site`). */
  variance: z
    .enum(variances)
    .default("site")
    .describe(
      "standard deviations of gaussian: one shared by all sites, one a site, or functions of z (latent)",
    ),
  /** Logistic distributions that `logistic` mixes (default 3). */
  components: z.int().min(1).max(100).default(3).describe("distributions that the likelihood logistic mixes"),
} as const;
