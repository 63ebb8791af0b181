import { type Estimate, perSite } from "../stats/estimate.ts";
import { mean } from "../stats/mean.ts";
import { rowMean } from "../stats/row-mean.ts";
import type { RowOrigin } from "./errors.ts";
import { without } from "./folds.ts";
import { minimise } from "./minimise.ts";
import type { Objective } from "./objective.ts";
import { designOf } from "./path.ts";
import type { RowRange } from "./spins.ts";
import type { Term } from "./terms.ts";

/** Rows that second derivatives are taken from: they decide how many steps it takes, and nothing else. */
const hessianRows = 8192;

/**
 * The loss of each row under coefficients fitted to the folds it is not in, in the order of the rows themselves.
 */
export function crossValidatedLosses(
  objective: Objective,
  terms: readonly Term[],
  folds: readonly RowRange[],
  { order }: RowOrigin,
): Float64Array {
  const design = designOf(objective, terms);
  const losses = new Float64Array(objective.spins.rows);
  let start: Float64Array | undefined;
  folds.forEach((held, f) => {
    start = minimise(objective, design, without(folds, f), {
      tolerance: 1e-3,
      hessianRows,
      ...(start && { start }),
    });
    objective.rowLosses(design, start, [held]).forEach((loss, i) => {
      const place = held[0] + i;
      losses[order?.[place] ?? place] = loss;
    });
  });
  return losses;
}

/** A mean over rows divided by a number of sites, with the error that the rows' origin allows. */
export function meanPerSite(values: Float64Array, sites: number, { chain, spacing }: RowOrigin): Estimate {
  return perSite(rowMean(values, chain, spacing), sites);
}

/**
 * Returns R² = 1 − ⟨e²⟩/Var(y) from half squared residuals ½ e² of rows with the values y, and √⟨e²⟩. The
 * error of R² is by the delta method and allows for the chains that the rows come from, as `rowMean` does.
 * NaN if the values do not vary.
 */
export function explainedVariance(
  losses: Float64Array,
  values: Float64Array,
  chain?: Int32Array,
): { readonly r2: Estimate; readonly residual: number } {
  const centre = mean(values);
  const variance = mean(values.map((y) => (y - centre) ** 2));
  const square = 2 * mean(losses);
  const unexplained = square / variance;
  const influence = losses.map((loss, i) => (2 * loss - unexplained * (values[i]! - centre) ** 2) / variance);
  // Of values that do not vary the influence is no number, which chains would refuse.
  const error = variance > 0 ? rowMean(influence, chain).error : Number.NaN;
  return { r2: { value: 1 - unexplained, error }, residual: Math.sqrt(square) };
}
