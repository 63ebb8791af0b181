/** A unit and an origin that features of a field or a column are measured in. */
export interface Scale {
  /** Subtracted first. */
  readonly centre: number;
  /** Divided by then; above 0. */
  readonly unit: number;
}

/** Neighbouring units differ by this factor. */
const step = 1.25;

/**
 * Returns the scale of reference values: about their mean and standard deviation, rounded coarsely. Exact
 * values would carry the chance of the reference into its own features: their mean would be too near to that
 * of the reference, and p-values would not be uniform. The unit of constant values is 1.
 */
export function coarseScale(values: ArrayLike<number>): Scale {
  let [mean, square] = [0, 0];
  for (let i = 0; i < values.length; i++) mean += (values[i] as number) / values.length;
  for (let i = 0; i < values.length; i++) square += ((values[i] as number) - mean) ** 2 / values.length;
  const deviation = Math.sqrt(square);
  // Rounding alone is no spread.
  if (!(deviation > 1e-9 * Math.abs(mean))) return { centre: mean, unit: 1 };
  const unit = step ** Math.round(Math.log(deviation) / Math.log(step));
  return { centre: (Math.round((2 * mean) / unit) * unit) / 2, unit };
}

/** Quantiles of values that are already in a {@link coarseScale}, rounded to a tenth for the same reason, each once. */
export function coarseLevels(values: Float64Array, quantiles: readonly number[]): number[] {
  const sorted = values.slice().sort();
  const at = (q: number) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] as number;
  return [...new Set(quantiles.map((q) => Math.round(10 * at(q)) / 10))];
}
