import { type NDArray, ndarray, sizeOf } from "../array.ts";
import { inputError } from "../error.ts";
import type { Space } from "./space.ts";
import { numbers } from "./values.ts";

/** Share of a column's spread that single precision may round its numbers by before it loses digits. */
const ROUNDED = 1e-4;

/**
 * Returns the number to subtract from each column of real numbers before they are stored in single precision,
 * which would otherwise lose digits of their spread: the mean, rounded to a power of two. 0 for a column that
 * loses nothing; undefined if none does. `parts` are raw rows `[rows, ...]` of equal width; those in single
 * precision have lost nothing by being read.
 */
export function columnOffsets(parts: readonly NDArray[]): Float64Array | undefined {
  const width = sizeOf((parts[0] as NDArray).shape.slice(1));
  const wide = parts
    .filter(({ dtype }) => dtype !== "f32" && dtype !== "bool" && dtype !== "u8")
    .map(numbers);
  const first = wide[0]?.slice(0, width);
  if (!first) return undefined;
  // Sums of differences from the first row keep what a sum of large numbers would round off.
  const [sum, squares, largest] = [0, 1, 2].map(() => new Float64Array(width)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  let rows = 0;
  for (const values of wide) {
    for (let i = 0; i < values.length; ) {
      for (let column = 0; column < width; column++, i++) {
        const v = values[i] as number;
        const difference = v - (first[column] as number);
        sum[column] = (sum[column] as number) + difference;
        squares[column] = (squares[column] as number) + difference * difference;
        if (Math.abs(v) > (largest[column] as number)) largest[column] = Math.abs(v);
      }
      rows++;
    }
  }
  const offsets = Float64Array.from(first, (start, column) => {
    const mean = (sum[column] as number) / rows;
    const spread = Math.sqrt(Math.max(0, (squares[column] as number) / rows - mean ** 2));
    const rounding = (largest[column] as number) * 2 ** -23;
    if (!(spread > 0) || !Number.isFinite(spread) || rounding <= ROUNDED * spread) return 0;
    const step = 2 ** Math.ceil(Math.log2(spread));
    return Math.round((start + mean) / step) * step;
  });
  return offsets.some((offset) => offset !== 0) ? offsets : undefined;
}

/** Raw rows less the offset of each column, in double precision. */
export function subtractOffsets(raw: NDArray, offsets: ArrayLike<number>): NDArray<"f64"> {
  return shifted(raw, offsets, -1);
}

/** Rows `[rows, ...]` plus the offset of each column, in double precision: what the file they are from holds. */
export function addOffsets(x: NDArray, offsets: ArrayLike<number>): NDArray<"f64"> {
  return shifted(x, offsets, 1);
}

function shifted(x: NDArray, offsets: ArrayLike<number>, sign: 1 | -1): NDArray<"f64"> {
  const values = numbers(x);
  const data = new Float64Array(values.length);
  for (let i = 0; i < data.length; i++)
    data[i] = (values[i] as number) + sign * (offsets[i % offsets.length] as number);
  return ndarray("f64", x.shape, data);
}

/** Whether rows of a space may be stored less an offset: real numbers without bounds. */
export function takesOffsets(space: Space): boolean {
  return space.kind === "real" && space.bounds === undefined;
}

/**
 * Throws an input error for columns that lose digits in single precision when no offset can be subtracted.
 */
export function requireSinglePrecision(raw: NDArray, name: string, what: string): void {
  const column = columnOffsets([raw])?.findIndex((offset) => offset !== 0) ?? -1;
  if (column >= 0)
    throw inputError(
      `${name}: column ${column} has an offset so large that single precision loses its digits; ${what}`,
    );
}
