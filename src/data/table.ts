import { counted } from "../counted.ts";
import { describe, levelCount, type Space, sites } from "./space.ts";

/** Maximum number of sites for a row of real numbers to count as a table of columns, not as a chain. */
const mostColumns = 12;

/**
 * Whether rows are a table of columns with separate meanings: real numbers in a row without a shape, 12 at
 * most.
 */
export function isTable(space: Space | undefined): boolean {
  if (space?.kind !== "real" || levelCount(space) !== undefined) return false;
  return space.shape.length === 1 && sites(space) <= mostColumns;
}

/**
 * Describes a space in words, as `describe` does, but with special words for tables: `a table of 6 columns`.
 */
export function spaceText(space: Space): string {
  if (!isTable(space)) return describe(space);
  const n = sites(space);
  const bounds = space.kind === "real" && space.bounds ? ` in [${space.bounds.join(", ")}]` : "";
  return `a table of ${counted(n, "column")}${bounds}`;
}
