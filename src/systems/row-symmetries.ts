import type { Dataset } from "../data/dataset.ts";
import { sameSpace } from "../data/space.ts";
import { systemsOf } from "./known.ts";
import { isKnownSystem } from "./registry.ts";
import type { System } from "./system.ts";

/**
 * A dataset with the symmetries of the system that it says it is of. None are named where rows are read as of another space than the
 * system's, bits as states, or have contexts other than its β, which need not be alike.
 */
export function withSymmetries(dataset: Dataset): Dataset {
  const { meta, space, context } = dataset;
  const known = meta?.system;
  if (!known || !isKnownSystem(known.name) || (context && !known.betas)) return dataset;
  const [system] = systemsOf(known) as [System];
  return sameSpace(space, system.space) ? { ...dataset, symmetries: system.symmetries } : dataset;
}
