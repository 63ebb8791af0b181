import { difference, type Estimate } from "../stats/estimate.ts";
import { type RowOrigin, sandwichErrors } from "./errors.ts";
import { holm } from "./holm.ts";
import { minimise } from "./minimise.ts";
import type { Objective } from "./objective.ts";
import { designOf } from "./path.ts";
import type { Range } from "./spins.ts";
import type { Candidates, Term } from "./terms.ts";

/** A term of an effective Hamiltonian with its coefficient. */
export interface Coefficient {
  readonly term: Term;
  /** K, dimensionless: β times the coupling. */
  readonly estimate: Estimate;
}

/** See {@link select}. */
export interface SelectOptions {
  readonly objective: Objective;
  readonly candidates: Candidates;
  /** Places of the terms to begin with. */
  readonly support: readonly number[];
  readonly rows: readonly Range[];
  readonly origin?: RowOrigin;
  /** The probability of keeping any term whose coefficient is 0. */
  readonly level: number;
  /** Most terms to keep: those furthest from 0 in units of their errors, or of largest |K| where any error is unknown. */
  readonly most?: number | undefined;
  pause(fraction: number): Promise<void>;
}

/** What is left of a support: the terms that always stay, and the others with their places. */
export interface Selected {
  readonly always: readonly Estimate[];
  readonly support: readonly number[];
  readonly coefficients: readonly Coefficient[];
}

/**
 * Fits a support without a penalty and takes away the terms that do not differ from 0 by Holm's procedure among all
 * candidates, the less certain half of them at a time, until every term left differs; terms whose errors are not known stay.
 * Where there are more than `most`, the least certain go too, or, of terms of which any error is unknown, those of smallest
 * |K|: units of errors would not compare them all.
 * The errors are sandwich errors of the last fit, as if its terms had been known beforehand.
 */
export async function select(options: SelectOptions): Promise<Selected> {
  const { objective, candidates, rows, origin, level, most = Number.POSITIVE_INFINITY, pause } = options;
  let support = [...options.support];
  const begun = support.length;
  for (;;) {
    const terms = support.map((t) => candidates.terms[t]!);
    const design = designOf(objective, terms);
    const theta = minimise(objective, design, rows);
    await pause(0.5 * (1 - support.length / (begun + 1)));
    const errors = sandwichErrors(objective, design, theta, rows, origin);
    const estimates = [...theta].map((value, t) => ({ value, error: errors[t]! }));
    const fixed = objective.always.length;
    const own = estimates.slice(fixed);
    const sigmas = own.map((estimate) => difference(estimate, 0).sigmas);
    const differs = holm(sigmas, candidates.terms.length, level);
    const places = [...own.keys()];
    const weak = places.filter((i) => !differs[i] && !Number.isNaN(sigmas[i])).sort(byDistance(sigmas));
    const unknown = sigmas.some(Number.isNaN);
    const least = places.sort(byDistance(unknown ? own.map(({ value }) => value) : sigmas));
    const away =
      weak.length > 0
        ? weak.slice(0, Math.ceil(weak.length / 2))
        : least.slice(0, Math.max(0, own.length - most));
    if (away.length === 0)
      return {
        always: estimates.slice(0, fixed),
        support,
        coefficients: own.map((estimate, i) => ({ term: terms[i]!, estimate })),
      };
    const gone = new Set(away);
    support = support.filter((_, i) => !gone.has(i));
  }
}

/** Sorts places by the distance of their numbers from 0, which may be infinite. */
function byDistance(numbers: readonly number[]): (a: number, b: number) => number {
  return (a, b) => {
    const [x, y] = [Math.abs(numbers[a]!), Math.abs(numbers[b]!)];
    return x === y ? 0 : x - y;
  };
}
