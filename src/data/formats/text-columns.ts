import { inputError } from "../../error.ts";

/**
 * Returns the index among the chosen columns of each column of a table, −1 if it is not chosen; undefined if
 * all are read in order. Columns are named by `names`, or counted from 0. Throws input errors that name a
 * column that does not exist, or is chosen twice.
 */
export function columnRanks(
  chosen: readonly string[] | undefined,
  names: readonly string[] | undefined,
  name: string,
): Int32Array | undefined {
  if (!chosen) return undefined;
  const places = chosen.map((column) => {
    const at = names?.indexOf(column) ?? -1;
    if (at >= 0 && names?.lastIndexOf(column) !== at)
      throw inputError(`${name}: --columns ${column}: several columns have this name; give their numbers`);
    if (at >= 0) return at;
    if (/^\d{1,7}$/.test(column) && Number(column) < (names?.length ?? Number.POSITIVE_INFINITY))
      return Number(column);
    throw inputError(
      `${name}: --columns ${column}: there is no such column; ` +
        (names ? `there are ${listed(names)}` : "without a heading columns have numbers from 0"),
    );
  });
  const ranks = new Int32Array(Math.max(...places) + 1).fill(-1);
  places.forEach((column, place) => {
    if (ranks[column] !== -1) throw inputError(`${name}: --columns chooses column ${column} twice`);
    ranks[column] = place;
  });
  return ranks;
}

const listed = (names: readonly string[]) => names.slice(0, 8).join(", ") + (names.length > 8 ? ", ..." : "");

/** Checks a line of names against the first row, of `columns` entries; throws an input error. */
export function checkHeading(
  names: readonly string[],
  columns: number,
  chosen: readonly string[] | undefined,
  where: string,
): void {
  if (names.length !== columns)
    throw inputError(
      `${where} has ${columns} columns, the heading has ${names.length} names (${listed(names)}); ` +
        "write a name for each, or name the separator by --delimiter",
    );
  if (names[0] === "" && columns > 1 && !chosen)
    throw inputError(
      `${where}: column 0 has no name in the heading: row numbers, as pandas writes them? choose the columns to read ` +
        `by --columns ${names.slice(1, 3).join(",")}${columns > 3 ? ",..." : ""}`,
    );
}
