import { sizeOf } from "../array.ts";
import type { Dataset } from "../data/dataset.ts";
import { sameSpace } from "../data/space.ts";
import { firstSystem } from "./known.ts";

/**
 * A dataset with the symmetries of the system that it says it is of. None are named where rows are read as of another space than the
 * system's, bits as states, where they have contexts other than its β, which need not be alike, and where the parameters are no such system's.
 */
export function withSymmetries(dataset: Dataset): Dataset {
  const { meta, space, context } = dataset;
  const known = meta?.system;
  if (!known || (context && !(known.betas && sizeOf(context.shape.slice(1)) === 1))) return dataset;
  const system = firstSystem(known);
  return system && sameSpace(space, system.space) ? { ...dataset, symmetries: system.symmetries } : dataset;
}
