import { type NDArray, ndarray } from "../../array.ts";
import { type AnsatzError, inputError, usageError } from "../../error.ts";
import { numbers } from "../values.ts";
import { DecimalReader } from "./decimal.ts";
import { defaultLimits, type Format, type ReadLimits, type TextReading, tooLarge } from "./format.ts";
import { byteClasses, lineEnd, separatorName, separatorOf } from "./text-bytes.ts";
import { checkHeading, columnRanks } from "./text-columns.ts";
import { isDense, readDense } from "./text-dense.ts";
import { type FirstLine, firstLine, isNumberedHeading, separatorIn, twoSeparators } from "./text-heading.ts";

const TAB = 9;
const NEWLINE = 10;
const RETURN = 13;
const BLANK = 32;
const QUOTE = 34;
const HASH = 35;
const COMMA = 44;
const MINUS = 45;
const POINT = 46;
const ZERO = 48;
const NINE = 57;

// What `byteClasses` says of a byte.
const FIELD_BYTE = 0;
const BLANK_BYTE = 1;
const SEPARATOR_BYTE = 2;
const END_BYTE = 3;

/**
 * The numbers of a text table [rows, columns], separated by commas, semicolons, blanks or tabs, or digits side by side:
 * `u8` where all are integers from 0 to 255, else `f64`. Numbers may stand in quotes. Empty lines and `#` comments are
 * passed over, as is a first line of column names. Throws input errors naming the file, row (from 0), line (from 1) and
 * column (from 0) of ragged rows, letters and missing values, and those that name the option of `text` to give where a
 * table can be read in two ways.
 */
export function readText(
  bytes: Uint8Array,
  name: string,
  limits: ReadLimits = defaultLimits,
  text: TextReading = {},
): NDArray {
  if (bytes.length === 0) throw inputError(`${name}: the file is empty`);
  if (bytes.length > limits.maxBytes) throw tooLarge(name, bytes.length, limits);
  const length = bytes.length;
  const classes = byteClasses(text);
  const asked = separatorOf(text);
  let separator = asked;
  let values: Uint8Array | Float64Array = new Uint8Array((length >> 1) + 1);
  let count = 0; // numbers of whole rows
  let rows = 0;
  let columns = 0;
  let line = 1;
  let first: FirstLine | undefined;
  let begun = false;
  let ranks: Int32Array | undefined;
  const commas = new DecimalCommas();
  const decimals = new DecimalReader(bytes, text.decimal);
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0; // byte-order mark
  const here = () => `${name}: row ${rows} (line ${line})`;
  const textOf = (from: number, to: number) => new TextDecoder().decode(bytes.subarray(from, to));

  while (at < length) {
    let tabs = 0;
    while (classes[bytes[at] as number] === BLANK_BYTE) if (bytes[at++] === TAB) tabs++;
    if (bytes[at] === HASH) at = lineEnd(bytes, at);
    const isContent = at < length && classes[bytes[at] as number] !== END_BYTE;
    if (isContent && first === undefined) {
      const end = lineEnd(bytes, at);
      first = firstLine(textOf(at, end), here(), text);
      if (first.is === "names") at = end;
    }
    if (at < length && classes[bytes[at] as number] !== END_BYTE) {
      if (!begun) {
        begun = true;
        const names = first?.is === "names" ? first.names : undefined;
        ranks = columnRanks(text.columns, names, name);
        if (text.delimiter === "none" || (text.delimiter === undefined && isDense(bytes, at, name))) {
          const dense = readDense(bytes, at, line, name, ranks);
          if (names)
            checkHeading(names, names.length === 1 ? 1 : (dense.shape[1] as number), text.columns, here());
          return dense;
        }
        if (ranks) separator ??= separatorIn(textOf(at, lineEnd(bytes, at)), here(), text);
      }
      let column = 0;
      if (tabs > 0 && asked === undefined) throw emptyBetweenTabs(here(), 0);
      while (at < length && classes[bytes[at] as number] !== END_BYTE) {
        const rank = ranks ? (ranks[column] ?? -1) : column;
        if (rank < 0) at = fieldEnd(bytes, at, separator, classes);
        else {
          let value: number;
          const c = bytes[at] as number;
          if (
            c >= ZERO &&
            c <= NINE &&
            (at + 1 === length || classes[bytes[at + 1] as number] !== FIELD_BYTE)
          ) {
            value = c - ZERO;
            at++;
          } else {
            let from = at;
            let to = at;
            if (c === QUOTE) {
              [from, to, at] = quoted(bytes, at, classes);
              if (at < 0) throw inputError(`${here()}, column ${column}: its quote does not end`);
            } else {
              while (at < length && classes[bytes[at] as number] === FIELD_BYTE) at++;
              to = at;
            }
            const read = decimals.read(from, to);
            if (read === undefined) throw notANumber(bytes.subarray(from, to), `${here()}, column ${column}`);
            value = read;
            if (commas.possible) commas.see(bytes, from, to);
          }
          if (values instanceof Uint8Array && !(value >= 0 && value <= 255 && value === Math.floor(value))) {
            const left = count + rank + (ranks?.length ?? 0) + ((length - at) >> 1) + 2; // a number takes two bytes or more
            if (8 * left > limits.maxBytes) throw tooLarge(name, 8 * left, limits);
            const wide: Float64Array = new Float64Array(left);
            wide.set(values.subarray(0, Math.min(left, values.length)));
            values = wide;
          }
          values[count + rank] = value;
        }
        column++;
        // The usual case: the separator alone, and then a field.
        if (
          bytes[at] === separator &&
          (bytes[at + 1] as number) > HASH &&
          classes[bytes[at + 1] as number] === FIELD_BYTE
        ) {
          at++;
          continue;
        }
        // What stands between this field and the next.
        let gap = 0;
        tabs = 0;
        while (classes[bytes[at] as number] === BLANK_BYTE) {
          if (bytes[at++] === TAB) tabs++;
          gap = BLANK;
        }
        if (at < length && classes[bytes[at] as number] === SEPARATOR_BYTE) {
          gap = bytes[at++] as number;
          while (classes[bytes[at] as number] === BLANK_BYTE) at++;
          if (at === length || classes[bytes[at] as number] === END_BYTE) {
            if (!ranks || (ranks[column] ?? -1) >= 0)
              throw inputError(`${here()} ends in a separator; column ${column} is empty`);
            column++;
          }
        } else if (bytes[at] === HASH && gap !== 0) {
          at = lineEnd(bytes, at);
          gap = 0;
        } else if (at === length || classes[bytes[at] as number] === END_BYTE) gap = 0;
        if (gap !== 0 && gap !== separator) {
          if (asked !== undefined)
            throw inputError(
              `${here()}: ${separatorName(gap)} stand between column ${column - 1} and the next; the separator is ${separatorName(asked)}`,
            );
          if (separator !== undefined) throw twoSeparators(here(), separator, gap);
          separator = gap;
        }
        if (gap === BLANK && tabs > 1 && asked === undefined) throw emptyBetweenTabs(here(), column);
      }
      if (rows === 0) {
        columns = column;
        if (ranks && ranks.length > columns)
          throw inputError(`${here()} has ${columns} columns; --columns asks for column ${ranks.length - 1}`);
        if (first?.is === "names")
          checkHeading(
            column === 1 && separator === undefined && !/[,;\t]/.test(first.text)
              ? [first.text]
              : first.names,
            columns,
            text.columns,
            here(),
          );
      } else if (column !== columns)
        throw inputError(`${here()} has ${column} columns; the rows before it have ${columns}`);
      count += text.columns?.length ?? columns;
      rows++;
    }
    if (bytes[at] === RETURN) at++;
    if (bytes[at] === NEWLINE) at++;
    line++;
  }
  if (rows === 0) throw inputError(`${name}: holds no rows of numbers`);
  if (separator === COMMA && asked === undefined && commas.likely && columns % 2 === 0)
    throw inputError(
      `${name}: whole numbers that begin with 0, between commas: for decimal commas give --decimal ",", else --delimiter ","`,
    );
  const width = count / rows;
  if (
    first?.is === "numbers" &&
    isNumberedHeading(first.text, values.subarray(width, count), columns, `${name}: its first line`)
  ) {
    text.note?.(
      `${name}: its first line, ${first.text.trim()}, is taken as a heading (--no-header: as a row)`,
    );
    values = values.slice(width, count);
    count -= width;
    rows--;
  }
  const data = values.slice(0, count);
  return data instanceof Uint8Array
    ? ndarray("u8", [rows, width], data)
    : ndarray("f64", [rows, width], data);
}

