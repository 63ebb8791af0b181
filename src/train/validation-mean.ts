import type { Dataset } from "../data/dataset.ts";
import { rowSpacing } from "../data/order/dataset-order.ts";
import type { Estimate } from "../stats/index.ts";
import { rowMean } from "../stats/row-mean.ts";

/**
 * Returns the mean of one value for each of the validation rows `valid`, with an error that allows for the chains that
 * the rows come from.
 */
export function validationMean(dataset: Dataset, valid: Uint32Array): (values: Float64Array) => Estimate {
  const { chain, splits } = dataset;
  const chains = chain && Int32Array.from(valid, (row) => chain[row] as number);
  const { tau, ...rest } = rowSpacing(dataset) ?? {};
  // Where only some rows of the split are looked at, τ is as many fewer of them.
  const left = valid.length / splits.valid.length;
  const spacing = { ...rest, ...(tau !== undefined && { tau: tau * left }) };
  return (values) => rowMean(values, chains, spacing);
}
