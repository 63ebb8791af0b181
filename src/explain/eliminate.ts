import { chiSquaredSurvival } from "../stats/chi-squared.ts";
import { mean } from "../stats/mean.ts";
import { type FitOptions, fitTerms, type TermFit } from "./fit.ts";
import { holm } from "./holm.ts";

/** See {@link eliminate}. */
export interface EliminateOptions extends FitOptions {
  /** The probability of keeping any term whose coefficient is 0. */
  readonly level: number;
  pause(fraction: number): Promise<void>;
}

/**
 * Takes terms away from a fit until all that are left differ from 0, by Holm's procedure among all candidates: the least
 * certain first, one at a time or as many as together are no stronger evidence than half of what one term needs, everything
 * fitted again each time. What the loss then says decides: a term without which it rises by more than chance stays, whatever
 * its error (which is large where a coupling is so strong that rows hardly bound it), and of several the least certain is
 * tried alone. Of losses that are no −log P, where the formula is an approximation and no term is the right one, half of what
 * does not differ goes at a time. Terms whose errors are not known stay.
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

/** Places of the terms of a fit that Holm's procedure does not tell from 0, the least certain first. */
export function weakOf({ sigmas }: TermFit, tests: number, level: number): number[] {
  const differs = holm(sigmas, tests, level);
  return [...sigmas.keys()]
    .filter((i) => !differs[i] && !Number.isNaN(sigmas[i]))
    .sort((a, b) => Math.abs(sigmas[a]!) - Math.abs(sigmas[b]!));
}

/**
 * By how much a summed loss is above that of a larger fit, which has the terms at `places` besides, as χ² has it: twice the
 * difference, divided by the mean inflation of these terms, since a pseudo-likelihood is no likelihood.
 *
 * Source: Rao & Scott, J. Am. Stat. Assoc. 76 (1981) 221 (first-order correction).
 */
export function deviance(loss: number, larger: TermFit, places: readonly number[]): number {
  const known = places.map((i) => larger.inflation[i]!).filter((inflation) => !Number.isNaN(inflation));
  return (2 * (loss - larger.loss)) / mean(Float64Array.from(known));
}
