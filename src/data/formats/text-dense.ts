import { type NDArray, ndarray } from "../../array.ts";
import { inputError } from "../../error.ts";
import { HASH, lineEnd, NEWLINE, NINE, RETURN, ZERO } from "./text-bytes.ts";

/** A line of a text, without surrounding blanks. */
interface Line {
  readonly from: number;
  readonly to: number;
  /** Counted from 1. */
  readonly number: number;
}

/** The lines from `at` on that hold something other than a comment. */
function* contentLines(bytes: Uint8Array, at: number, number: number): Generator<Line> {
  while (at < bytes.length) {
    const end = lineEnd(bytes, at);
    let [from, to] = [at, end];
    while (from < to && (bytes[from] as number) <= 32) from++;
    while (to > from && (bytes[to - 1] as number) <= 32) to--;
    if (from < to && bytes[from] !== HASH) yield { from, to, number };
    at = end;
    if (bytes[at] === RETURN) at++;
    if (bytes[at] === NEWLINE) at++;
    number++;
  }
}

/**
 * Whether the rows from `at` on are digits that lie side by side, a site each: lines of one length of 0s and 1s, some of
 * which begin with 0, as numbers do not. Throws an input error where such lines could be numbers as well.
 */
export function isDense(bytes: Uint8Array, at: number, name: string): boolean {
  let length = 0;
  let [zeroLed, bitsAlone] = [false, true];
  let first: Line | undefined;
  for (const line of contentLines(bytes, at, 1)) {
    first ??= line;
    length ||= line.to - line.from;
    if (length < 2 || line.to - line.from !== length) return false;
    zeroLed ||= bytes[line.from] === ZERO;
    for (let i = line.from; i < line.to; i++) {
      const c = bytes[i] as number;
      if (c < ZERO || c > NINE) return false;
      if (c > ZERO + 1) bitsAlone = false;
    }
  }
  if (!first || (!zeroLed && !bitsAlone)) return false;
  if (zeroLed && bitsAlone) return true;
  const example = new TextDecoder().decode(bytes.subarray(first.from, Math.min(first.to, first.from + 40)));
  throw inputError(
    `${name}: rows such as ${example} are one number, or ${length} sites of one digit: give --delimiter space or --delimiter none`,
  );
}

/** Rows of digits without separators, from `at` on, `[rows, digits]`; throws input errors for ragged rows and other signs. */
export function readDense(
  bytes: Uint8Array,
  at: number,
  lineNumber: number,
  name: string,
  ranks: Int32Array | undefined,
): NDArray<"u8"> {
  const values = new Uint8Array(bytes.length - at);
  let [count, rows, columns] = [0, 0, 0];
  for (const { from, to, number } of contentLines(bytes, at, lineNumber)) {
    const where = `${name}: row ${rows} (line ${number})`;
    columns ||= to - from;
    if (to - from !== columns)
      throw inputError(`${where} has ${to - from} columns; the rows before it have ${columns}`);
    if (ranks && ranks.length > columns)
      throw inputError(`${where} has ${columns} columns; --columns asks for column ${ranks.length - 1}`);
    const width = ranks ? ranks.filter((rank) => rank >= 0).length : columns;
    for (let i = from; i < to; i++) {
      const value = (bytes[i] as number) - ZERO;
      const place = ranks ? (ranks[i - from] ?? -1) : i - from;
      if (place < 0) continue;
      if (value < 0 || value > 9)
        throw inputError(
          `${where}, column ${i - from} is ${JSON.stringify(String.fromCharCode(bytes[i] as number))}, not a digit`,
        );
      values[count + place] = value;
    }
    count += width;
    rows++;
  }
  if (rows === 0) throw inputError(`${name}: holds no rows of numbers`);
  return ndarray("u8", [rows, count / rows], values.slice(0, count));
}
