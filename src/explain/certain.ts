import { chiSquaredSurvival } from "../stats/chi-squared.ts";
import { deviance, type EliminateOptions, weakOf } from "./eliminate.ts";
import { minimumOf, type TermFit } from "./fit.ts";
import { holm } from "./holm.ts";
import type { MinimiseOptions } from "./minimise.ts";

/** Accuracy, in nats of the total loss, and rows that second derivatives are taken from, where only the loss is asked. */
const coarse: MinimiseOptions = { tolerance: 1e-2, hessianRows: 8192 };

/** Screened terms that the place of a doubtful one is offered to. */
const STAND_INS = 2;

/**
 * Returns the terms of a formula that no other screened terms can replace, by Holm's procedure among all
 * candidates. Most differ from 0 whatever the coefficients of all screened terms are. If the fit of all
 * screened terms does not distinguish a term from 0, the term is tested by the rise of the formula's loss
 * without it, with the most helpful screened terms in its place: this finds terms that were chosen instead of
 * others. A term with a relative error above one half in the fit of all is not tested: rows hardly bound it,
 * and it has no determined coefficient.
 */
export async function certainTerms(
  screened: TermFit,
  kept: TermFit,
  options: EliminateOptions,
): Promise<Set<number>> {
  const { candidates, level, pause } = options;
  const tests = candidates.terms.length;
  const weak = new Set(weakOf(screened, tests, level));
  const sigmas: number[] = [];
  for (const [i, term] of screened.support.entries()) {
    await pause(i / screened.support.length);
    const sigma = screened.sigmas[i]!;
    const again = weak.has(i) && kept.support.includes(term) && Math.abs(sigma) >= 2;
    sigmas.push(again ? Math.sqrt(Math.max(0, riseWithout(term, screened, kept, options))) : sigma);
  }
  const differs = holm(sigmas, tests, level);
  return new Set(
    kept.support.filter((term) => {
      const i = screened.support.indexOf(term);
      return differs[i] || Number.isNaN(sigmas[i]);
    }),
  );
}

/**
 * By how much the loss of a formula rises without one of its terms, as χ² has it, when the screened terms that help most are
 * taken in instead. The second is a term more than the formula had, and must make up for what the best of all candidates
 * gains by chance, about 2 log(candidates).
 */
function riseWithout(term: number, screened: TermFit, kept: TermFit, options: EliminateOptions): number {
  const { objective, candidates, rows } = options;
  const place = kept.support.indexOf(term);
  const support = new Set(kept.support);
  support.delete(term);
  const spare = new Set(screened.support.filter((t) => t !== term && !support.has(t)));
  let least = Number.POSITIVE_INFINITY;
  for (let taken = 0; ; taken++) {
    const { design, theta, loss } = minimumOf(options, [...support], coarse);
    const more = Math.max(0, taken - 1);
    least = Math.min(least, deviance(loss, kept, [place]) + more * 2 * Math.log(candidates.terms.length));
    if (taken === STAND_INS || spare.size === 0) return least;
    const scores = objective.scores(design, theta, rows, candidates);
    const costs = objective.penalties(design, theta, rows, candidates);
    const pull = (t: number) => Math.abs(scores[t]!) / costs[t]!;
    const best = [...spare].reduce((a, b) => (pull(b) > pull(a) ? b : a));
    spare.delete(best);
    support.add(best);
  }
}

/**
 * Whether some of the screened terms describe the rows as well as all of them do, as far as chance among all candidates
 * allows.
 */
export function suffices(kept: TermFit, screened: TermFit, { candidates, level }: EliminateOptions): boolean {
  const stays = new Set(kept.support);
  const away = [...screened.support.keys()].filter((i) => !stays.has(screened.support[i]!));
  const rise = away.length === 0 ? 0 : deviance(kept.loss, screened, away);
  return !(chiSquaredSurvival(Math.max(0, rise), candidates.terms.length - stays.size) <= level);
}
