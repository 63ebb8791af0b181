import { concatArrays } from "../array.ts";
import { chainMean } from "./autocorrelation.ts";
import type { Estimate } from "./estimate.ts";
import { independentMean, mean } from "./mean.ts";
import { skewedVariance } from "./skewness.ts";
import { sumOf } from "./sum.ts";

/** How far apart the rows of a chain are: the autocorrelation time and the steps between rows, in one unit. */
export interface Spacing {
  /** Integrated autocorrelation time; unknown if absent. */
  readonly tau?: number | undefined;
  /** Steps between rows; unknown if absent. */
  readonly thinning?: number | undefined;
  /** Whether τ was measured from these rows by their slowest observable. */
  readonly isMeasured?: boolean | undefined;
}

/** Minimum number of chains for the spread of their means to give the error of the mean of all. */
export const enoughChains = 8;
/** Rows, in τ, below which no error is believed if τ was measured from the rows by their slowest observable. */
const enoughTaus = 50;
/**
 * γ² of sums of chains that stay away from their mean for exponential times, in units of that of the same
 * number of independent rows.
 */
const memory = 9 / 4;
/** Steps between rows, in τ, from which on rows count as independent where nothing better is known. */
const independentThinning = 2;

/**
 * Returns the mean over the rows of Markov chains, with the error that they allow:
 *
 * - error² = 2τ var/n if the chains are long enough to estimate τ ({@link chainMean}). If `spacing` states
 *   that rows are 2τ apart or more, the error of independent rows replaces it if τ is unknown, and bounds it
 *   from below;
 * - rows with a τ inferred from their order have an error only if they are 50 of that τ or more: the values
 *   themselves may seem to vary faster in a short piece of a chain;
 * - if τ is unknown, eight chains or more give an error by the spread of their means, error² = m/(m − 1)
 *   Σ_c (n_c/n)² (x̄_c − x̄)² over the m chains, the error times 1 + 1/(m − 1): Student's distribution of m −
 *   1 degrees of freedom then has the coverage of a normal one within one and within two errors, to 2 % or
 *   so. For skewed rows error² is larger by 1 + (9/4) 2γ²/n, n being the number of independent rows that have
 *   this error (see `skewedVariance`);
 * - else the error is NaN, unknown: that of independent rows would be too small. It is NaN too if no row
 *   moves.
 */
export function spacedMean(chains: readonly Float64Array[], spacing: Spacing = {}): Estimate {
  const { value, error, reliable, tau } = chainMean(chains);
  const independent = independentMean(concatArrays(Float64Array, chains));
  if (spacing.isMeasured && rowsIn(chains) < enoughTaus * (spacing.tau ?? 0))
    return { value: independent.value, error: Number.NaN };
  if (isThinned(spacing))
    return reliable ? { value, error: Math.max(error, independent.error) } : independent;
  if (reliable) return { value, error };
  // Chains that do not move, τ being NaN, agree without being right.
  const known = chains.length >= enoughChains && !Number.isNaN(tau);
  return { value: independent.value, error: known ? errorBetween(chains, independent.value) : Number.NaN };
}

/**
 * Returns the mean over the rows of independent groups, such as crops of one map, with any dependence between
 * rows of a group. The error is that of {@link spacedMean} for chains of unknown τ, by the spread of the
 * means of groups. It is that of independent rows if each group is one row, and NaN, unknown, for fewer than
 * eight groups.
 */
export function groupMean(groups: readonly Float64Array[]): Estimate {
  const independent = independentMean(concatArrays(Float64Array, groups));
  if (groups.length === rowsIn(groups) || independent.error === 0) return independent;
  const error = groups.length >= enoughChains ? errorBetween(groups, independent.value) : Number.NaN;
  return { value: independent.value, error };
}

/** Whether rows of chains were thinned by enough τ to count as independent if nothing better is known. */
export function isThinned({ tau, thinning }: Spacing): boolean {
  return tau !== undefined && thinning !== undefined && thinning >= independentThinning * tau;
}

const rowsIn = (chains: readonly Float64Array[]): number =>
  chains.reduce((total, { length }) => total + length, 0);

/** The error of the mean `value` over all rows, from the means of independent chains. */
function errorBetween(chains: readonly Float64Array[], value: number): number {
  const rows = rowsIn(chains);
  const squares = sumOf(chains.length, (c) => {
    const chain = chains[c] as Float64Array;
    return ((chain.length / rows) * (mean(chain) - value)) ** 2;
  });
  const freedom = chains.length - 1;
  const error = (1 + 1 / freedom) * Math.sqrt((chains.length / freedom) * squares);
  // The means are too few to show their skewness: that of the rows, and of as many independent ones as have this error.
  const centred = concatArrays(Float64Array, chains).map((x) => x - value);
  const variance = sumOf(rows, (i) => centred[i]! ** 2) / rows;
  const n = Math.max(1, Math.min(rows, variance / error ** 2));
  const skewness = (skewedVariance(centred, n) - 1 - 2 / n) * memory;
  // Without the skewness that n normal numbers seem to have, γ² = 6/n.
  const skewed = 1 + Math.max(0, skewness - 12 / n ** 2);
  return error > 0 ? error * Math.sqrt(skewed) : error;
}
