import { usageError } from "../../error.ts";
import { parentGroups, singleRows } from "../row-groups.ts";

/** Fewer independent groups on a side make no test. */
const leastGroups = 4;

/** Rows of two sets in independent groups, for tests that permute whole groups. */
export interface TestGroups {
  /** The row numbers of each group of the first set. */
  readonly x: readonly Uint32Array[];
  /** The same of the second set. */
  readonly y: readonly Uint32Array[];
}

/** Rows and which of them may depend on each other. */
export interface Parents {
  /** Name of the rows in messages. */
  readonly name: string;
  /** Number of rows. */
  readonly rows: number;
  /** The parent of each row: rows of one parent may depend on each other. Absent if all rows are independent. */
  readonly parent?: Int32Array | undefined;
}

/**
 * Returns the rows of each parent, in the order in which parents first appear; each row separately if there
 * are no parents.
 */
export function rowsByParent({ rows, parent }: Parents): Uint32Array[] {
  if (!parent) return [...singleRows(rows).members];
  return [...parentGroups(parent).members];
}

/**
 * Returns groups of two sets of rows: parents, or single rows. If only one side has parents, the other is cut
 * into equally many blocks, so that the means over groups of both sides are of similar size. Throws a usage
 * error for fewer than 4 groups.
 */
export function testGroups(x: Parents, y: Parents): TestGroups {
  const [a, b] = [rowsByParent(x), rowsByParent(y)];
  for (const [side, groups] of [
    [x, a],
    [y, b],
  ] as const) {
    if (groups.length >= leastGroups) continue;
    throw usageError(
      side.parent
        ? `${side.name}: its ${side.rows} rows are of ${groups.length} ${groups.length === 1 ? "parent" : "parents"}, and p-values permute parents; give rows of ${leastGroups} parents or more, real rows of ${2 * leastGroups} as they are halved`
        : `${side.name}: ${side.rows} rows are too few to test; give ${leastGroups} or more`,
    );
  }
  if (x.parent && !y.parent) return { x: a, y: blocks(y.rows, Math.min(a.length, y.rows)) };
  if (y.parent && !x.parent) return { x: blocks(x.rows, Math.min(b.length, x.rows)), y: b };
  return { x: a, y: b };
}

/**
 * Returns the group of each row of the first set and then of the second; groups of the second are numbered
 * after the first.
 */
export function groupOfRows(groups: TestGroups, ofX: number, ofY: number): Int32Array {
  const group = new Int32Array(ofX + ofY);
  groups.x.forEach((rows, g) => {
    for (const row of rows) group[row] = g;
  });
  groups.y.forEach((rows, g) => {
    for (const row of rows) group[ofX + row] = groups.x.length + g;
  });
  return group;
}

function blocks(rows: number, count: number): Uint32Array[] {
  const cut = (block: number) => Math.floor((block * rows) / count);
  return Array.from({ length: count }, (_, b) =>
    Uint32Array.from({ length: cut(b + 1) - cut(b) }, (_, i) => cut(b) + i),
  );
}
