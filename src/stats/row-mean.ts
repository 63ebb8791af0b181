import type { Estimate } from "./estimate.ts";
import { independentMean } from "./mean.ts";
import { type Spacing, spacedMean } from "./spaced-mean.ts";

/**
 * Returns the mean of one value per row, with the error that the rows' origin allows: rows of no chain are
 * independent, those of chains are treated by {@link spacedMean}.
 */
export function rowMean(values: Float64Array, chain?: Int32Array, spacing: Spacing = {}): Estimate {
  return chain ? spacedMean(byChain(values, chain), spacing) : independentMean(values);
}

/** Values by chain, each in the order of its rows. */
export function byChain(values: Float64Array, chain: Int32Array): Float64Array[] {
  const members = new Map<number, number[]>();
  values.forEach((value, row) => {
    const id = chain[row] as number;
    const series = members.get(id);
    if (series) series.push(value);
    else members.set(id, [value]);
  });
  return [...members.values()].map((series) => Float64Array.from(series));
}
