import type { Estimate } from "../stats/estimate.ts";
import { certainTerms, suffices } from "./certain.ts";
import { type EliminateOptions, eliminate } from "./eliminate.ts";
import { fitTerms, type TermFit } from "./fit.ts";
import type { Term } from "./terms.ts";

/** A term of an effective Hamiltonian with its coefficient. */
export interface Coefficient {
  readonly term: Term;
  /** K, dimensionless: β times the coupling. */
  readonly estimate: Estimate;
}

/** See {@link select}. */
export interface SelectOptions extends EliminateOptions {
  /** Places of the terms to begin with. */
  readonly support: readonly number[];
  /** Most terms to keep: those furthest from 0 in units of their errors, or of largest |K| where any error is unknown. */
  readonly most?: number | undefined;
}

/** The terms of a formula. */
export interface Selected {
  readonly always: readonly Estimate[];
  /** Places of these and the undecided terms. */
  readonly support: readonly number[];
  readonly coefficients: readonly Coefficient[];
  /** Terms that are needed besides but that others may stand in for; none as a rule. */
  readonly undecided: readonly Coefficient[];
}

/**
 * Fits a support without a penalty and takes away the terms that do not differ from 0; see `eliminate`. The errors are
 * sandwich errors of the last fit, as if its terms had been known beforehand. Where there are more terms than `most`, the
 * least certain go too, or, of terms of which any error is unknown, those of smallest |K|: units of errors would not compare
 * them all.
 *
 * Of losses that are −log P the coefficients of some terms are true, and what is left may be wrong terms that bear the weight
 * of right ones, if rows do not tell them apart. Only terms that no others of the support can stand in for count as found; see
 * `certainTerms`. The others are undecided: those that are left where these describe the rows as well as the
 * whole support does, else all of it. Where there are any, estimates are those of the fit of the whole support.
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
    const chosen = strongest(kept, kept.support, options);
    const fit = chosen.length < kept.support.length ? fitTerms(options, chosen) : kept;
    return {
      always: fit.always,
      support: chosen,
      coefficients: termsOf(fit, chosen, options),
      undecided: [],
    };
  }
  const chosen = strongest(screened, [...certain], options);
  const named = new Set(chosen);
  const others = needed.support.filter((term) => !named.has(term));
  return {
    ...{ always: screened.always, support: needed.support },
    coefficients: termsOf(screened, chosen, options),
    undecided: termsOf(screened, others, options),
  };
}

/** At most so many of some terms of a fit, in the order of their places. */
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
