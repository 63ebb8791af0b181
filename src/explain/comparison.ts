import { type JointTest, jointTest } from "../stats/bonferroni.ts";
import { difference } from "../stats/estimate.ts";
import type { Explanation } from "./explanation.ts";
import { productKey } from "./products.ts";
import type { Candidates, Term } from "./terms.ts";
import type { TrueCouplings } from "./true-couplings.ts";

/** An explanation next to the couplings that the configurations were made with. */
export interface CouplingComparison {
  /**
   * The exact coefficient of each term of the explanation, in its order; for a term of several products,
   * their mean.
   */
  readonly exact: readonly number[];
  /** Terms that the explanation names though their exact coefficient is 0. */
  readonly spurious: readonly Term[];
  /** Terms with an exact coefficient other than 0 that the explanation could have named and did not. */
  readonly missed: readonly { readonly term: Term; readonly exact: number }[];
  /** Those of the missed that the explanation has as undecided. */
  readonly undecided: number;
  /** Whether the terms are those with exact coefficients. */
  readonly sameGraph: boolean;
  /**
   * The deviations of the explanation's terms, in units of their errors, from 0 for spurious terms. Missed
   * terms have no error and do not count.
   */
  readonly test: JointTest;
}

/** Holds the coefficients of an explanation against the exact ones; `candidates` are the terms it could have had. */
export function compareCouplings(
  { coefficients, hidden = [], undecided, shape }: Explanation,
  truth: TrueCouplings,
  candidates: Candidates,
): CouplingComparison {
  const sites = shape.reduce((count, side) => count * side, 1);
  const exactOf = ({ products }: Term) =>
    products.reduce((sum, product) => sum + truth.of(product), 0) / products.length;
  const keyOf = ({ products: [first = []] }: Term) => productKey(first, sites);
  const had = new Set([...coefficients, ...hidden].map(({ term }) => keyOf(term)));
  const exact = coefficients.map(({ term }) => exactOf(term));
  const spurious = coefficients.flatMap(({ term }, i) => (exact[i] === 0 ? [term] : []));
  const missed = candidates.terms.flatMap((term) => {
    const k = exactOf(term);
    return k !== 0 && !had.has(keyOf(term)) ? [{ term, exact: k }] : [];
  });
  const sigmas = coefficients.map(({ estimate }, i) => difference(estimate, exact[i]!).sigmas);
  return {
    exact,
    spurious,
    missed,
    undecided: undecided.filter(({ term }) => exactOf(term) !== 0).length,
    sameGraph: spurious.length === 0 && missed.length === 0,
    test: jointTest(sigmas),
  };
}
