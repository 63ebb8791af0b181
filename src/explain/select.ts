import type { Estimate } from "../stats/estimate.ts";
import { certainTerms, suffices } from "./certain.ts";
import { type EliminateOptions, eliminate } from "./eliminate.ts";
import { fitTerms, type TermFit } from "./fit.ts";
import type { Term } from "./terms.ts";

/** A term of an effective Hamiltonian with its coefficient. */
export interface Coefficient {
  /** The products that share the coefficient. */
  readonly term: Term;
  /** K, dimensionless: β times the coupling. */
  readonly estimate: Estimate;
}

/** See {@link select}. */
export interface SelectOptions extends EliminateOptions {
  /** Places of the terms to begin with. */
  readonly support: readonly number[];
  /**
   * Maximum number of terms to name: those furthest from 0 in units of their errors, or of largest |K| if any
   * error is unknown.
   */
  readonly most?: number | undefined;
}

/** The terms of a formula. */
export interface Selected {
  readonly always: readonly Estimate[];
  /** Places of these, the hidden and the undecided terms: all that were fitted together. */
  readonly support: readonly number[];
  readonly coefficients: readonly Coefficient[];
  /**
   * Terms of the formula beyond the requested `most`; they stay in the fit and affect the coefficients of the
   * others.
   */
  readonly hidden: readonly Coefficient[];
  /** Further terms that are needed but that others may replace; usually none. */
  readonly undecided: readonly Coefficient[];
}

/**
 * Fits a support without a penalty and removes the terms that do not differ from 0; see `eliminate`. The
 * errors are sandwich errors of the last fit, as if its terms had been known beforehand. If there are more
 * terms than `most`, the least certain are hidden; if any error is unknown, those of smallest |K|, since
 * units of errors would not compare them all. They stay in the fit: otherwise the others would have to carry
 * their weight.
 *
 * For losses −log P the coefficients of some terms are true, and the remaining terms may be wrong ones that
 * carry the weight of right ones, if rows do not distinguish them. Only terms that no others of the support
 * can replace count as found; see `certainTerms`. The others are undecided: those that are left if these
 * describe the rows as well as the whole support does, else all of it. If there are any, estimates are those
 * of the fit of the whole support.
 */
export async function select(options: SelectOptions): Promise<Selected> {
  const { objective, pause } = options;
  const screened = fitTerms(options, options.support);
  const within = (from: number, to: number) => ({
    ...options,
    pause: (fraction: number) => pause(from + (to - from) * fraction),
  });
  const kept = await eliminate(screened, within(0, 0.5));
  const certain = objective.likelihood
    ? await certainTerms(screened, kept, within(0.5, 1))
    : new Set(kept.support);
  const needed = !objective.likelihood || suffices(kept, screened, options) ? kept : screened;
  const undecided = needed.support.filter((term) => !certain.has(term));
  if (undecided.length === 0) {
    return {
      ...{ always: kept.always, support: kept.support, undecided: [] },
      ...shownOf(kept, kept.support, options),
    };
  }
  return {
    ...{ always: screened.always, support: needed.support },
    ...shownOf(screened, [...certain], options),
    undecided: termsOf(screened, undecided, options),
  };
}

/** Some terms of a fit, the strongest of them named and the others hidden. */
function shownOf(
  fit: TermFit,
  terms: readonly number[],
  options: SelectOptions,
): Pick<Selected, "coefficients" | "hidden"> {
  const named = strongest(fit, terms, options);
  const rest = terms.filter((term) => !named.includes(term)).sort((a, b) => a - b);
  return { coefficients: termsOf(fit, named, options), hidden: termsOf(fit, rest, options) };
}

/** The strongest terms of a fit, at most `most`, in order of their indices. */
function strongest(
  { support, estimates, sigmas }: TermFit,
  terms: readonly number[],
  { most = Number.POSITIVE_INFINITY }: SelectOptions,
): number[] {
  const place = new Map(support.map((term, i) => [term, i]));
  const at = (term: number) => place.get(term) as number;
  const unknown = terms.some((term) => Number.isNaN(sigmas[at(term)]));
  const size = (term: number) => Math.abs(unknown ? estimates[at(term)]!.value : sigmas[at(term)]!);
  return [...terms]
    .sort((a, b) => (size(a) === size(b) ? 0 : size(b) - size(a)))
    .slice(0, most)
    .sort((a, b) => a - b);
}

function termsOf(
  { support, estimates }: TermFit,
  terms: readonly number[],
  { candidates }: SelectOptions,
): Coefficient[] {
  return terms.map((t) => ({ term: candidates.terms[t]!, estimate: estimates[support.indexOf(t)]! }));
}
