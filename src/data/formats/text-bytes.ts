import type { TextOptions } from "./text-options.ts";

/** Bytes that mean something in a text table. */
export const TAB = 9;
export const NEWLINE = 10;
export const RETURN = 13;
export const BLANK = 32;
export const QUOTE = 34;
export const HASH = 35;
export const COMMA = 44;
export const MINUS = 45;
export const POINT = 46;
export const ZERO = 48;
export const NINE = 57;
export const SEMICOLON = 59;

/** Classes of a byte: part of a field, a blank, a separator that is not blank, or the end of a line. */
export const FIELD_BYTE = 0;
export const BLANK_BYTE = 1;
export const SEPARATOR_BYTE = 2;
export const END_BYTE = 3;

/** The class of each of the 256 bytes under the options; without a delimiter commas and semicolons both separate. */
export function byteClasses({ delimiter, decimal }: TextOptions): Uint8Array {
  const classes = new Uint8Array(256).fill(FIELD_BYTE);
  classes[NEWLINE] = END_BYTE;
  classes[RETURN] = END_BYTE;
  classes[BLANK] = BLANK_BYTE;
  classes[TAB] = delimiter === "tab" ? SEPARATOR_BYTE : BLANK_BYTE;
  if (delimiter === "," || (delimiter === undefined && decimal !== ",")) classes[COMMA] = SEPARATOR_BYTE;
  if (delimiter === ";" || delimiter === undefined) classes[SEMICOLON] = SEPARATOR_BYTE;
  return classes;
}

/** The byte that separates fields under the options; undefined if it is to be found. */
export function separatorOf({ delimiter }: TextOptions): number | undefined {
  if (delimiter === ",") return COMMA;
  if (delimiter === ";") return SEMICOLON;
  if (delimiter === "tab") return TAB;
  return delimiter === "space" ? BLANK : undefined;
}

/** A separator in words. */
export function separatorName(separator: number): string {
  return separator === BLANK ? "blanks" : separator === TAB ? "tabs" : `"${String.fromCharCode(separator)}"`;
}

/** Returns the end of the line from `at`: its newline or return, or the end of the file. */
export function lineEnd(bytes: Uint8Array, at: number): number {
  while (at < bytes.length && bytes[at] !== NEWLINE && bytes[at] !== RETURN) at++;
  return at;
}
