import { type NDArray, ndarray } from "../../array.ts";
import { inputError } from "../../error.ts";
import { DecimalReader } from "./decimal.ts";
import { type ReadLimits, type TextReading, tooLarge } from "./format.ts";
import {
  BLANK,
  BLANK_BYTE,
  byteClasses,
  COMMA,
  END_BYTE,
  FIELD_BYTE,
  HASH,
  lineEnd,
  NEWLINE,
  NINE,
  QUOTE,
  RETURN,
  SEPARATOR_BYTE,
  separatorName,
  separatorOf,
  TAB,
  ZERO,
} from "./text-bytes.ts";
import { checkHeading, columnRanks } from "./text-columns.ts";
import { isDense, readDense } from "./text-dense.ts";
import { DecimalCommas, emptyBetweenTabs, fieldEnd, notANumber, quoted } from "./text-field.ts";
import { type FirstLine, firstLine, separatorIn, twoSeparators } from "./text-heading.ts";
import { numberedLine } from "./text-numbered.ts";

/** Reads one text table, byte by byte: line, row, field, and separators. */
export class TableReader {
  readonly #bytes: Uint8Array;
  readonly #name: string;
  readonly #limits: ReadLimits;
  readonly #text: TextReading;
  readonly #classes: Uint8Array;
  readonly #decimals: DecimalReader;
  readonly #commas = new DecimalCommas();
  readonly #asked: number | undefined;
  #separator: number | undefined;
  #first: FirstLine | undefined;
  #ranks: Int32Array | undefined;
  #values: Uint8Array | Float64Array;
  #count = 0; // numbers of whole rows
  #rows = 0;
  #columns = 0;
  #column = 0;
  #line = 1;

  constructor(bytes: Uint8Array, name: string, limits: ReadLimits, text: TextReading) {
    this.#bytes = bytes;
    this.#name = name;
    this.#limits = limits;
    this.#text = text;
    this.#classes = byteClasses(text);
    this.#decimals = new DecimalReader(bytes, text.decimal);
    this.#asked = separatorOf(text);
    this.#separator = this.#asked;
    this.#values = new Uint8Array((bytes.length >> 1) + 1);
  }

