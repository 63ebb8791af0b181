import { type NDArray, sizeOf } from "../array.ts";
import { type AnsatzError, inputError } from "../error.ts";

/**
 * The elements of an array as plain numbers: the typed array itself, or for `i64` doubles, exact up to 2⁵³.
 */
export function numbers(x: NDArray): Exclude<NDArray["data"], BigInt64Array> {
  if (!(x.data instanceof BigInt64Array)) return x.data;
  // Pairs of 32-bit words: ten times faster than a BigInt per element.
  const words = new Int32Array(x.data.buffer, x.data.byteOffset, 2 * x.data.length);
  const out = new Float64Array(x.data.length);
  for (let i = 0; i < out.length; i++)
    out[i] = (words[2 * i + 1] as number) * 4294967296 + ((words[2 * i] as number) >>> 0);
  return out;
}

/**
 * Returns the place of the flat element `index`: `row 3, column 13 (site 1, 5)`; rows and columns count from
 * 0.
 */
export function place(index: number, shape: readonly number[]): string {
  const sites = sizeOf(shape);
  const column = index % sites;
  const text = `row ${Math.floor(index / sites)}, column ${column}`;
  if (shape.length < 2) return text;
  const site: number[] = [];
  let rest = column;
  for (const n of [...shape].reverse()) {
    site.unshift(rest % n);
    rest = Math.floor(rest / n);
  }
  return `${text} (site ${site.join(", ")})`;
}

/**
 * Returns the input error about the value at `index` of rows of `shape` sites: it names the file, row and
 * value, states what `holds`, and gives the `hint` that the values suggest, if any.
 */
export function complaint(
  values: ArrayLike<number>,
  index: number,
  shape: readonly number[],
  holds: string,
  name: string,
  hint?: (values: ArrayLike<number>) => string,
): AnsatzError {
  const value = values[index] as number;
  if (!Number.isFinite(value)) {
    const what = Number.isNaN(value) ? "NaN" : value > 0 ? "infinity" : "-infinity";
    return inputError(`${name}: ${place(index, shape)} is ${what}; every value must be a finite number`);
  }
  const advice = hint ? ` (${hint(values)})` : "";
  return inputError(`${name}: ${place(index, shape)} has the value ${value}; ${holds}${advice}`);
}

/** Largest number of states worth suggesting a categorical space for. */
const mostStates = 10_000_000;

/** The `--space` that would hold all values; of whole numbers from 0 on the `counted` one. */
export function spaceHint(values: ArrayLike<number>, counted = "categorical"): string {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const v = values[i] as number;
    if (v !== Math.floor(v)) return "use --space real";
    if (v < low) low = v;
    if (v > high) high = v;
  }
  if (high - low >= mostStates) return "use --space real";
  // Bytes of pictures: rarely labels.
  if (low >= 0 && high >= 128 && high < 256 && counted === "categorical")
    return `use --space levels:256 for grey levels, or --space categorical:${high + 1} for labels`;
  if (low === 1 && counted === "categorical")
    return `shift the values to 0..${high - 1} and use --space categorical:${high}, or as they are --space categorical:${high + 1}`;
  if (low >= 0) return `use --space ${counted}:${high + 1}`;
  return `use --space real, or shift the values to 0..${high - low} and use --space categorical:${high - low + 1}`;
}
