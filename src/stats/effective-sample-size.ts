import { inputError } from "../error.ts";
import type { Estimate } from "./estimate.ts";
import { sumOf } from "./sum.ts";

/** A log-mean of weights with its error, and the effective sample size as a fraction of the samples. */
export interface LogMeanEstimate extends Estimate {
  /** (Σw)² / (n Σw²), from 1/n to 1 for equal weights. */
  readonly effectiveSampleSize: number;
}

/**
 * Returns the effective sample size (Σw)²/(n Σw²) of n weights, as a fraction in (0, 1], from the weights'
 * logarithms.
 *
 * Weights may be −∞ in logarithm; NaN when all are. From few samples it is biased high: heavy weights that
 * were not sampled cannot count. Throws on NaN and ∞, naming the sample, and for an empty array.
 *
 * Source: Kong, Liu & Wong, J. Am. Stat. Assoc. 89 (1994) 278.
 */
export function effectiveSampleSize(logWeights: ArrayLike<number>): number {
  return logMeanExp(logWeights).effectiveSampleSize;
}

/**
 * Returns log((1/n) Σ exp(logWeights)) without overflow, for example log Z by importance sampling.
 *
 * Its error is that of the mean weight over the mean weight (delta method) for independent samples, √((1/ESS
 * − 1)/(n − 1)). It is reliable only while it is well below 1; NaN for one sample. The value is −∞ when all
 * weights are 0. Throws as {@link effectiveSampleSize}.
 */
export function logMeanExp(logWeights: ArrayLike<number>): LogMeanEstimate {
  const n = logWeights.length;
  if (n === 0) throw inputError("no weights; give at least one sample");
  let largest = -Infinity;
  for (let i = 0; i < n; i++) {
    const logWeight = logWeights[i]!;
    if (!(logWeight < Infinity))
      throw inputError(`sample ${i} has the log-weight ${logWeight}; it must be finite or −Infinity`);
    if (logWeight > largest) largest = logWeight;
  }
  if (largest === -Infinity) return { value: -Infinity, error: Number.NaN, effectiveSampleSize: Number.NaN };
  const weight = (i: number) => Math.exp(logWeights[i]! - largest);
  const mean = sumOf(n, weight) / n;
  // About the mean rather than as Σw², so that equal weights have exactly no error.
  const spread = sumOf(n, (i) => (weight(i) / mean - 1) ** 2) / n;
  return {
    value: largest + Math.log(mean),
    error: n > 1 ? Math.sqrt(spread / (n - 1)) : Number.NaN,
    effectiveSampleSize: 1 / (1 + spread),
  };
}
