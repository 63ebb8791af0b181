import type { Design } from "./design.ts";
import type { RowRange, Spins } from "./spins.ts";
import type { Candidates, Term } from "./terms.ts";

/**
 * The mean loss of some rows, in nats per row (nats² for squares), and its derivatives by the coefficients of
 * a design.
 */
export interface Evaluation {
  readonly loss: number;
  readonly gradient: Float64Array;
}

/**
 * What the coefficients of a design minimise: a mean over rows of a convex loss. Ranges select the rows;
 * `theta` has one coefficient for each term of the design.
 */
export interface Objective {
  readonly spins: Spins;
  /** Terms that every design begins with, and no penalty acts on. */
  readonly always: readonly Term[];
  /** Whether losses are −log P of what was seen, so that errors and differences of losses have their usual units. */
  readonly likelihood: boolean;
  evaluate(design: Design, theta: Float64Array, ranges: readonly RowRange[]): Evaluation;
  /** Second derivatives of the mean loss, `[terms, terms]`, over one in `stride` blocks of rows. */
  hessian(design: Design, theta: Float64Array, ranges: readonly RowRange[], stride?: number): Float64Array;
  /**
   * Returns how fast the mean loss falls with the coefficient of each candidate term, whether the design has
   * it or not.
   */
  scores(
    design: Design,
    theta: Float64Array,
    ranges: readonly RowRange[],
    candidates: Candidates,
  ): Float64Array;
  /**
   * Returns the cost of |K| for each candidate term: how much its score varies from row to row if its
   * products are independent of each other, so that one λ is the same number of standard errors for all. A
   * common factor has no meaning.
   */
  penalties(
    design: Design,
    theta: Float64Array,
    ranges: readonly RowRange[],
    candidates: Candidates,
  ): Float64Array;
  /** The loss of each row, in the order of the ranges. */
  rowLosses(design: Design, theta: Float64Array, ranges: readonly RowRange[]): Float64Array;
  /** `[terms, rows]`: how fast the loss of each row falls with each coefficient of the design. */
  rowScores(design: Design, theta: Float64Array, ranges: readonly RowRange[]): Float32Array[];
}
