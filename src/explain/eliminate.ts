import { chiSquaredSurvival } from "../stats/chi-squared.ts";
import { mean } from "../stats/mean.ts";
import { type FitOptions, fitTerms, type TermFit } from "./fit.ts";
import { holm } from "./holm.ts";

/** See {@link eliminate}. */
export interface EliminateOptions extends FitOptions {
  /** The probability of keeping any term with a true coefficient of 0. */
  readonly level: number;
  pause(fraction: number): Promise<void>;
}

/**
 * Removes terms from a fit until all that are left differ from 0, by Holm's procedure among all candidates:
 * the least certain first, one at a time, or several if together they are no stronger evidence than half of
 * what one term needs, everything fitted again each time. The loss then decides: if it rises by more than
 * chance without a term, the term stays, whatever its error (which is large for a coupling so strong that
 * rows hardly bound it), and of several removed terms the least certain is tried alone. For losses other than
 * −log P, where the formula is an approximation and no term is the right one, half of the terms that do not
 * differ are removed at a time. Terms with unknown errors stay.
 */
export async function eliminate(all: TermFit, options: EliminateOptions): Promise<TermFit> {
  const { objective, candidates, level, pause } = options;
  const tests = candidates.terms.length;
  const chance = (deviance: number) => !(chiSquaredSurvival(Math.max(0, deviance), 1) <= level / tests);
  const needed = new Set<number>();
  let fit = all;
  let alone = false;
  for (;;) {
    const { support, sigmas } = fit;
    await pause(1 - support.length / (all.support.length + 1));
    const weak = weakOf(fit, tests, level).filter((i) => !needed.has(support[i]!));
    const [least] = weak;
    if (least === undefined) return fit;
    let evidence = 0;
    const some = weak.filter((i, rank) => {
      if (!objective.likelihood) return rank < weak.length / 2;
      evidence += sigmas[i]! ** 2;
      return chance(2 * evidence);
    });
    const away = new Set(alone || some.length === 0 ? [least] : some);
    const without = fitTerms(
      options,
      support.filter((_, i) => !away.has(i)),
    );
    if (!objective.likelihood || chance(deviance(without.loss, fit, [...away]))) {
      fit = without;
      alone = false;
    } else if (away.size > 1) alone = true;
    else {
      needed.add(support[least]!);
      alone = false;
    }
  }
}

/**
 * Returns the indices of a fit's terms that Holm's procedure does not distinguish from 0, the least certain
 * first.
 */
export function weakOf({ sigmas }: TermFit, tests: number, level: number): number[] {
  const differs = holm(sigmas, tests, level);
  return [...sigmas.keys()]
    .filter((i) => !differs[i] && !Number.isNaN(sigmas[i]))
    .sort((a, b) => Math.abs(sigmas[a]!) - Math.abs(sigmas[b]!));
}

/**
 * Returns the difference of a summed loss from that of a larger fit, which also has the terms at `places`, on
 * the scale of χ²: twice the difference, divided by the mean inflation of these terms, since a
 * pseudo-likelihood is no likelihood.
 *
 * Source: Rao & Scott, J. Am. Stat. Assoc. 76 (1981) 221 (first-order correction).
 */
export function deviance(loss: number, larger: TermFit, places: readonly number[]): number {
  const known = places.map((i) => larger.inflation[i]!).filter((inflation) => !Number.isNaN(inflation));
  return (2 * (loss - larger.loss)) / mean(Float64Array.from(known));
}
