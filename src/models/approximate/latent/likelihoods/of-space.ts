import { levelCount, type Space, sites, spaceName } from "../../../../data/space.ts";
import { usageError } from "../../../../error.ts";
import { bernoulli } from "./bernoulli.ts";
import { categorical } from "./categorical.ts";
import { gaussian, type variances } from "./gaussian.ts";
import type { Likelihood } from "./likelihood.ts";
import { logisticMixture } from "./logistic-mixture.ts";
import type { likelihoodNames } from "./options.ts";
import { vonMises } from "./von-mises.ts";

/** See {@link likelihoodOf}. */
export interface LikelihoodOptions {
  readonly likelihood: "auto" | (typeof likelihoodNames)[number];
  readonly variance: (typeof variances)[number];
  readonly components: number;
}

/**
 * Returns the likelihood of a space. Throws AnsatzError (usage), naming the family, if there is none or
 * another is requested.
 */
export function likelihoodOf(family: string, space: Space, options: LikelihoodOptions): Likelihood {
  const suited = ofSpace(family, space, options);
  if (options.likelihood !== "auto" && options.likelihood !== suited.name)
    throw usageError(
      `${family}: the likelihood ${options.likelihood} does not fit ${spaceName(space)} data; take ${suited.name} (or leave it out)`,
    );
  return suited;
}

function ofSpace(family: string, space: Space, { variance, components }: LikelihoodOptions): Likelihood {
  const levels = levelCount(space);
  if (levels !== undefined) return logisticMixture(levels, components) as Likelihood;
  if (space.kind === "binary") return bernoulli as Likelihood;
  if (space.kind === "categorical") return categorical(space.states) as Likelihood;
  if (space.kind === "circle") return vonMises as Likelihood;
  if (space.kind === "real" && !space.bounds) return gaussian(sites(space), variance) as Likelihood;
  throw usageError(
    space.kind === "real"
      ? `${family} has no likelihood of real numbers with bounds; give --space real, or levels:K for grey levels`
      : `${family} has no likelihood of sequences`,
  );
}
