import { type Space, sites } from "../data/space.ts";
import { usageError } from "../error.ts";
import type { Domain, Family } from "./contract.ts";

/** Maximum number of parameters of a model. */
export const mostParameters = 5e8;

/**
 * Returns a model's number of parameters by its family's own estimate, before any of them is allocated.
 * Throws a usage error for more than {@link mostParameters}.
 */
export function allowedCount(family: Family, domain: Domain, hyperparameters: unknown): number {
  const count = family.parameterCount(domain, hyperparameters);
  if (count > mostParameters)
    throw usageError(
      `${family.name} on ${sites(domain.space)} sites${ofStates(domain.space)} would have about ${count.toExponential(1)} ` +
        `parameters; at most ${mostParameters.toExponential(0)} are allowed: give smaller layers, fewer sites or fewer states`,
    );
  return count;
}

/** ` with 10 states` of categorical sites, to follow their number. */
export function ofStates(space: Space): string {
  return space.kind === "categorical" ? ` with ${space.states} states` : "";
}
