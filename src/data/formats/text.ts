import { type NDArray, ndarray } from "../../array.ts";
import { type AnsatzError, inputError, usageError } from "../../error.ts";
import { numbers } from "../values.ts";
import { DecimalReader, isDecimal } from "./decimal.ts";
import { defaultLimits, type Format, type ReadLimits, tooLarge } from "./format.ts";

const NEWLINE = 10;
const RETURN = 13;
const HASH = 35;
const ZERO = 48;

/** Blank between numbers: space, tab. */
const isBlank = (c: number | undefined) => c === 32 || c === 9;
/** One of these between two numbers, blanks around it allowed: comma, semicolon. */
const isComma = (c: number | undefined) => c === 44 || c === 59;
const isEnd = (c: number | undefined) => c === undefined || c === NEWLINE || c === RETURN;

/**
 * The numbers of a text table [rows, columns], separated by commas, semicolons, blanks or tabs: `u8` where all are
 * integers from 0 to 255, else `f64`. Empty lines and `#` comments are passed over, as is a first line without
 * any number (column names). Throws input errors naming the file, row (from 0), line (from 1) and column (from 0)
 * of ragged rows, letters and missing values.
 */
export function readText(bytes: Uint8Array, name: string, limits: ReadLimits = defaultLimits): NDArray {
  if (bytes.length === 0) throw inputError(`${name}: the file is empty`);
  if (bytes.length > limits.maxBytes) throw tooLarge(name, bytes.length, limits);
  let values: Uint8Array | Float64Array = new Uint8Array((bytes.length >> 1) + 1);
  let count = 0;
  let rows = 0;
  let columns = 0;
  let line = 1;
  const decimals = new DecimalReader(bytes);
  let header = false;
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0; // byte-order mark
  const here = () => `${name}: row ${rows} (line ${line})`;

  while (at < bytes.length) {
    while (isBlank(bytes[at])) at++;
    if (bytes[at] === HASH) while (at < bytes.length && bytes[at] !== NEWLINE) at++;
    const first = count;
    const start = at;
    while (!isEnd(bytes[at])) {
      let value: number;
      const c = bytes[at] as number;
      const next = bytes[at + 1];
      if (c >= ZERO && c <= ZERO + 9 && (isComma(next) || isBlank(next) || isEnd(next))) {
        value = c - ZERO;
        at++;
      } else {
        const from = at;
        while (!isEnd(bytes[at]) && !isBlank(bytes[at]) && !isComma(bytes[at])) at++;
        const read = decimals.read(from, at);
        if (read === undefined) {
          if (rows === 0 && !header && isHeader(bytes, start)) {
            header = true;
            count = first;
            while (!isEnd(bytes[at])) at++;
            break;
          }
          throw notANumber(bytes.subarray(from, at), `${here()}, column ${count - first}`);
        }
        value = read;
      }
      if (values instanceof Uint8Array && !(value >= 0 && value <= 255 && value === Math.floor(value))) {
        const size = count + ((bytes.length - at) >> 1) + 2; // a number takes two bytes or more
        if (8 * size > limits.maxBytes) throw tooLarge(name, 8 * size, limits);
        const wide: Float64Array = new Float64Array(size);
        wide.set(values.subarray(0, count));
        values = wide;
      }
      values[count++] = value;
      while (isBlank(bytes[at])) at++;
      if (isComma(bytes[at])) {
        at++;
        while (isBlank(bytes[at])) at++;
        if (isEnd(bytes[at]))
          throw inputError(`${here()} ends in a separator; column ${count - first} is empty`);
      } else if (bytes[at] === HASH) while (!isEnd(bytes[at])) at++;
    }
    if (bytes[at] === RETURN) at++;
    if (bytes[at] === NEWLINE) at++;
    if (count > first) {
      if (rows === 0) columns = count - first;
      else if (count - first !== columns)
        throw inputError(`${here()} has ${count - first} columns; the rows before it have ${columns}`);
      rows++;
    }
    line++;
  }
  if (rows === 0) throw inputError(`${name}: holds no rows of numbers`);
  const data = values.slice(0, count);
  return data instanceof Uint8Array
    ? ndarray("u8", [rows, columns], data)
    : ndarray("f64", [rows, columns], data);
}

/** Whether the line from `start` holds column names: no entry of it is a number. */
function isHeader(bytes: Uint8Array, start: number): boolean {
  let end = start;
  while (!isEnd(bytes[end])) end++;
  const entries = new TextDecoder().decode(bytes.subarray(start, end)).split(/[,;]|\s+/);
  return entries.every((entry) => !isDecimal(entry.trim()));
}

function notANumber(entry: Uint8Array, where: string): AnsatzError {
  if (entry.length === 0)
    return inputError(`${where} is empty; give a number (NaN where a site to fill is unknown)`);
  const text = new TextDecoder().decode(entry.subarray(0, 40));
  return inputError(`${where} is ${JSON.stringify(text)}, not a number`);
}

/**
 * A table as text, one row a line; trailing dimensions are flattened into columns. Numbers read back exactly.
 */
export function writeText(array: NDArray, separator: "," | " "): Uint8Array {
  const values = numbers(array);
  const rows = array.shape[0] ?? 1;
  const columns = rows === 0 ? 0 : values.length / rows;
  const lines: string[] = [];
  // A single number per row, and rows of hundreds of columns: both join quickly enough.
  for (let r = 0; r < rows; r++) lines.push(values.subarray(r * columns, (r + 1) * columns).join(separator));
  lines.push("");
  return new TextEncoder().encode(lines.join("\n"));
}

function tableFormat(extensions: readonly string[], separator: "," | " "): Format {
  return {
    extensions,
    read: (bytes, name, limits) => ({ arrays: { x: readText(bytes, name, limits) } }),
    write({ arrays }) {
      if (!arrays.x || Object.keys(arrays).length > 1)
        throw usageError("a text file holds one table; write splits, context and meta to .npz");
      return writeText(arrays.x, separator);
    },
  };
}

/** Comma-separated values, and the `.data` tables of the density-estimation benchmarks. */
export const csv = tableFormat([".csv", ".data"], ",");

/** Numbers separated by blanks or tabs. */
export const whitespace = tableFormat([".txt", ".tsv", ".dat"], " ");
