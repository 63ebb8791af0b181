import type { NDArray } from "../array.ts";
import {
  type Estimate,
  heaviestTail,
  type Importance,
  influenceError,
  mean,
  skewedVariance,
  variance,
  weightedMoments,
} from "../stats/index.ts";
import { rowMean } from "../stats/row-mean.ts";
import type { MeanStatistic } from "../systems/system.ts";
import type { PartRows } from "./rows.ts";

/**
 * A statistic of means over rows, with its error by the delta method, to second order in the skewness: the error of the mean
 * of Σ_k ∂f/∂m_k v_k of each row, as {@link rowMean} takes it, so that correlated rows and correlated means are allowed
 * for.
 */
export function rowStatistic(
  { columns, of }: MeanStatistic,
  { x, chain, spacing }: Pick<PartRows, "x" | "chain" | "spacing">,
): Estimate {
  const values = columns(x);
  const means = values.map(mean);
  const influence = linear(of, values, means);
  const { value: centre, error } = rowMean(influence, chain, spacing);
  // As many independent rows as have this error.
  const independent = variance(influence) / error ** 2;
  const skewed = skewedVariance(
    influence.map((x) => x - centre),
    Math.max(1, independent),
  );
  return { value: of(means), error: error * Math.sqrt(error > 0 ? skewed : 1) };
}

/** The same of rows with importance weights, the rows being independent; unknown where the weights have too heavy a tail. */
export function weightedStatistic({ columns, of }: MeanStatistic, x: NDArray, weights: Importance): Estimate {
  const values = columns(x);
  const means = values.map((column) => weightedMoments(weights, column).mean.value);
  const influence = linear(of, values, means);
  const centre = weightedMoments(weights, influence).mean.value;
  const error = influenceError(
    influence.length,
    (i) => (weights.weights[i] as number) * ((influence[i] as number) - centre),
  );
  return { value: of(means), error: weights.tail > heaviestTail ? Number.NaN : error };
}

/** Σ_k ∂f/∂m_k v_k of each row, by central differences of a ten-thousandth of each column's spread. */
function linear(
  of: MeanStatistic["of"],
  values: readonly Float64Array[],
  means: readonly number[],
): Float64Array {
  const slopes = values.map((column, k) => {
    const step = 1e-4 * Math.sqrt(variance(column)) || 1e-8;
    const at = (h: number) => of(means.with(k, (means[k] as number) + h));
    return (at(step) - at(-step)) / (2 * step);
  });
  const rows = values[0]?.length ?? 0;
  return Float64Array.from({ length: rows }, (_, row) =>
    slopes.reduce((total, slope, k) => total + slope * (values[k]?.[row] as number), 0),
  );
}
