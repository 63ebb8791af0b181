import { usageError } from "../error.ts";
import { rowsOf, type Statistic } from "./columns.ts";
import type { Estimate } from "./estimate.ts";
import { mean } from "./mean.ts";
import { sumOf } from "./sum.ts";

/** A statistic of all rows with its jackknife error, and the bias of order 1/n that the jackknife sees in it. */
export interface JackknifeEstimate extends Estimate {
  /** Estimated bias of `value`; subtract it if it is not small compared with the error. */
  readonly bias: number;
}

/**
 * The statistic of the columns with the error from leaving out one block of successive rows at a time.
 *
 * `columns`: arrays of one length, one row a measurement. `blocks` (default 50) is the number of blocks: each must be
 * several 2τ long when the rows are a Markov chain. Throws when columns differ in length or when `blocks` is not an
 * integer from 2 to the number of rows.
 *
 * Source: Efron & Tibshirani, "An Introduction to the Bootstrap" (1993), eqs. 11.4 and 11.5.
 */
export function jackknife(
  columns: readonly ArrayLike<number>[],
  statistic: Statistic,
  { blocks }: { blocks?: number } = {},
): JackknifeEstimate {
  const rows = rowsOf(columns);
  const count = blocks ?? Math.min(50, rows);
  if (!Number.isInteger(count) || count < 2 || count > rows)
    throw usageError(`${rows} rows cannot be cut into ${count} blocks; ask for 2 to ${rows}`);
  const full = columns.map((column) => Float64Array.from(column));
  const value = statistic(full);
  const without = Array.from({ length: count }, (_, block) => {
    const start = Math.floor((block * rows) / count);
    const end = Math.floor(((block + 1) * rows) / count);
    return statistic(full.map((column) => leaveOut(column, start, end)));
  });
  const centre = mean(without);
  const squares = sumOf(count, (i) => (without[i]! - centre) ** 2);
  return {
    value,
    error: Math.sqrt(((count - 1) / count) * squares),
    bias: (count - 1) * (centre - value),
  };
}

function leaveOut(column: Float64Array, start: number, end: number): Float64Array {
  const rest = new Float64Array(column.length - (end - start));
  rest.set(column.subarray(0, start));
  rest.set(column.subarray(end), start);
  return rest;
}
