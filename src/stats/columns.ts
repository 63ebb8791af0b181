import { inputError } from "../error.ts";

/** A number computed from columns of equal length, such as a ratio or a cumulant of their means. */
export type Statistic = (columns: readonly Float64Array[]) => number;

/** The common length of the columns; throws when there is no column or when two lengths differ. */
export function rowsOf(columns: readonly ArrayLike<number>[]): number {
  const rows = columns[0]?.length ?? 0;
  for (const [i, column] of columns.entries())
    if (column.length !== rows)
      throw inputError(`column ${i} has ${column.length} rows and column 0 has ${rows}; make them equal`);
  if (rows === 0) throw inputError("no rows to resample; give at least one column with data");
  return rows;
}
