import type { Estimate } from "../stats/index.ts";
import { pauser } from "../systems/pause.ts";

/** See {@link uStatistic}. */
export interface UStatisticOptions<G> {
  /** Numbers that `h` goes through for a pair. */
  work(g: G, other: G): number;
  /** Pairs done, and all of them. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Amount of numbers processed between two looks at the clock: a millisecond or so. */
const WORK_PER_CHECK = 1_000_000;

/**
 * The mean of a symmetric function h(g, g') over all pairs of different groups, an unbiased estimate of its mean over
 * independent groups: what two-sample metrics are estimated by.
 *
 * error² = 4ζ₁/G + 2ζ₂/(G(G − 1)) for G groups. ζ₁ is the variance over g of the mean of h(g, ·), less what noise of order 1/G
 * adds to it, and at least 0. ζ₂ is the variance of h without the means of both groups, by the unbiased estimate of Székely
 * & Rizzo. Where the statistic is degenerate, as of equal distributions, ζ₁ is 0 and the second term is left; a jackknife
 * would give twice that. ζ₁ is taken half an error above a value that is well above 0, with which it grows. The
 * error is NaN for fewer than four groups.
 *
 * Throws AnsatzError (interrupted) once `signal` is aborted.
 *
 * Sources: Hoeffding, Ann. Math. Stat. 19 (1948) 293, eq. 5.13; Székely & Rizzo, Ann. Stat. 42 (2014) 2382, eq. 2.4 and prop. 1.
 */
export async function uStatistic<G>(
  groups: readonly G[],
  h: (g: G, other: G) => number,
  { work, onProgress, signal }: UStatisticOptions<G>,
): Promise<Estimate> {
  const count = groups.length;
  const total = (count * (count - 1)) / 2;
  const pause = pauser(signal, "scoring was interrupted");
  const sums = new Float64Array(count);
  let squares = 0;
  let [done, worked] = [0, 0];
  for (let g = 1; g < count; g++) {
    const own = groups[g] as G;
    for (let other = 0; other < g; other++) {
      const far = groups[other] as G;
      const value = h(own, far);
      sums[g]! += value;
      sums[other]! += value;
      squares += 2 * value * value;
      done++;
      worked += work(own, far);
      if (worked < WORK_PER_CHECK) continue;
      worked = 0;
      await pause(() => onProgress?.(done, total));
    }
  }
  onProgress?.(total, total);
  return estimate(sums, squares);
}

/** The estimate from Σ_{g' ≠ g} h(g, g') of each g and Σ_{g ≠ g'} h². */
function estimate(sums: Float64Array, squares: number): Estimate {
  const n = sums.length;
  const total = sums.reduce((sum, s) => sum + s, 0);
  const value = total / (n * (n - 1));
  if (n < 4) return { value, error: Number.NaN };
  const ofSums = sums.reduce((sum, s) => sum + s * s, 0);
  const centred = squares - (2 * ofSums) / (n - 2) + total ** 2 / ((n - 1) * (n - 2));
  const second = Math.max(0, centred) / (n * (n - 3));
  const spread = sums.reduce((sum, s) => sum + (s - total / n) ** 2, 0) / ((n - 1) * (n - 2) ** 2);
  const first = (4 / n) * Math.max(0, spread - second / (n - 2));
  const rest = (2 * second) / (n * (n - 1));
  const error = Math.sqrt(first + rest);
  // ζ₁ grows with the value, whose error would be too small where the value is: it is taken half an error above one that is known.
  const share = error / value;
  const above = share > 0 && share < 1 ? (share / 2) * (1 - share ** 2) : 0;
  return { value, error: Math.sqrt(first * (1 + above) + rest) };
}
