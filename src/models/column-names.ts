/** Columns by name for a message, the first five of them: `column 2`, `columns 0, 1, 2, 3, 4, ...`. */
export function columnNames(columns: readonly number[]): string {
  const shown = columns.slice(0, 5).join(", ") + (columns.length > 5 ? ", ..." : "");
  return columns.length === 1 ? `column ${shown}` : `columns ${shown}`;
}
