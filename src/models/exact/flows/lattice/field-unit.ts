import type { NDArray } from "../../../../array.ts";
import { numbers } from "../../../../data/values.ts";

/** A field is of unit size if its standard deviation lies within this factor of 1. */
const FACTOR = 10;
/** Rows that are looked at. */
const ROWS = 1000;

/**
 * Why training may diverge: couplings move sites by steps of the field's own unit, and a field of much smaller or larger spread
 * than 1 moves too far or hardly. Undefined for a field of unit size. `rows` are rows of `x`, `[rows, ...sites]`.
 */
export function fieldUnit(x: NDArray, rows: Uint32Array): string | undefined {
  const values = numbers(x);
  const n = values.length / (x.shape[0] as number);
  const some = rows.subarray(0, ROWS);
  let [sum, squares] = [0, 0];
  for (const row of some)
    for (let i = row * n; i < (row + 1) * n; i++) {
      const v = values[i] as number;
      sum += v;
      squares += v * v;
    }
  const count = some.length * n;
  const spread = Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
  if (!(spread > 0) || (spread > 1 / FACTOR && spread < FACTOR)) return undefined;
  return (
    `the standard deviation of a site is ${spread.toPrecision(2)}; training may diverge or be slow unless it is near 1: ` +
    `multiply the field by ${Number((1 / spread).toPrecision(1))}`
  );
}
