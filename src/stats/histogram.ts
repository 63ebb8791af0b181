import { inputError, usageError } from "../error.ts";
import type { Estimate } from "./estimate.ts";

/** Counts of samples in bins of equal width, with errors. */
export interface Histogram {
  /** The ends of the bins, one more than bins. A bin holds its lower end; the last holds both. */
  readonly edges: Float64Array;
  /** Number of samples in each bin. */
  readonly counts: Float64Array;
  /** The probability of each bin. */
  readonly probability: readonly Estimate[];
  /** Samples below the first edge. */
  readonly below: number;
  /** Samples above the last edge. */
  readonly above: number;
}

/** Options of {@link histogram}. */
export interface HistogramOptions {
  /** Number of bins, 50 unless given. */
  bins?: number;
  /** The first and the last edge; the least and the greatest sample unless given. */
  range?: readonly [number, number];
  /** Autocorrelation time of the samples, τ = ½ + Σρ(t): ½ (independent samples) unless given. */
  tau?: number;
}

/**
 * Counts samples into bins, with the error √(2τ p(1 − p)/n) of each bin's probability p.
 *
 * In the error p is (k + ½)/(m + 1) for k of m = n/2τ independent samples, so that an empty bin is not claimed to be
 * empty without error. Probabilities refer to all samples, those outside the range too. Throws on NaN (naming the
 * sample), when there is no sample, and when an option is out of range.
 */
export function histogram(
  samples: ArrayLike<number>,
  { bins = 50, range, tau = 0.5 }: HistogramOptions = {},
): Histogram {
  const n = samples.length;
  if (n === 0) throw inputError("no samples for a histogram; give at least one");
  if (!Number.isInteger(bins) || bins < 1) throw usageError(`bins must be a positive integer, got ${bins}`);
  if (!(tau > 0 && tau < Infinity)) throw usageError(`tau must be positive and finite, got ${tau}`);
  const [low, high] = range ?? rangeOf(samples);
  if (!(high > low && high - low < Infinity))
    throw usageError(`range must be [low, high], got [${low}, ${high}]`);
  const edges = Float64Array.from({ length: bins + 1 }, (_, i) => low + ((high - low) * i) / bins);
  edges[bins] = high;
  const counts = new Float64Array(bins);
  let below = 0;
  let above = 0;
  for (let i = 0; i < n; i++) {
    const x = samples[i]!;
    if (Number.isNaN(x)) throw inputError(`sample ${i} is NaN; leave it out or find its origin`);
    if (x < low) below += 1;
    else if (x > high) above += 1;
    else {
      const bin = binOf(edges, x, Math.floor(((x - low) / (high - low)) * bins));
      counts[bin] = counts[bin]! + 1;
    }
  }
  const independent = n / (2 * tau);
  const probability = Array.from(counts, (count) => {
    const p = ((count / n) * independent + 0.5) / (independent + 1);
    return { value: count / n, error: Math.sqrt((p * (1 - p)) / independent) };
  });
  return { edges, counts, probability, below, above };
}

/** The bin that holds x, next to a guess that rounding may have moved by one. */
function binOf(edges: Float64Array, x: number, guess: number): number {
  let bin = Math.min(Math.max(guess, 0), edges.length - 2);
  while (bin > 0 && x < edges[bin]!) bin -= 1;
  while (bin < edges.length - 2 && x >= edges[bin + 1]!) bin += 1;
  return bin;
}

function rangeOf(samples: ArrayLike<number>): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < samples.length; i++) {
    const x = samples[i]!;
    if (!Number.isFinite(x)) throw inputError(`sample ${i} is ${x}; give a range, or finite samples`);
    if (x < low) low = x;
    if (x > high) high = x;
  }
  // Samples that are all equal get one bin's worth of room.
  return low < high ? [low, high] : [low - 0.5, high + 0.5];
}
