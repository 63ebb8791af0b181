import type { Dataset } from "../data/dataset.ts";
import type { FittedExact } from "../models/fitted/exact.ts";
import type { Estimate } from "../stats/index.ts";
import { type Part, partRows, rowMean } from "./rows.ts";
import { type ExactScore, score } from "./score.ts";

/** One of several models scored on the same rows. */
export interface ComparedModel {
  readonly name: string;
  readonly score: ExactScore;
  /**
   * How much larger its negative log-likelihood is than the best model's, nats a row: paired, row by row, so that what
   * the rows share drops out of the error. 0 without error for the best.
   */
  readonly behindBest: Estimate;
}

/**
 * Scores several models with an exact likelihood on the same rows of a dataset, and holds each against the best. Throws
 * as {@link score} does.
 */
export async function compareModels(
  models: readonly { readonly name: string; readonly fitted: FittedExact }[],
  dataset: Dataset,
  part: Part,
): Promise<ComparedModel[]> {
  const { chain, spacing } = partRows(dataset, part);
  const scores: ExactScore[] = [];
  for (const { fitted } of models) scores.push(await score(fitted, dataset, { part, rows: true }));
  const best = scores.reduce((a, b) => (b.nll.value < a.nll.value ? b : a));
  return scores.map(({ rows = [], ...own }, i) => {
    const differences = Float64Array.from(rows, (logProb, row) => (best.rows?.[row] as number) - logProb);
    return {
      name: (models[i] as { name: string }).name,
      score: own,
      behindBest: own.nll === best.nll ? { value: 0, error: 0 } : rowMean(differences, chain, spacing),
    };
  });
}
