/**
 * Estimates with standard errors: autocorrelation, reweighting, resampling and tests.
 *
 * @module ansatz/stats
 */

export {
  type Autocorrelation,
  autocorrelationTime,
  type ChainEstimate,
  type Chains,
  chainMean,
} from "./autocorrelation.ts";
export { bonferroni, type JointTest, jointTest } from "./bonferroni.ts";
export { type BootstrapEstimate, type BootstrapOptions, bootstrap } from "./bootstrap.ts";
export {
  type ChiSquared,
  type ChiSquaredOptions,
  chiSquaredSurvival,
  chiSquaredTest,
} from "./chi-squared.ts";
export type { Statistic } from "./columns.ts";
export { effectiveSampleSize, type LogMeanEstimate, logMeanExp } from "./effective-sample-size.ts";
export {
  type Deviation,
  difference,
  type Estimate,
  exactText,
  formatComparison,
  formatEstimate,
  minus,
  perSite,
  plus,
  sigmasFrom,
} from "./estimate.ts";
export { logGamma, upperGamma } from "./gamma.ts";
export { type Histogram, type HistogramOptions, histogram } from "./histogram.ts";
export {
  heaviestTail,
  type Importance,
  importance,
  influenceError,
  metropolisAcceptance,
  type WeightedMoments,
  weightedError,
  weightedMoments,
} from "./importance.ts";
export { type JackknifeEstimate, jackknife } from "./jackknife.ts";
export { type Kolmogorov, kolmogorovSurvival, kolmogorovTest } from "./kolmogorov.ts";
export { combine, independentMean, mean, variance, weightedMean } from "./mean.ts";
export { erf, erfc, normalCdf, normalQuantile, normalSurvival } from "./normal.ts";
export { paretoShape } from "./pareto.ts";
export { gaussLegendre, type Quadrature } from "./quadrature.ts";
export { type RHat, rHat } from "./r-hat.ts";
export { between, type Range, rangePerSite } from "./range.ts";
export { skewedVariance } from "./skewness.ts";
export { enoughChains, isThinned, type Spacing, spacedMean } from "./spaced-mean.ts";
export { sum } from "./sum.ts";
