import { sizeOf } from "../array.ts";
import type { Dataset } from "../data/dataset.ts";
import { sameSpace } from "../data/space.ts";
import { firstSystem } from "./known.ts";

/**
 * Returns a dataset with the symmetries of the system that it names. It gets none if rows are read in another
 * space than the system's (bits as states), if they have contexts other than its β, which need not have the
 * same symmetry, and if the parameters are not valid for the system.
 */
export function withSymmetries(dataset: Dataset): Dataset {
  const { meta, space, context } = dataset;
  const known = meta?.system;
  if (!known || (context && !(known.betas && sizeOf(context.shape.slice(1)) === 1))) return dataset;
  const system = firstSystem(known);
  return system && sameSpace(space, system.space) ? { ...dataset, symmetries: system.symmetries } : dataset;
}
