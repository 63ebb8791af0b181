import { type Space, sites } from "../data/space.ts";
import { type SymmetryGroup, type SymmetryName, symmetryGroup } from "../data/symmetry.ts";
import { inputError, usageError } from "../error.ts";
import type { SeedOrKey } from "../random/seed.ts";
import type { Estimate } from "../stats/estimate.ts";
import { requireAffordable } from "./affordable.ts";
import type { Coefficient } from "./select.ts";
import { type Candidates, candidatesOf } from "./terms.ts";

/** Common options of all explanations. */
export interface ExplainOptions extends SeedOrKey {
  /** Maximum number of spins in a product (default 2). */
  readonly order?: number | undefined;
  /** Symmetries that the formula has: products they carry into each other share a coefficient. */
  readonly symmetry?: readonly SymmetryName[] | undefined;
  /**
   * Maximum number of terms to name: the most significant, or the largest if errors are unknown (default: all
   * that differ from 0). The others stay in the fit, so that no coefficient depends on it.
   */
  readonly most?: number | undefined;
  /** The probability of keeping any term with a true coefficient of 0 (default 0.01). */
  readonly level?: number | undefined;
  /** Is called with the fraction of the work that is done, 0 to 1. */
  readonly onProgress?: ((fraction: number) => void) | undefined;
  /** Stops the work, which then throws AnsatzError (interrupted). */
  readonly signal?: AbortSignal | undefined;
}

/**
 * An effective Hamiltonian: log P(s) = const + Σ_A K_A Π_{i∈A} s_i, a sparse sum of products of spins s = ±1 (−1 for the
 * bit 0, +1 for 1). K is β times the coupling of H = −Σ_A J_A Π s_i, a site's field where A is one site.
 */
export interface Explanation {
  /** The method: from rows, or from the log-probabilities of a model. */
  readonly method: "pseudo-likelihood" | "least squares";
  /** The shape of one configuration. */
  readonly shape: readonly number[];
  /** Maximum number of spins in a product. */
  readonly order: number;
  /** The symmetries of the formula; empty if there are none. */
  readonly symmetry: readonly SymmetryName[];
  /** Terms in the order of their products, each with the standard error of its coefficient. */
  readonly coefficients: readonly Coefficient[];
  /** Terms of the formula that were fitted with these, beyond the requested `most`. */
  readonly hidden?: readonly Coefficient[];
  /**
   * Terms that describe the rows together with these, but not for certain: others may replace them, so that
   * the formula lacks some. Usually none; some for cold or strongly coupled data of few rows.
   */
  readonly undecided: readonly Coefficient[];
  /** log P where all products vanish on average; of rows alone it is not known. */
  readonly constant?: Estimate;
  /** Terms that could have had a coefficient. */
  readonly candidates: number;
  /** Number of candidates that cross-validation left to test. */
  readonly screened: number;
  /** Rows that the coefficients were fitted to. */
  readonly rows: number;
  /** Of a model: how many different configurations its draws amount to; see `effectiveStates`. */
  readonly states?: number;
  /** Sites that have one value in all rows, and so no coefficient. */
  readonly frozen: readonly number[];
  /** Quality of the formula on rows it was not fitted to. */
  readonly held: HeldOut;
}

/** See {@link Explanation.held}. */
export type HeldOut =
  | {
      /** Fraction of the variance of log P, over configurations drawn from the model, that the formula explains. */
      readonly r2: Estimate;
      /** The standard deviation of what it does not explain, in nats. */
      readonly residual: number;
      /** Rows that `r2` was measured on. */
      readonly rows: number;
    }
  | {
      /**
       * Mean log P(s_i | all other sites), nats per site. The coefficients are cross-validated, but the terms
       * were chosen on all rows, so that it is somewhat too large.
       */
      readonly perSite: Estimate;
      /** The same of independent sites. */
      readonly independent: Estimate;
      /** By how much it is larger, paired row by row; somewhat too large as well. */
      readonly gain: Estimate;
    };

/**
 * Returns the candidates of a space: products of up to `order` spins, of even orders only if a flip is a
 * symmetry. Throws a usage error for more candidates than can be fitted to `rows` rows.
 */
export function candidatesIn(
  space: Space,
  { order = 2, symmetry = [] }: ExplainOptions,
  rows?: number,
): Candidates {
  requireBinary(space);
  const n = sites(space);
  checkOrder(order, n);
  const names = symmetry.filter((name) => name !== "flip");
  const group: SymmetryGroup | undefined = names.length > 0 ? symmetryGroup(space, names) : undefined;
  const flips = symmetry.includes("flip");
  const orders = Array.from({ length: order }, (_, k) => k + 1).filter((k) => !flips || k % 2 === 0);
  if (orders.length === 0) throw usageError("the flip forbids products of one spin; take order 2 or more");
  requireAffordable(n, orders, rows);
  return candidatesOf({ sites: n, orders, group });
}

/** Throws a usage error for products of more spins than there are, or of a number that cannot be. */
export function checkOrder(order: number, sites: number): void {
  if (!Number.isInteger(order) || order < 1)
    throw usageError(`the order is a whole number of at least 1, not ${order}`);
  if (order > sites) throw usageError(`the order ${order} is more than the ${sites} sites there are`);
}

/** Throws an input error for a space with sites that are not bits. */
export function requireBinary(space: Space): void {
  if (space.kind !== "binary")
    throw inputError(
      `a ${space.kind} space has no products of spins; effective Hamiltonians are of binary data`,
    );
}
