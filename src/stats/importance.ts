import { inputError } from "../error.ts";
import { type LogMeanEstimate, logMeanExp } from "./effective-sample-size.ts";
import type { Estimate } from "./estimate.ts";
import { mean } from "./mean.ts";
import { paretoShape } from "./pareto.ts";
import { skewedVariance } from "./skewness.ts";
import { sumOf } from "./sum.ts";

/**
 * Results from the log-weights of independent samples of q, for p ∝ w q. Errors are those of the delta method
 * with the skewness of the summed values, and unknown if the largest weights that exist may not have been
 * sampled.
 */
export interface Importance {
  /** w of each sample over the mean of all, from logarithms less their largest: the mean is 1. */
  readonly weights: Float64Array;
  /** log of the mean weight: log Z of p, if q is normalised. */
  readonly logZ: Estimate;
  /** The mean log-weight, which is below log Z by KL(q‖p): a bound by Jensen's inequality. */
  readonly bound: Estimate;
  /** (Σw)²/(n Σw²): the effective sample size as a fraction of the samples. */
  readonly ess: Estimate;
  /** The shape k̂ of the tail of the weights, which are believable up to 0.7; see `paretoShape`. */
  readonly tail: number;
}

/**
 * Returns log Z and the quality of the samples from log-weights log w of independent samples. Throws as
 * `logMeanExp`, and if a log-weight is −∞: the bound is then −∞.
 */
export function importance(logWeights: Float64Array): Importance {
  const { value, effectiveSampleSize }: LogMeanEstimate = logMeanExp(logWeights);
  const n = logWeights.length;
  const none = logWeights.indexOf(Number.NEGATIVE_INFINITY);
  if (none >= 0) throw inputError(`sample ${none} has the log-weight −Infinity; bounds need finite ones`);
  const weights = logWeights.map((l) => Math.exp(l - value));
  // ESS = 1/B with B = ⟨w²⟩/⟨w⟩²: by leaving out each sample, which unlike a derivative tells its curvature too.
  const b = 1 / effectiveSampleSize;
  const ess = influenceError(n, (i) => {
    const w = weights[i] as number;
    return (n * (2 * w - 1 - (w * w) / b) - w * w * (1 - 1 / b)) / (n * b - w * w);
  });
  const logZ = weightedError(n, (i) => (weights[i] as number) - 1, { below: true });
  // One more sample as unlike the mean as the furthest that there is: others may not have been met.
  const unseen = weights.reduce((most, w) => Math.max(most, Math.abs(w - 1)), 0) / n;
  const bound = mean(logWeights);
  return {
    weights,
    logZ: { value, error: Math.hypot(logZ, unseen) },
    bound: { value: bound, error: influenceError(n, (i) => (logWeights[i] as number) - bound) },
    ess: { value: effectiveSampleSize, error: ess },
    tail: paretoShape(weights),
  };
}

/** Mean and variance of a quantity under p, by weights of mean 1 (self-normalised). */
export interface WeightedMoments {
  /** The mean under p, in the quantity's unit. */
  readonly mean: Estimate;
  /** The variance under p, in the square of that unit. */
  readonly variance: Estimate;
}

/** Moments of `values` under p, by the weights of their samples; the variance is not corrected for n − 1. */
export function weightedMoments({ weights }: Importance, values: Float64Array): WeightedMoments {
  const n = values.length;
  if (weights.length !== n)
    throw inputError(`${n} values have ${weights.length} weights; give one weight to each value`);
  const w = (i: number) => weights[i] as number;
  const total = sumOf(n, w);
  const mean = sumOf(n, (i) => w(i) * (values[i] as number)) / total;
  const offset = (i: number) => (values[i] as number) - mean;
  const variance = sumOf(n, (i) => w(i) * offset(i) ** 2) / total;
  return {
    mean: { value: mean, error: weightedError(n, (i) => w(i) * offset(i)) },
    variance: { value: variance, error: weightedError(n, (i) => w(i) * (offset(i) ** 2 - variance)) },
  };
}

