import { COMMA, MINUS, POINT, ZERO } from "./text-bytes.ts";

const decimal = /^[+-]?(\d+\.?\d*([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?|nan|inf(inity)?)$/i;
const powers = Array.from({ length: 16 }, (_, k) => 10 ** k);
const windowSize = 1 << 16;

/** Whether a text is a decimal number, `nan` or `inf`, in the spellings C and Python write. */
export function isDecimal(text: string): boolean {
  return decimal.test(text);
}

/** Reads numbers out of the bytes of a text. */
export class DecimalReader {
  readonly #bytes: Uint8Array;
  readonly #point: number;
  readonly #decoder = new TextDecoder("latin1"); // one character a byte
  #window = "";
  #start = 0;

  /** Makes a reader; `separator` stands between whole and decimal digits. */
  constructor(bytes: Uint8Array, separator: "." | "," = ".") {
    this.#bytes = bytes;
    this.#point = separator === "," ? COMMA : POINT;
  }

  /** The text of the bytes from `from` to `to`. */
  text(from: number, to: number): string {
    if (from < this.#start || to > this.#start + this.#window.length) {
      this.#start = from;
      this.#window = this.#decoder.decode(this.#bytes.subarray(from, Math.max(to, from + windowSize)));
    }
    return this.#window.slice(from - this.#start, to - this.#start);
  }

  /**
   * Returns the number in these bytes, correctly rounded, or undefined if they are not a number. Up to 15
   * digits without exponent, the usual case, are one exact integer over one exact power of ten, which a
   * single division rounds correctly. More digits are rounded by the runtime.
   */
  read(from: number, to: number): number | undefined {
    const bytes = this.#bytes;
    const separator = this.#point;
    const negative = bytes[from] === MINUS;
    let mantissa = 0;
    let digits = 0;
    let point = -1;
    let i = negative ? from + 1 : from;
    for (; i < to; i++) {
      const digit = (bytes[i] as number) - ZERO;
      if (digit >= 0 && digit <= 9) {
        mantissa = 10 * mantissa + digit;
        digits++;
      } else if (bytes[i] === separator && point < 0) point = digits;
      else break;
    }
    if (i === to && digits > 0 && digits <= 15) {
      const size = point < 0 ? mantissa : mantissa / (powers[digits - point] as number);
      return negative ? -size : size;
    }
    const written = this.text(from, to);
    if (separator === COMMA && written.includes(".")) return undefined;
    const text = separator === COMMA ? written.replace(",", ".") : written;
    if (i === to && digits > 0) return Number(text);
    if (!isDecimal(text)) return undefined;
    if (/n$/i.test(text)) return Number.NaN;
    if (/i/i.test(text)) return negative ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    return Number(text);
  }
}
