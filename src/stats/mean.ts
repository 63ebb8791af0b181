import { inputError } from "../error.ts";
import type { Estimate } from "./estimate.ts";
import { sum, sumOf } from "./sum.ts";

/** The arithmetic mean; NaN of nothing, and of equal values that value. */
export function mean(values: ArrayLike<number>): number {
  const result = sum(values) / values.length;
  // Rounding of the sum would give equal values another mean, and so a variance.
  return result !== values[0] && isConstant(values) ? values[0]! : result;
}

function isConstant(values: ArrayLike<number>): boolean {
  for (let i = 1; i < values.length; i++) if (values[i] !== values[0]) return false;
  return values.length > 0;
}

/** The unbiased variance, Σ(x − x̄)²/(n − 1); NaN of fewer than two values. */
export function variance(values: ArrayLike<number>): number {
  if (values.length < 2) return Number.NaN;
  const centre = mean(values);
  return sumOf(values.length, (i) => (values[i]! - centre) ** 2) / (values.length - 1);
}

/**
 * The mean of independent samples with its standard error √(variance/n); the error of one sample is NaN.
 *
 * For the successive states of a Markov chain use `chainMean`: there this error is too small by √(2τ).
 */
export function independentMean(samples: ArrayLike<number>): Estimate {
  return { value: mean(samples), error: Math.sqrt(variance(samples) / samples.length) };
}

/**
 * Returns the self-normalised weighted mean Σwx/Σw of independent samples, with error² = n/(n − 1) Σw²(x −
 * x̄)²/(Σw)².
 *
 * For importance sampling: weights need no normalisation, and the error is that of the ratio to first order
 * in 1/n. Throws when the lengths differ, when a weight is negative or not finite, or when all are 0.
 */
export function weightedMean(values: ArrayLike<number>, weights: ArrayLike<number>): Estimate {
  const n = values.length;
  if (weights.length !== n)
    throw inputError(`${n} values have ${weights.length} weights; give one weight to each value`);
  for (let i = 0; i < n; i++)
    if (!(weights[i]! >= 0 && weights[i]! < Infinity))
      throw inputError(`weight ${i} is ${weights[i]}; a weight is finite and not negative`);
  const total = sum(weights);
  if (total === 0) throw inputError(`all ${n} weights are 0; a mean needs a positive one`);
  const value = sumOf(n, (i) => weights[i]! * values[i]!) / total;
  const squares = sumOf(n, (i) => (weights[i]! * (values[i]! - value)) ** 2);
  return { value, error: Math.sqrt((n / (n - 1)) * squares) / total };
}

/**
 * The best combination of independent estimates of one quantity: weights 1/error², error² = 1/Σ(1/error²).
 *
 * Throws when an error is not positive and finite, or when there is no estimate.
 */
export function combine(estimates: readonly Estimate[]): Estimate {
  if (estimates.length === 0) throw inputError("no estimates to combine; give at least one");
  const weights = estimates.map(({ error }, i) => {
    if (!(error > 0 && error < Infinity))
      throw inputError(`estimate ${i} has the error ${error}; combining needs positive, finite errors`);
    return error ** -2;
  });
  const total = sum(weights);
  return {
    value: sumOf(weights.length, (i) => weights[i]! * estimates[i]!.value) / total,
    error: Math.sqrt(1 / total),
  };
}
