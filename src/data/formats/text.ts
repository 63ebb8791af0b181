import type { NDArray } from "../../array.ts";
import { inputError, usageError } from "../../error.ts";
import { numbers } from "../values.ts";
import { defaultLimits, type Format, type ReadLimits, type TextReading, tooLarge } from "./format.ts";
import { TableReader } from "./text-table.ts";

/**
 * Reads a text table [rows, columns], separated by commas, semicolons, blanks or tabs, or digits side by
 * side: `u8` if all numbers are integers from 0 to 255, else `f64`. Numbers may be quoted. Empty lines, `#`
 * comments and a first line of column names are skipped. Throws input errors naming the file, row (from 0),
 * line (from 1) and column (from 0) of ragged rows, letters and missing values, and naming the option of
 * `text` to give if a table can be read in two ways.
 */
export function readText(
  bytes: Uint8Array,
  name: string,
  limits: ReadLimits = defaultLimits,
  text: TextReading = {},
): NDArray {
  return readTable(bytes, name, limits, text).x;
}

/** The same with the names of its columns: those of its heading, if there is a number under each. */
function readTable(
  bytes: Uint8Array,
  name: string,
  limits: ReadLimits = defaultLimits,
  text: TextReading = {},
): { readonly x: NDArray; readonly columns?: readonly string[] } {
  if (bytes.length === 0) throw inputError(`${name}: the file is empty`);
  if (bytes.length > limits.maxBytes) throw tooLarge(name, bytes.length, limits);
  const reader = new TableReader(bytes, name, limits, text);
  const x = reader.read();
  const { names } = reader;
  if (!names || names.length !== x.shape[1]) return { x };
  return { x, columns: names.map((own, i) => own || `x${i}`) };
}

/**
 * The shortest decimal that rounds to this number in single precision: `0.3`, not `0.30000001192092896`. Six
 * digits are enough for decimals of up to six digits; nine are always enough.
 */
function shortest(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 24) return String(value);
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(Number(value.toPrecision(9)));
}

/**
 * Writes a table as text, one row per line; trailing dimensions are flattened into columns. Numbers read back
 * exactly, those of single precision in single precision. With `names`, one per column, the first line names
 * the columns.
 */
export function writeText(array: NDArray, separator: "," | " ", names?: readonly string[]): Uint8Array {
  const values = numbers(array);
  const rows = array.shape[0] ?? 1;
  const columns = rows === 0 ? 0 : values.length / rows;
  const lines: string[] =
    names?.length === columns ? [names.map((name) => quoted(name, separator)).join(separator)] : [];
  // A single number per row, and rows of hundreds of columns: both join quickly enough.
  for (let r = 0; r < rows; r++) {
    const row = values.subarray(r * columns, (r + 1) * columns);
    lines.push(row instanceof Float32Array ? Array.from(row, shortest).join(separator) : row.join(separator));
  }
  lines.push("");
  return new TextEncoder().encode(lines.join("\n"));
}

/** A name as an entry of a line: in quotes if it holds what separates entries. */
function quoted(name: string, separator: "," | " "): string {
  const own = name.replace(/[\r\n]+/g, " ");
  const splits = separator === "," ? /[,"]/ : /[\s"#]/;
  return splits.test(own) || own === "" ? `"${own.replaceAll('"', '""')}"` : own;
}

function tableFormat(extensions: readonly string[], separator: "," | " "): Format {
  return {
    extensions,
    isText: true,
    read(bytes, name, limits, text) {
      const { x, columns } = readTable(bytes, name, limits, text);
      return { arrays: { x }, ...(columns && { columns }) };
    },
    write({ arrays, columns }) {
      if (!arrays.x || Object.keys(arrays).length > 1)
        throw usageError("a text file holds one table; write splits, context and meta to .npz");
      return writeText(arrays.x, separator, columns);
    },
  };
}

/** Comma-separated values, and the `.data` tables of the density-estimation benchmarks. */
export const csv = tableFormat([".csv", ".data"], ",");

/** Numbers separated by blanks or tabs. */
export const whitespace = tableFormat([".txt", ".tsv", ".dat"], " ");
