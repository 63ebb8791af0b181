import type { Estimate } from "../stats/index.ts";
import { byChain, rowMean } from "../stats/row-mean.ts";
import { groupMean } from "../stats/spaced-mean.ts";
import type { PartRows } from "./rows.ts";

/** The properties of rows that decide the error of a mean over them. */
export type RowDependence = Pick<PartRows, "chain" | "parent" | "spacing">;

/**
 * Returns the mean of one value per row over rows of a dataset: over groups of one parent if rows have
 * parents ({@link groupMean}), otherwise with chains treated by {@link rowMean}.
 */
export function partMean(values: Float64Array, { chain, parent, spacing }: RowDependence): Estimate {
  return parent ? groupMean(byChain(values, parent)) : rowMean(values, chain, spacing);
}
