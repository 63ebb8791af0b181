import { type Space, sites, stateCount } from "../data/space.ts";
import { usageError } from "../error.ts";
import type { Domain } from "../models/contract.ts";
import { familyNamed } from "../models/registry.ts";

/** Most parameters a model may have here: with the state of the optimiser they take some 10 GB. */
export const mostParameters = 5e8;

/**
 * Throws a usage error for a model that would have more than {@link mostParameters}, before any of them is made: its
 * size is estimated as that of full layers between what its sites feed in and its `hidden` units.
 */
export function checkModelSize(family: string, domain: Domain, hyperparameters: unknown): void {
  const parsed = familyNamed(family).schema.safeParse(hyperparameters);
  const { hidden = [], direct = false }: { hidden?: unknown; direct?: unknown } = parsed.data ?? {};
  const units = (Array.isArray(hidden) ? hidden : [hidden]).filter((n) => typeof n === "number");
  const width = inputsOf(domain.space);
  const sizes = [width, ...units, width];
  let count = domain.contextSize * ((units[0] ?? 0) + width) + (direct ? width * width : 0);
  for (let i = 1; i < sizes.length; i++) count += (sizes[i - 1] as number) * (sizes[i] as number);
  if (count > mostParameters)
    throw usageError(
      `${family} on ${sites(domain.space)} sites${ofStates(domain.space)} would have about ${count.toExponential(1)} ` +
        `parameters, more than the ${mostParameters.toExponential(0)} allowed here; give fewer hidden units, sites or states`,
    );
}

/** Numbers that a row feeds in: one a site, or one a state where there are more than two. */
function inputsOf(space: Space): number {
  const states = stateCount(space) ?? 1;
  return sites(space) * (states > 2 ? states : 1);
}

function ofStates(space: Space): string {
  return space.kind === "categorical" ? ` with ${space.states} states` : "";
}
