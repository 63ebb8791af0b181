import { difference, type Estimate } from "../stats/estimate.ts";
import { normalOfStudent } from "../stats/student.ts";
import type { Design } from "./design.ts";
import { type RowOrigin, sandwichErrors } from "./errors.ts";
import { type MinimiseOptions, minimise } from "./minimise.ts";
import type { Objective } from "./objective.ts";
import { designOf } from "./path.ts";
import { type RowRange, rowsIn } from "./spins.ts";
import type { Candidates } from "./terms.ts";

/** See {@link fitTerms}. */
export interface FitOptions {
  readonly objective: Objective;
  readonly candidates: Candidates;
  readonly rows: readonly RowRange[];
  readonly origin?: RowOrigin | undefined;
}

/** Some terms fitted without a penalty. */
export interface TermFit {
  /** Places among the candidate terms. */
  readonly support: readonly number[];
  readonly always: readonly Estimate[];
  /** By term of the support: its coefficient, and how far that is from 0 in units of a normal variable. */
  readonly estimates: readonly Estimate[];
  readonly sigmas: readonly number[];
  /** By term of the support: see `Certainty`. */
  readonly inflation: readonly number[];
  /** The loss summed over the rows. */
  readonly loss: number;
}

/**
 * Fits terms without a penalty. Deviations from 0 are those of Student's distribution, with the error's
 * effective number of rows as degrees of freedom, converted to deviations of a normal variable.
 */
export function fitTerms(options: FitOptions, support: readonly number[]): TermFit {
  const { objective, rows, origin } = options;
  const { design, theta, loss } = minimumOf(options, support);
  const { error, effective, inflation } = sandwichErrors(objective, design, theta, rows, origin);
  const estimates = [...theta].map((value, t) => ({ value, error: error[t]! }));
  const fixed = objective.always.length;
  return {
    support,
    always: estimates.slice(0, fixed),
    estimates: estimates.slice(fixed),
    sigmas: estimates
      .map((estimate, t) => normalOfStudent(difference(estimate, 0).sigmas, effective[t]!))
      .slice(fixed),
    inflation: [...inflation.slice(fixed)],
    loss,
  };
}

/**
 * The minimum of some terms and its loss, summed over the rows, without errors. From 0, not from where other terms had their
 * minimum: steps fail where strong couplings that balanced others are left.
 */
export function minimumOf(
  { objective, candidates, rows }: FitOptions,
  support: readonly number[],
  accuracy: MinimiseOptions = {},
): { readonly design: Design; readonly theta: Float64Array; readonly loss: number } {
  const terms = support.map((t) => candidates.terms[t]!);
  const design = designOf(objective, terms);
  const theta = minimise(objective, design, rows, accuracy);
  return { design, theta, loss: objective.evaluate(design, theta, rows).loss * rowsIn(rows) };
}
