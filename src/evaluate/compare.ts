import type { Dataset } from "../data/dataset.ts";
import { usageError } from "../error.ts";
import type { AnyFitted } from "../models/fitted/fitted.ts";
import type { Estimate } from "../stats/index.ts";
import { partMean } from "./part-mean.ts";
import { type Part, partRows } from "./rows.ts";
import { score } from "./score.ts";
import type { BoundedScore } from "./score-bounded.ts";
import type { ExactScore } from "./score-exact.ts";

/** One of several models scored on the same rows. */
export interface ComparedModel {
  /** Name of the model in tables and figures. */
  readonly name: string;
  /** The score; for a model with a bound, its negative log-likelihood is at most this value. */
  readonly score: ExactScore | BoundedScore;
  /**
   * Its negative log-likelihood (or the bound of it) minus the best model's, in nats per row: paired, row by
   * row, so that fluctuations common to both cancel in the error. 0 without error for the best.
   */
  readonly behindBest: Estimate;
}

/**
 * Scores several models on the same rows of a dataset, and holds each against the best: exact models by their likelihood, models
 * with a bound by that. Throws AnsatzError (usage) for models of other kinds, which give no number for a row; else as
 * {@link score} does.
 */
export async function compareModels(
  models: readonly { readonly name: string; readonly fitted: AnyFitted }[],
  dataset: Dataset,
  part: Part,
): Promise<ComparedModel[]> {
  const scored = partRows(dataset, part);
  const scores: (ExactScore | BoundedScore)[] = [];
  for (const { name, fitted } of models) {
    const { kind } = fitted.model;
    if (kind === "energy" || kind === "implicit")
      throw usageError(
        `${name}: ${kind === "energy" ? "log Z of an energy model" : "samples alone"} leave rows without a number to compare`,
      );
    scores.push((await score(fitted, dataset, { part, rows: true })) as ExactScore | BoundedScore);
  }
  const best = scores.reduce((a, b) => (b.nll.value < a.nll.value ? b : a));
  return scores.map((own, i) => {
    const { rows = [], ...told } = own;
    const differences = Float64Array.from(rows, (logProb, row) => (best.rows?.[row] as number) - logProb);
    return {
      name: (models[i] as { name: string }).name,
      score: told,
      behindBest: own.nll === best.nll ? { value: 0, error: 0 } : partMean(differences, scored),
    };
  });
}
