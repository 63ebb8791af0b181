import { inputError } from "../error.ts";
import { type LogMeanEstimate, logMeanExp } from "./effective-sample-size.ts";
import type { Estimate } from "./estimate.ts";
import { independentMean } from "./mean.ts";
import { sumOf } from "./sum.ts";

/**
 * Independent samples of q on their way to p ∝ w q: what their log-weights say. All errors are those of the delta method,
 * to first order in 1/n; they are believable only while some of the samples' weights are as large as weights get.
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
}

/**
 * What log-weights log w of independent samples say of log Z and of their own worth. Throws as `logMeanExp`, and where a
 * log-weight is −∞: the bound is then −∞.
 */
export function importance(logWeights: Float64Array): Importance {
  const { value, error, effectiveSampleSize }: LogMeanEstimate = logMeanExp(logWeights);
  const n = logWeights.length;
  const none = logWeights.indexOf(Number.NEGATIVE_INFINITY);
  if (none >= 0) throw inputError(`sample ${none} has the log-weight −Infinity; bounds need finite ones`);
  const weights = logWeights.map((l) => Math.exp(l - value));
  // ESS = 1/B with B = ⟨w²⟩/⟨w⟩²: its influence is (2(w − 1) − (w² − B)/B)/B where ⟨w⟩ = 1.
  const b = 1 / effectiveSampleSize;
  const ess = influenceError(n, (i) => {
    const w = weights[i] as number;
    return (2 * (w - 1) - (w * w - b) / b) / b;
  });
  return {
    weights,
    logZ: { value, error },
    bound: independentMean(logWeights),
    ess: { value: effectiveSampleSize, error: ess },
  };
}

/** Mean and variance of a quantity under p, by weights of mean 1 (self-normalised). */
export interface WeightedMoments {
  readonly mean: Estimate;
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
    mean: { value: mean, error: influenceError(n, (i) => w(i) * offset(i)) },
    variance: { value: variance, error: influenceError(n, (i) => w(i) * (offset(i) ** 2 - variance)) },
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

/**
 * The error √(Σφ²/(n(n − 1))) of an estimate from n independent samples, φ(i) being what sample i moves it by times n (its
 * influence, of mean 0); NaN for one sample. Of sums of estimates the influences add, which keeps their covariance.
 *
 * Source: Hampel, J. Am. Stat. Assoc. 69 (1974) 383.
 */
export function influenceError(n: number, influence: (i: number) => number): number {
  return n > 1 ? Math.sqrt(sumOf(n, (i) => influence(i) ** 2) / (n * (n - 1))) : Number.NaN;
}
