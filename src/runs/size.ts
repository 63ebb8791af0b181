import { totalmem } from "node:os";
import { sites } from "../data/space.ts";
import { usageError } from "../error.ts";
import type { Domain } from "../models/contract.ts";
import { familyNamed } from "../models/registry.ts";
import { allowedCount, ofStates } from "../models/size.ts";

/**
 * Bytes a fit holds for each parameter while it writes a checkpoint: the parameter, its gradient, two vectors of
 * optimiser state, the best copy, and the file of all but the gradient; row-sparse parameters have no gradient.
 */
const bytesOfFit = 4 * (1 + 1 + 2 + 1 + 4);

/**
 * Throws a usage error for a model that would have more than {@link mostParameters} by its family's own estimate,
 * before any of them is made.
 */
export function checkModelSize(family: string, domain: Domain, hyperparameters: unknown): void {
  allowedCount(familyNamed(family), domain, hyperparameters);
}

/**
 * Throws a usage error as {@link checkModelSize}, and for a model whose fit needs more than `memory` bytes
 * (default: all memory of the machine).
 */
export function checkFitSize(
  family: string,
  domain: Domain,
  hyperparameters: unknown,
  memory = totalmem(),
): void {
  const count = allowedCount(familyNamed(family), domain, hyperparameters);
  const bytes = count * bytesOfFit;
  if (bytes > memory)
    throw usageError(
      `fitting ${family} on ${sites(domain.space)} sites${ofStates(domain.space)} takes up to ${gigabytes(bytes)} for ` +
        `${count.toExponential(1)} parameters, and this machine has ${gigabytes(memory)}; give smaller layers, fewer sites or states`,
    );
}

const gigabytes = (bytes: number) => `${(bytes / 1e9).toPrecision(2)} GB`;
