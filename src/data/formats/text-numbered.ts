import { inputError } from "../../error.ts";

/** Numbers of whole rows below which one row too many is not harmless: it moves a mean by a tenth of its error. */
const manyRows = 100;
/** The share of the other rows that repeat the first one from which on it is one of them. */
const oftenRepeated = 1 / 20;
/**
 * Minimum average number of occurrences of each value in a table, so that a value of the first line alone is
 * not one of them.
 */
const oftenSeen = 10;

/** The meaning of a first line of numbers, with a one-line note for the reader if it is ambiguous. */
export interface NumberedLine {
  readonly is: "heading" | "row";
  readonly note?: string;
}

/**
 * Decides whether a first line 0, 1, 2, ... is a heading of column numbers, as pandas writes it, or a row,
 * from the rows after it:
 *
 * - a heading, if there are three columns or more and no number is whole; or if all are whole and repeat,
 *   and the line has one that is not among them, such as 2 above bits;
 * - a row, if there is one column and a whole number in it; or if there are 100 rows or more and at least
 *   one in 20 of them is the same line: a heading taken as a row would then be one row too many.
 *
 * Throws an input error otherwise.
 *
 * @param values `[rows, width]` with the first line, of the columns that are read.
 * @param columns Number of columns in the file.
 */
export function numberedLine(
  text: string,
  values: ArrayLike<number>,
  { width, columns }: { readonly width: number; readonly columns: number },
  where: string,
): NumberedLine {
  const rows = values.length / width - 1;
  const seen = new Set<number>();
  let [whole, same] = [0, 0];
  for (let r = 1; r <= rows; r++) {
    let equal = true;
    for (let i = 0; i < width; i++) {
      const value = values[r * width + i] as number;
      if (Number.isInteger(value)) whole++;
      if (value !== values[i]) equal = false;
      // More values than can repeat need not be told apart.
      if (seen.size * oftenSeen <= values.length) seen.add(value);
    }
    if (equal) same++;
  }
  const line = `${where}, ${text.trim()}, is taken as a`;
  const heading: NumberedLine = { is: "heading", note: `${line} heading (--no-header: as a row)` };
  if (rows === 0 || (columns === 1 && whole > 0)) return { is: "row" };
  if (columns >= 3 && whole === 0) return heading;
  const repeat = whole === rows * width && whole >= oftenSeen * seen.size;
  if (repeat && Array.from({ length: width }, (_, i) => values[i] as number).some((v) => !seen.has(v)))
    return heading;
  if (rows >= manyRows && same >= oftenRepeated * rows)
    return { is: "row", note: `${line} row, as ${same} others are (--header: as a heading)` };
  throw inputError(
    `${where} is ${text.trim()}, a row or the column numbers that pandas writes: give --no-header or --header`,
  );
}
