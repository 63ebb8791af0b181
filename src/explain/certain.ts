import { chiSquaredSurvival } from "../stats/chi-squared.ts";
import { deviance, type EliminateOptions, weakOf } from "./eliminate.ts";
import { lossWithout, type TermFit } from "./fit.ts";
import { holm } from "./holm.ts";

/**
 * Those of some terms that differ from 0 whatever the coefficients of all other screened terms are, by Holm's procedure
 * among all candidates: no other term can stand in for them. A term that its error in the fit of all does not tell from 0 is
 * tried again by how much the loss rises without it: where a coupling is so strong that rows hardly bound it, its error is
 * large, and the loss says more. Not so one whose error is larger than itself: rows do not bound it at all, and there is
 * no coefficient to tell.
 */
export async function certainTerms(
  screened: TermFit,
  among: readonly number[],
  options: EliminateOptions,
): Promise<Set<number>> {
  const { candidates, level, pause } = options;
  const tests = candidates.terms.length;
  const weak = new Set(weakOf(screened, tests, level));
  const asked = new Set(among);
  const sigmas: number[] = [];
  for (const [i, term] of screened.support.entries()) {
    await pause(i / screened.support.length);
    const sigma = screened.sigmas[i]!;
    const again = weak.has(i) && asked.has(term) && Math.abs(sigma) >= 1;
    sigmas.push(
      again ? Math.sqrt(Math.max(0, deviance(lossWithout(options, screened, i), screened, [i]))) : sigma,
    );
  }
  const differs = holm(sigmas, tests, level);
  return new Set(
    among.filter((term) => {
      const i = screened.support.indexOf(term);
      return differs[i] || Number.isNaN(sigmas[i]);
    }),
  );
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
