import type { Estimate } from "../stats/index.ts";
import { byChain, rowMean } from "../stats/row-mean.ts";
import { groupMean } from "../stats/spaced-mean.ts";
import type { PartRows } from "./rows.ts";

/** What of rows decides the error of a mean over them. */
export type RowDependence = Pick<PartRows, "chain" | "parent" | "spacing">;

/**
 * The mean of one value a row over rows of a dataset: over groups of one parent if rows have parents ({@link groupMean}), otherwise as
 * {@link rowMean} takes their chains.
 */
export function partMean(values: Float64Array, { chain, parent, spacing }: RowDependence): Estimate {
  return parent ? groupMean(byChain(values, parent)) : rowMean(values, chain, spacing);
}
