import type { NDArray } from "../../array.ts";
import { numbers } from "../../data/values.ts";
import { type RowSet, rowGroups } from "../../evaluate/index.ts";
import type { Spacing } from "../../stats/index.ts";

/** Rows and what is known of their dependence. */
export interface DependentRows {
  readonly x: NDArray;
  /** The Markov chain of each row. */
  readonly chain?: Int32Array | undefined;
  /** The parent that each row was cut from. */
  readonly parent?: Int32Array | undefined;
  /** The τ and the thinning of chains. */
  readonly spacing?: Spacing | undefined;
}

/**
 * Returns rows as a set to test: with their declared parents, or with blocks of their chains by `rowGroups`
 * from the mean and the mean square of each row. `note` is called if these blocks are not known to be
 * independent.
 */
export function rowSetOf(name: string, rows: DependentRows, note?: (line: string) => void): RowSet {
  const { x, chain, parent, spacing } = rows;
  if (parent) return { name, x, parent };
  if (!chain) return { name, x };
  const count = x.shape[0] as number;
  const { members, independent } = rowGroups(count, chain, spacing, rowSeries(x));
  if (members.length === count) return { name, x };
  if (!independent)
    note?.(`${name}: too few or too short chains to know independent blocks; p-values may be too small`);
  const block = new Int32Array(count);
  members.forEach((own, g) => {
    for (const row of own) block[row] = g;
  });
  return { name, x, parent: block };
}

/** The mean and the mean square of each row. */
function rowSeries(x: NDArray): Float64Array[] {
  const values = numbers(x);
  const rows = x.shape[0] as number;
  const width = values.length / rows;
  const of = (power: number) =>
    Float64Array.from({ length: rows }, (_, row) => {
      let sum = 0;
      for (let i = row * width; i < (row + 1) * width; i++) sum += (values[i] as number) ** power;
      return sum / width;
    });
  return [of(1), of(2)].filter((series) => series.some((v) => v !== series[0]));
}