/** The contents of a field in quotes, from and to, and where the field ends: −1 if its quote does not. */
function quoted(bytes: Uint8Array, at: number, classes: Uint8Array): [from: number, to: number, end: number] {
  let from = at + 1;
  let to = from;
  while (to < bytes.length && bytes[to] !== QUOTE && bytes[to] !== NEWLINE) to++;
  if (bytes[to] !== QUOTE) return [from, to, -1];
  let end = to + 1;
  // What follows the quote belongs to the field, which is no number then.
  while (end < bytes.length && classes[bytes[end] as number] === FIELD_BYTE) to = ++end;
  while (from < to && bytes[from] === BLANK) from++;
  while (to > from && bytes[to - 1] === BLANK) to--;
  return [from, to, end];
}

/** Tells whether commas that separate look like decimal commas: all numbers are whole, and some begin with 0. */
class DecimalCommas {
  /** Whether all numbers were whole so far. */
  possible = true;
  #zeroLed = false;

  see(bytes: Uint8Array, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const c = bytes[i] as number;
      if (c === POINT || c > NINE) this.possible = false;
    }
    const digits = bytes[from] === MINUS ? from + 1 : from;
    if (bytes[digits] === ZERO && (to - digits > 1 || digits > from)) this.#zeroLed = true;
  }

  get likely(): boolean {
    return this.possible && this.#zeroLed;
  }
}

/** Where a field that is not read ends: its text may have blanks, unless these separate, and separators in quotes. */
function fieldEnd(bytes: Uint8Array, at: number, separator: number | undefined, classes: Uint8Array): number {
  let quoted = false;
  for (; at < bytes.length; at++) {
    const c = bytes[at] as number;
    if (classes[c] === END_BYTE) break;
    if (c === QUOTE) quoted = !quoted;
    else if (!quoted && (separator === BLANK ? classes[c] === BLANK_BYTE : c === separator)) break;
  }
  return at;
}

function emptyBetweenTabs(where: string, column: number): AnsatzError {
  return inputError(
    `${where}, column ${column} is empty between tabs; give a number, or --delimiter space where blanks align columns`,
  );
}

function notANumber(entry: Uint8Array, where: string): AnsatzError {
  if (entry.length === 0)
    return inputError(`${where} is empty; give a number (NaN where a site to fill is unknown)`);
  const text = new TextDecoder().decode(entry.subarray(0, 40));
  const hint = /^[+-]?[\d.]*,\d+([eE][+-]?\d+)?$/.test(text)
    ? ' (for decimal commas give --decimal ",")'
    : "";
  return inputError(`${where} is ${JSON.stringify(text)}, not a number${hint}`);
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
    isText: true,
    read: (bytes, name, limits, text) => ({ arrays: { x: readText(bytes, name, limits, text) } }),
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
