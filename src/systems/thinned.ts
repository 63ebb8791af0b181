import { autocorrelationTime, type Estimate, type Spacing, spacedMean } from "../stats/index.ts";

/** Sweeps between rows, in units of τ: neighbouring rows of a chain then share about e⁻⁵ of their fluctuation. */
export const thinningTimes = 5;

/**
 * Returns the mean of one number per row over chains, the rows of chain c from `starts[c]` to before
 * `starts[c + 1]`, with the error that their τ and the sweeps between them allow; see `spacedMean`.
 */
export function thinnedMean(values: Float64Array, starts: readonly number[], spacing: Spacing): Estimate {
  const { value, error } = spacedMean(chainsOf(values, starts), spacing);
  // Rows that never move tell nothing of their error.
  return { value, error: error > 0 ? error : Number.NaN };
}

/**
 * Returns τ in sweeps from rows of chains, `thinning` sweeps apart: the longest over several series of one
 * number per row. NaN if there are too few rows to estimate it. For rows far apart the estimate is at least
 * half of their distance.
 */
export function tauOfRows(
  series: readonly Float64Array[],
  starts: readonly number[],
  thinning: number,
): number {
  const times = series.map((values) => autocorrelationTime(chainsOf(values, starts)));
  // What never moves has nothing to decorrelate.
  const moving = times.filter(({ tau }) => !Number.isNaN(tau));
  if (moving.length === 0 || moving.some(({ reliable }) => !reliable)) return Number.NaN;
  return thinning * Math.max(0.5, ...moving.map(({ tau }) => tau));
}

function chainsOf(values: Float64Array, starts: readonly number[]): Float64Array[] {
  return starts.slice(1).map((end, c) => values.subarray(starts[c], end));
}
