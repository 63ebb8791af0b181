import { normalSurvival } from "../stats/normal.ts";

/**
 * Which of some estimates differ from 0, from their deviations in units of their errors, by Holm's procedure among
 * `tests` tests: with probability 1 − `level` none that is 0 is called different. NaN never differs.
 *
 * Source: Holm, Scand. J. Stat. 6 (1979) 65.
 */
export function holm(sigmas: ArrayLike<number>, tests: number, level: number): boolean[] {
  const pValues = Array.from(sigmas, (z) => (Number.isNaN(z) ? 1 : 2 * normalSurvival(Math.abs(z))));
  const differs = new Array<boolean>(sigmas.length).fill(false);
  const order = pValues.map((_, i) => i).sort((a, b) => pValues[a]! - pValues[b]!);
  for (const [rank, i] of order.entries()) {
    if (!(pValues[i]! <= level / (tests - rank))) break;
    differs[i] = true;
  }
  return differs;
}
