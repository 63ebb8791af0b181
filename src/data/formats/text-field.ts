import { type AnsatzError, inputError } from "../../error.ts";
import {
  BLANK,
  BLANK_BYTE,
  END_BYTE,
  FIELD_BYTE,
  MINUS,
  NEWLINE,
  NINE,
  POINT,
  QUOTE,
  ZERO,
} from "./text-bytes.ts";

/**
 * Returns the range of a quoted field's contents, and the end of the field: −1 if the closing quote is
 * missing.
 */
export function quoted(
  bytes: Uint8Array,
  at: number,
  classes: Uint8Array,
): [from: number, to: number, end: number] {
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
export class DecimalCommas {
  /** Whether all numbers were whole so far. */
  possible = true;
  #zeroLed = false;

  /** Looks at the number written from `from` to `to`. */
  see(bytes: Uint8Array, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const c = bytes[i] as number;
      if (c === POINT || c > NINE) this.possible = false;
    }
    const digits = bytes[from] === MINUS ? from + 1 : from;
    if (bytes[digits] === ZERO && (to - digits > 1 || digits > from)) this.#zeroLed = true;
  }

  /** Whether what was seen so far looks like halves of numbers. */
  get likely(): boolean {
    return this.possible && this.#zeroLed;
  }
}

/**
 * Returns the end of a field that is not read: its text may have blanks, unless these separate, and
 * separators in quotes.
 */
export function fieldEnd(
  bytes: Uint8Array,
  at: number,
  separator: number | undefined,
  classes: Uint8Array,
): number {
  let quoted = false;
  for (; at < bytes.length; at++) {
    const c = bytes[at] as number;
    if (classes[c] === END_BYTE) break;
    if (c === QUOTE) quoted = !quoted;
    else if (!quoted && (separator === BLANK ? classes[c] === BLANK_BYTE : c === separator)) break;
  }
  return at;
}

/** The input error for an empty field between two tabs. */
export function emptyBetweenTabs(where: string, column: number): AnsatzError {
  return inputError(
    `${where}, column ${column} is empty between tabs; give a number, or --delimiter space where blanks align columns`,
  );
}

/** The input error for a field that holds no number, with the option to give if decimal commas are likely. */
export function notANumber(entry: Uint8Array, where: string): AnsatzError {
  if (entry.length === 0)
    return inputError(`${where} is empty; give a number (NaN where a site to fill is unknown)`);
  const text = new TextDecoder().decode(entry.subarray(0, 40));
  const hint = /^[+-]?[\d.]*,\d+([eE][+-]?\d+)?$/.test(text)
    ? ' (for decimal commas give --decimal ",")'
    : "";
  return inputError(`${where} is ${JSON.stringify(text)}, not a number${hint}`);
}
