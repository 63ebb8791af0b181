/** Periods that are looked for: even ones, since an odd one has its double. */
const [shortest, longest] = [4, 16];
/** The longest lag of a value and the one that it is compared with. */
const mostLag = 2 * longest + 4;
/** Batches that the error is taken from. */
const batches = 64;
/** A peak is believed if it is larger than both, the first in units of its error, the second of the variance. */
const [sigmas, least] = [4, 0.05];

/**
 * Whether values recur with some period: whether the autocorrelation ρ at even lags has peaks at its
 * multiples, ρ(l − 2) − 2ρ(l) + ρ(l + 2) < 0 on average. A reversible Markov chain has no such peaks, since
 * ρ(2k) is a sum of terms c λ^2k with c > 0, each of them convex in k (Geyer, Stat. Sci. 7 (1992) 473,
 * section 3.3). Pictures stored in all their colours one after the other have them.
 *
 * @param chains The values of chains side by side, each in order.
 */
export function comesBack(chains: readonly Float64Array[]): boolean {
  const variance = meanOf(chains.map((values) => meanOf(values.map((value) => value * value))));
  for (let period = shortest; period <= longest; period += 2) {
    const peaks = chains.flatMap((values) => peaksOf(values, period));
    const peak = meanOf(peaks);
    if (peak > least * variance && peak > sigmas * batchError(peaks)) return true;
  }
  return false;
}

/** Contribution of each value to the mean height of the peaks at multiples of a period. */
function peaksOf(values: Float64Array, period: number): number[] {
  // Half the square of a difference is on average the variance less the autocovariance, wherever the values drift.
  const apart = (t: number, lag: number) => ((values[t + lag] as number) - (values[t] as number)) ** 2 / 2;
  const lags: number[] = [];
  for (let lag = period; lag + 2 <= mostLag; lag += period) lags.push(lag);
  return Array.from({ length: Math.max(0, values.length - mostLag) }, (_, t) => {
    let sum = 0;
    for (const lag of lags) sum += apart(t, lag - 2) - 2 * apart(t, lag) + apart(t, lag + 2);
    return sum / lags.length;
  });
}

/** The error of a mean by the spread of the means of batches. */
function batchError(values: readonly number[]): number {
  const length = Math.floor(values.length / batches);
  if (length === 0) return Number.POSITIVE_INFINITY;
  const means = Array.from({ length: batches }, (_, b) => meanOf(values.slice(b * length, (b + 1) * length)));
  const centre = meanOf(means);
  return Math.sqrt(meanOf(means.map((mean) => (mean - centre) ** 2)) / (batches - 1));
}

function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum / values.length;
}
