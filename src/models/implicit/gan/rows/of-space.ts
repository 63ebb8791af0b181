import { describe, levelCount, type Space } from "../../../../data/space.ts";
import { usageError } from "../../../../error.ts";
import { angleRows } from "./angles.ts";
import { bitRows } from "./bits.ts";
import { boundedRows } from "./bounded.ts";
import { realRows } from "./real.ts";
import type { Rows } from "./rows.ts";

/** How rows of a space are read and made. Throws AnsatzError (usage), naming the family, for symbols and states, which have no gradient. */
export function rowsOf(family: string, space: Space): Rows {
  if (space.kind === "real")
    return space.bounds ? boundedRows(space.shape, space.bounds, levelCount(space)) : realRows(space.shape);
  if (space.kind === "circle") return angleRows(space.shape);
  if (space.kind === "binary") return bitRows(space.shape);
  throw usageError(
    `${family} models real numbers, grey levels, angles and bits; not data that is ${describe(space)} (made does)`,
  );
}
