import type { Estimate } from "../../stats/index.ts";
import { log10Survival } from "./deviate.ts";

/** How well a number separates rows of two sets. */
export interface Roc {
  /**
   * The probability that a row of the second set has the larger number (equal ones count half): 0.5 if the
   * number is uninformative.
   */
  readonly auc: Estimate;
  /** log₁₀ of the probability of an area this large if the number is uninformative. */
  readonly log10P: number;
}

/**
 * The area under the receiver operating characteristic, with the error of DeLong, DeLong & Clarke-Pearson (Biometrics 44 (1988) 837)
 * over groups of rows (Obuchowski, Biometrics 53 (1997) 567). `x` and `y` are numbers of rows, `groups` the places of each group in them.
 */
export function roc(
  x: Float64Array,
  y: Float64Array,
  groups: { readonly x: readonly Uint32Array[]; readonly y: readonly Uint32Array[] },
): Roc {
  const ofX = shares(x, y, (larger, equal) => (larger + equal / 2) / y.length);
  const ofY = shares(y, x, (larger, equal) => (x.length - larger - equal / 2) / x.length);
  const auc = ofX.reduce((sum, v) => sum + v, 0) / x.length;
  const variance = grouped(ofX, groups.x, auc) + grouped(ofY, groups.y, auc);
  const error = Math.sqrt(variance);
  // If the number tells nothing its spread is known (Mann & Whitney), but for what groups add: near 1 an area has hardly an error.
  const single = grouped(ofX, singles(x.length), auc) + grouped(ofY, singles(y.length), auc);
  const more = single > 0 ? Math.max(1, variance / single) : 1;
  const spread = Math.sqrt((more * (x.length + y.length + 1)) / (12 * x.length * y.length));
  return {
    auc: { value: auc, error: Math.max(error, leastError(x.length, y.length)) },
    log10P: log10Survival((auc - 0.5) / spread),
  };
}

const singles = (n: number) => Array.from({ length: n }, (_, row) => Uint32Array.of(row));

/**
 * Smallest error of an area: an area of 1 is not certain, and has the error of one more row on the wrong
 * side.
 */
const leastError = (n: number, m: number) => 1 / Math.max(n, m);

/** For each of `own`, a share of `others` from how many of them are larger and how many equal. */
function shares(
  own: Float64Array,
  others: Float64Array,
  of: (larger: number, equal: number) => number,
): Float64Array {
  const sorted = others.slice().sort();
  const below = (value: number, orEqual: boolean) => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle]! < value || (orEqual && sorted[middle] === value)) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return own.map((value) => {
    const [less, upTo] = [below(value, false), below(value, true)];
    return of(sorted.length - upTo, upTo - less);
  });
}

/** The variance of a mean over rows in groups. */
function grouped(values: Float64Array, groups: readonly Uint32Array[], mean: number): number {
  let sum = 0;
  for (const rows of groups) {
    let own = 0;
    for (const row of rows) own += values[row]! - mean;
    sum += own * own;
  }
  const n = groups.length;
  return n > 1 ? ((n / (n - 1)) * sum) / values.length ** 2 : Number.NaN;
}
