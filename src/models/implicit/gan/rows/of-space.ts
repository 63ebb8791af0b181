import { describe, type Space } from "../../../../data/space.ts";
import { usageError } from "../../../../error.ts";
import { realRows } from "./real.ts";
import type { Rows } from "./rows.ts";

/** How rows of a space are read and made. Throws AnsatzError (usage), naming the family, for a space without a gradient. */
export function rowsOf(family: string, space: Space): Rows {
  if (space.kind === "real" && !space.bounds) return realRows(space.shape);
  throw usageError(`${family} does not model data that is ${describe(space)}`);
}
