/** Maximum number of columns that a message lists. */
const mostShown = 5;

/** A column in a message: its number, with its name if it has one. */
export function columnName(column: number, names?: readonly string[]): string {
  const name = names?.[column];
  return name === undefined ? `${column}` : `${column} (${name})`;
}

/** Columns for a message, the first five of them: `column 2`, `columns 0 (mass), 1 (charge)`, `columns 0, 1, 2, 3, 4, ...`. */
export function columnNames(columns: readonly number[], names?: readonly string[]): string {
  const shown = columns.slice(0, mostShown).map((column) => columnName(column, names));
  const list = shown.join(", ") + (columns.length > mostShown ? ", ..." : "");
  return columns.length === 1 ? `column ${list}` : `columns ${list}`;
}
