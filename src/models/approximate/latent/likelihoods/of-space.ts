import type { Space } from "../../../../data/space.ts";
import { usageError } from "../../../../error.ts";
import { bernoulli } from "./bernoulli.ts";
import type { Likelihood } from "./likelihood.ts";

/** The likelihood that suits a space. Throws AnsatzError (usage), naming the family, where there is none. */
export function likelihoodOf(family: string, space: Space): Likelihood {
  if (space.kind === "binary") return bernoulli as Likelihood;
  throw usageError(`${family} has no likelihood for a ${space.kind} space`);
}
