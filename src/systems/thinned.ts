import { chainMean, type Estimate, independentMean } from "../stats/index.ts";

/** Sweeps between rows, in units of τ: neighbouring rows of a chain then share about e⁻⁵ of their fluctuation. */
export const thinningTimes = 5;

/**
 * The mean of one number a row over chains, the rows of chain c from `starts[c]` to before `starts[c + 1]`. They are thinned by
 * several τ: where they are too few to show their own τ, they count as independent.
 */
export function thinnedMean(values: Float64Array, starts: readonly number[]): Estimate {
  const chains = starts.slice(1).map((end, c) => values.subarray(starts[c], end));
  const { value, error } = chainMean(chains);
  if (!Number.isNaN(error)) return { value, error };
  const independent = independentMean(values);
  // Rows that never move tell nothing of their error.
  return independent.error > 0 ? independent : { value, error };
}
