import { sizeOf } from "../array.ts";
import type { Dataset } from "../data/dataset.ts";
import { sameSpace } from "../data/space.ts";
import { isKnownSystem, systemKind } from "./registry.ts";

/**
 * A dataset with the symmetries of the system that it says it is of. None are named where rows are read as of another space than the
 * system's, bits as states, where they have contexts other than its β, which need not be alike, and where the parameters are no such system's.
 */
export function withSymmetries(dataset: Dataset): Dataset {
  const { meta, space, context } = dataset;
  const known = meta?.system;
  if (!known || !isKnownSystem(known.name)) return dataset;
  const { parameters, betas } = known;
  if (context && !(betas && sizeOf(context.shape.slice(1)) === 1)) return dataset;
  const kind = systemKind(known.name);
  // Of parameters that are not known here, as a later version may write them, nothing is known but the rows.
  const parsed = kind.schema.safeParse({ ...parameters, ...(betas && { beta: betas[0] }) });
  if (!parsed.success) return dataset;
  const system = kind.create(parsed.data);
  return sameSpace(space, system.space) ? { ...dataset, symmetries: system.symmetries } : dataset;
}
