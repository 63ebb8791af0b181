import { type Space, sites } from "../data/space.ts";
import { usageError } from "../error.ts";
import type { Domain } from "../models/contract.ts";
import { familyNamed } from "../models/registry.ts";

/** Most parameters a model may have here: with the state of the optimiser they take some 10 GB. */
export const mostParameters = 5e8;

/**
 * Throws a usage error for a model that would have more than {@link mostParameters} by its family's own estimate,
 * before any of them is made.
 */
export function checkModelSize(family: string, domain: Domain, hyperparameters: unknown): void {
  const count = familyNamed(family).parameterCount(domain, hyperparameters);
  if (count > mostParameters)
    throw usageError(
      `${family} on ${sites(domain.space)} sites${ofStates(domain.space)} would have about ${count.toExponential(1)} ` +
        `parameters, more than the ${mostParameters.toExponential(0)} allowed here; give smaller layers, fewer sites or states`,
    );
}

function ofStates(space: Space): string {
  return space.kind === "categorical" ? ` with ${space.states} states` : "";
}
