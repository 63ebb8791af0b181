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
import type { MeanStatistic } from "../systems/system.ts";
import { partMean } from "./part-mean.ts";
import type { PartRows } from "./rows.ts";

/**
 * Returns a statistic of means over rows, with its jackknife error, to second order in the skewness: the
 * error, by {@link partMean}, of the mean over rows of (n − 1)(f − f_i), where f_i is the statistic without
 * row i. Correlated rows and correlated means are thus allowed for. Unknown if the statistic is not a number
 * without some row.
 *
 * Source: Miller, Biometrika 61 (1974) 1.
 */
export function rowStatistic(
  { columns, of }: MeanStatistic,
  rows: Pick<PartRows, "x" | "chain" | "parent" | "spacing">,
): Estimate {
  const values = columns(rows.x);
  const means = values.map(mean);
  const influence = withoutEach(of, values, means);
  if (!influence.every(Number.isFinite)) return { value: of(means), error: Number.NaN };
  const { value: centre, error } = partMean(influence, rows);
  // As many independent rows as have this error.
  const independent = variance(influence) / error ** 2;
  const skewed = skewedVariance(
    influence.map((x) => x - centre),
    Math.max(1, independent),
  );
  return { value: of(means), error: error * Math.sqrt(error > 0 ? skewed : 1) };
}

/**
 * Returns the same statistic of independent rows with importance weights; unknown if the weights have too
 * heavy a tail.
 */
export function weightedStatistic({ columns, of }: MeanStatistic, x: NDArray, weights: Importance): Estimate {
  const values = columns(x);
  const means = values.map((column) => weightedMoments(weights, column).mean.value);
  const influence = withoutEach(of, values, means, weights.weights);
  const centre = mean(influence);
  const error = influenceError(influence.length, (i) => (influence[i] as number) - centre);
  return { value: of(means), error: weights.tail > heaviestTail ? Number.NaN : error };
}

/** (n − 1)(f − f_i) of each row i, f_i being the statistic of the other rows; weights, if there are any, have mean 1. */
function withoutEach(
  of: MeanStatistic["of"],
  values: readonly Float64Array[],
  means: readonly number[],
  weights?: Float64Array,
): Float64Array {
  const rows = values[0]?.length ?? 0;
  const all = of(means);
  return Float64Array.from({ length: rows }, (_, row) => {
    const weight = weights?.[row] ?? 1;
    const without = means.map((m, k) => m + (weight * (m - (values[k]?.[row] as number))) / (rows - weight));
    return (rows - 1) * (all - of(without));
  });
}
