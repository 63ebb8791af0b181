import { usageError } from "../error.ts";
import type { Key } from "../random/key.ts";
import { stream } from "../random/stream.ts";
import { rowsOf, type Statistic } from "./columns.ts";
import type { Estimate } from "./estimate.ts";
import { variance } from "./mean.ts";

/** A statistic of all rows with its bootstrap error and the central interval of the resampled values. */
export interface BootstrapEstimate extends Estimate {
  /** Lower end of the central interval of probability `level`, by percentiles. */
  readonly low: number;
  /** Upper end of the same interval. */
  readonly high: number;
}

/** Options of {@link bootstrap}. */
export interface BootstrapOptions {
  /** Number of resampled data sets, at least 2; 1000 unless given. */
  resamples?: number;
  /** Successive rows drawn together, 1 unless given: several 2τ when the rows are a Markov chain. */
  blockLength?: number;
  /** Probability of the interval, in (0, 1); 0.6827 (one sigma) unless given. */
  level?: number;
}

/**
 * The statistic of the columns with the error from resampling rows with replacement; same key, same result.
 *
 * `columns`: arrays of one length, one row a measurement. Blocks of successive rows wrap around the end. Throws when
 * columns differ in length or an option is out of range.
 *
 * Source: Efron & Tibshirani, "An Introduction to the Bootstrap" (1993), chapters 6, 8 and 13; circular blocks:
 * Politis & Romano (1992).
 */
export function bootstrap(
  key: Key,
  columns: readonly ArrayLike<number>[],
  statistic: Statistic,
  { resamples = 1000, blockLength = 1, level = 0.6827 }: BootstrapOptions = {},
): BootstrapEstimate {
  const rows = rowsOf(columns);
  if (!Number.isInteger(resamples) || resamples < 2)
    throw usageError(`resamples must be an integer of 2 or more, got ${resamples}`);
  if (!Number.isInteger(blockLength) || blockLength < 1 || blockLength > rows)
    throw usageError(`blockLength must be an integer from 1 to the ${rows} rows, got ${blockLength}`);
  if (!(level > 0 && level < 1)) throw usageError(`level must be in (0, 1), got ${level}`);
  const full = columns.map((column) => Float64Array.from(column));
  const drawn = full.map(() => new Float64Array(rows));
  const random = stream(key);
  const values = new Float64Array(resamples);
  for (let resample = 0; resample < resamples; resample++) {
    for (let row = 0; row < rows; row += blockLength) {
      const start = random.below(rows);
      const end = Math.min(row + blockLength, rows);
      for (let i = row; i < end; i++)
        for (let column = 0; column < full.length; column++)
          drawn[column]![i] = full[column]![(start + i - row) % rows]!;
    }
    values[resample] = statistic(drawn);
  }
  values.sort();
  return {
    value: statistic(full),
    error: Math.sqrt(variance(values)),
    low: percentile(values, (1 - level) / 2),
    high: percentile(values, (1 + level) / 2),
  };
}

/** The quantile of sorted values, linear between them. */
function percentile(sorted: Float64Array, probability: number): number {
  const place = probability * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below]!;
  return low + (place - below) * ((sorted[below + 1] ?? low) - low);
}