  /** Reads the table; see `readText`. */
  read(): NDArray {
    const bytes = this.#bytes;
    let begun = false;
    let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0; // byte-order mark
    while (at < bytes.length) {
      let tabs = 0;
      while (this.#classes[bytes[at] as number] === BLANK_BYTE) if (bytes[at++] === TAB) tabs++;
      if (bytes[at] === HASH) at = lineEnd(bytes, at);
      if (!this.#isEnd(at) && this.#first === undefined) {
        this.#first = firstLine(this.#lineFrom(at), this.#here(), this.#text);
        if (this.#first.is === "names") at = lineEnd(bytes, at);
      }
      if (!this.#isEnd(at)) {
        if (!begun) {
          begun = true;
          const dense = this.#begin(at);
          if (dense) return dense;
        }
        if (tabs > 0 && this.#asked === undefined) throw emptyBetweenTabs(this.#here(), 0);
        at = this.#readRow(at);
      }
      if (bytes[at] === RETURN) at++;
      if (bytes[at] === NEWLINE) at++;
      this.#line++;
    }
    return this.#finish();
  }

  /** Names of the columns that were read, in their order; undefined if no line names them. */
  get names(): readonly string[] | undefined {
    if (this.#first?.is !== "names") return undefined;
    const { text, names } = this.#first;
    const all = this.#columns === 1 && names.length > 1 ? [text.trim()] : names;
    if (!this.#ranks) return all;
    const chosen = [...this.#ranks].flatMap((rank, column) =>
      rank < 0 ? [] : [[rank, all[column] ?? ""] as const],
    );
    return chosen.sort(([a], [b]) => a - b).map(([, name]) => name);
  }

  /**
   * Decides at the first row which columns are read; returns the whole table if its rows are digits side by
   * side.
   */
  #begin(at: number): NDArray | undefined {
    const { columns, delimiter } = this.#text;
    const names = this.#first?.is === "names" ? this.#first.names : undefined;
    this.#ranks = columnRanks(columns, names, this.#name);
    if (delimiter === "none" || (delimiter === undefined && isDense(this.#bytes, at, this.#name))) {
      const dense = readDense(this.#bytes, at, this.#line, this.#name, this.#ranks);
      if (names)
        checkHeading(names, names.length === 1 ? 1 : (dense.shape[1] as number), columns, this.#here());
      return dense;
    }
    if (this.#ranks) this.#separator ??= separatorIn(this.#lineFrom(at), this.#here(), this.#text);
    return undefined;
  }

  /** Reads the row from `at`; returns where its line ends. */
  #readRow(at: number): number {
    const bytes = this.#bytes;
    const classes = this.#classes;
    this.#column = 0;
    at = this.#readDigits(at);
    while (!this.#isEnd(at)) {
      at = this.#readField(at);
      this.#column++;
      const next = bytes[at + 1] as number;
      // The usual case: the separator alone, and then a field.
      at =
        bytes[at] === this.#separator && next > HASH && classes[next] === FIELD_BYTE
          ? at + 1
          : this.#passGap(at);
    }
    if (this.#rows === 0) this.#fixColumns();
    else if (this.#column !== this.#columns)
      throw inputError(
        `${this.#here()} has ${this.#column} columns; the rows before it have ${this.#columns}`,
      );
    this.#count += this.#text.columns?.length ?? this.#columns;
    this.#rows++;
    return at;
  }

  /**
   * Reads digits with the separator after each, as in rows of bits; returns the start of the next other
   * field.
   */
  #readDigits(at: number): number {
    if (this.#ranks || this.#separator === undefined) return at;
    const bytes = this.#bytes;
    const classes = this.#classes;
    const values = this.#values;
    const separator = this.#separator;
    const start = this.#count;
    let place = start;
    for (; bytes[at + 1] === separator; at += 2) {
      const digit = (bytes[at] as number) - ZERO;
      const next = bytes[at + 2] as number;
      if (!(digit >= 0 && digit <= 9 && next > HASH && classes[next] === FIELD_BYTE)) break;
      values[place++] = digit;
    }
    this.#column = place - start;
    return at;
  }

  /** Reads the field at `at` if its column is chosen; returns the end of the field. */
  #readField(at: number): number {
    const bytes = this.#bytes;
    const classes = this.#classes;
    const rank = this.#ranks ? (this.#ranks[this.#column] ?? -1) : this.#column;
    if (rank < 0) return fieldEnd(bytes, at, this.#separator, classes);
    const c = bytes[at] as number;
    const isDigit = c >= ZERO && c <= NINE;
    if (isDigit && (at + 1 === bytes.length || classes[bytes[at + 1] as number] !== FIELD_BYTE)) {
      this.#values[this.#count + rank] = c - ZERO;
      return at + 1;
    }
    let [from, to] = [at, at];
    if (c === QUOTE) {
      [from, to, at] = quoted(bytes, at, classes);
      if (at < 0) throw inputError(`${this.#there()}: its quote does not end`);
    } else {
      while (at < bytes.length && classes[bytes[at] as number] === FIELD_BYTE) at++;
      to = at;
    }
    const value = this.#decimals.read(from, to);
    if (value === undefined) throw notANumber(bytes.subarray(from, to), this.#there());
    if (this.#commas.possible) this.#commas.see(bytes, from, to);
    if (this.#values instanceof Uint8Array && !(value >= 0 && value <= 255 && value === Math.floor(value)))
      this.#widen(rank, at);
    this.#values[this.#count + rank] = value;
    return at;
  }

  /** Makes room for as many real numbers as the bytes after `at` can hold. */
  #widen(rank: number, at: number): void {
    const left = this.#bytes.length - at;
    const size = this.#count + rank + (this.#ranks?.length ?? 0) + (left >> 1) + 2; // a number takes two bytes or more
    if (8 * size > this.#limits.maxBytes) throw tooLarge(this.#name, 8 * size, this.#limits);
    const wide = new Float64Array(size);
    wide.set(this.#values.subarray(0, Math.min(size, this.#values.length)));
    this.#values = wide;
  }

  /** Skips the separator after a field, or the end of the line; returns the position after it. */
  #passGap(at: number): number {
    const bytes = this.#bytes;
    const classes = this.#classes;
    let gap = 0;
    let tabs = 0;
    while (classes[bytes[at] as number] === BLANK_BYTE) {
      if (bytes[at++] === TAB) tabs++;
      gap = BLANK;
    }
    if (classes[bytes[at] as number] === SEPARATOR_BYTE) {
      gap = bytes[at++] as number;
      while (classes[bytes[at] as number] === BLANK_BYTE) at++;
      if (this.#isEnd(at)) {
        if (!this.#ranks || (this.#ranks[this.#column] ?? -1) >= 0)
          throw inputError(`${this.#here()} ends in a separator; column ${this.#column} is empty`);
        this.#column++;
      }
    } else if (bytes[at] === HASH && gap !== 0) {
      at = lineEnd(bytes, at);
      gap = 0;
    } else if (this.#isEnd(at)) gap = 0;
    if (gap !== 0 && gap !== this.#separator) this.#separateBy(gap);
    if (gap === BLANK && tabs > 1 && this.#asked === undefined)
      throw emptyBetweenTabs(this.#here(), this.#column);
    return at;
  }

  /** Sets the table's separator; throws if it already has another. */
  #separateBy(gap: number): void {
    if (this.#asked !== undefined)
      throw inputError(
        `${this.#here()}: ${separatorName(gap)} stand between column ${this.#column - 1} and the next; the separator is ${separatorName(this.#asked)}`,
      );
    if (this.#separator !== undefined) throw twoSeparators(this.#here(), this.#separator, gap);
    this.#separator = gap;
  }

  /** Fixes the number of columns from the first row, which must match the heading and the chosen columns. */
  #fixColumns(): void {
    this.#columns = this.#column;
    if (this.#ranks && this.#ranks.length > this.#columns)
      throw inputError(
        `${this.#here()} has ${this.#columns} columns; --columns asks for column ${this.#ranks.length - 1}`,
      );
    if (this.#first?.is !== "names") return;
    const { text, names } = this.#first;
    const isOneName = this.#columns === 1 && this.#separator === undefined && !/[,;\t]/.test(text);
    checkHeading(isOneName ? [text] : names, this.#columns, this.#text.columns, this.#here());
  }

  #finish(): NDArray {
    if (this.#rows === 0) throw inputError(`${this.#name}: holds no rows of numbers`);
    if (
      this.#separator === COMMA &&
      this.#asked === undefined &&
      this.#commas.likely &&
      this.#columns % 2 === 0
    )
      throw inputError(
        `${this.#name}: whole numbers that begin with 0, between commas: for decimal commas give --decimal ",", else --delimiter ","`,
      );
    const width = this.#count / this.#rows;
    const skipped = this.#startsWithNumbers(width) ? 1 : 0;
    const shape = [this.#rows - skipped, width];
    const data = this.#values.slice(skipped * width, this.#count);
    return data instanceof Uint8Array ? ndarray("u8", shape, data) : ndarray("f64", shape, data);
  }

  /**
   * Whether the first row, of `width` numbers read, is a heading of column numbers; passes a note on it to
   * the reader.
   */
  #startsWithNumbers(width: number): boolean {
    if (this.#first?.is !== "numbers") return false;
    const { is, note } = numberedLine(
      this.#first.text,
      this.#values.subarray(0, this.#count),
      { width, columns: this.#columns },
      `${this.#name}: its first line`,
    );
    if (note !== undefined) this.#text.note?.(note);
    return is === "heading";
  }

  /** Whether a line, or the file, ends at `at`. */
  #isEnd(at: number): boolean {
    return at >= this.#bytes.length || this.#classes[this.#bytes[at] as number] === END_BYTE;
  }

  #lineFrom(at: number): string {
    return new TextDecoder().decode(this.#bytes.subarray(at, lineEnd(this.#bytes, at)));
  }

  #here(): string {
    return `${this.#name}: row ${this.#rows} (line ${this.#line})`;
  }

  #there(): string {
    return `${this.#here()}, column ${this.#column}`;
  }
}