/**
 * The fraction of proposals from q that a Metropolis chain of p accepts once it is at equilibrium (independence Metropolis):
 * E min(1, w(y)/w(x)) over x from p and y from q, which is E min(w(x), w(y))/E w over independent x, y from q, estimated from all
 * pairs of the samples, with the error of a U-statistic (Hoeffding, Ann. Math. Stat. 19, 293, 1948).
 */
export function metropolisAcceptance({ weights }: Importance): Estimate {
  const n = weights.length;
  if (n < 2) return { value: Number.NaN, error: Number.NaN };
  const order = Uint32Array.from(weights.keys()).sort(
    (a, b) => (weights[a] as number) - (weights[b] as number),
  );
  // The mean over the others of min(w_i, w_j): all lighter ones count as they are, all heavier ones as w_i.
  const shared = new Float64Array(n);
  let lighter = 0;
  order.forEach((i, rank) => {
    const w = weights[i] as number;
    shared[i] = (lighter + w * (n - 1 - rank)) / (n - 1);
    lighter += w;
  });
  const mean = sumOf(n, (i) => weights[i] as number) / n;
  const value = sumOf(n, (i) => shared[i] as number) / n / mean;
  const error = influenceError(
    n,
    (i) => 2 * ((shared[i] as number) / mean - value) - value * ((weights[i] as number) / mean - 1),
  );
  return { value, error };
}

/** The shape k̂ of a Pareto tail up to which a mean is believable (Vehtari et al. 2024). */
export const heaviestTail = 0.7;

/**
 * The shape of a Pareto tail of n samples beyond which an error is unknown, since the largest values that samples might have are
 * not among them: 0.7, and the standard error (1 + k)/√m of a k̂ of the m = 3√n largest.
 */
const heaviest = (n: number) => heaviestTail + 1.7 / Math.sqrt(3 * Math.sqrt(n));

/**
 * The error √(Σφ²/(n(n − 1))) of an estimate from n independent samples, φ(i) being what sample i moves it by times n (its
 * influence, of mean 0), to second order in its skewness; NaN for one sample. Of sums of estimates the influences add, which
 * keeps their covariance.
 *
 * Source: Hampel, J. Am. Stat. Assoc. 69 (1974) 383.
 */
export function influenceError(n: number, influence: (i: number) => number): number {
  return errorOf(Float64Array.from({ length: n }, (_, i) => influence(i)));
}

/**
 * Minimum number of effective influences, (Σφ²)²/Σφ⁴, for a known error: with fewer, equally many may not
 * have been sampled.
 */
const fewestEffective = 5;

/**
 * Returns the error of an estimate under p from weighted samples of q. It is NaN, unknown, if what was not
 * sampled may be more than what was: if the influences have a tail too heavy (k̂ beyond 0.7, see
 * {@link paretoShape}), or if the error rests on fewer than five of them, as that of an energy does if hardly
 * any excitation was drawn. For influences that have a bound `below` (samples without weight), only those
 * above 0 are tested.
 */
export function weightedError(
  n: number,
  influence: (i: number) => number,
  { below = false }: { below?: boolean } = {},
): number {
  const values = Float64Array.from({ length: n }, (_, i) => influence(i));
  const sizes = values.map((x) => (below ? Math.max(x, 0) : Math.abs(x)));
  let [squares, fourths, all] = [0, 0, 0];
  for (const [i, x] of sizes.entries()) {
    squares += x * x;
    fourths += x ** 4;
    all += (values[i] as number) ** 2;
  }
  // Few that are no great part of the error do no harm.
  const few = squares ** 2 < Math.min(fewestEffective, n / 2) * fourths && squares > all / 2;
  return few || paretoShape(sizes) > heaviest(n) ? Number.NaN : errorOf(values);
}

function errorOf(influence: Float64Array): number {
  const n = influence.length;
  if (n < 2) return Number.NaN;
  const squares = sumOf(n, (i) => (influence[i] as number) ** 2);
  return Math.sqrt((squares / (n * (n - 1))) * skewedVariance(influence));
}
