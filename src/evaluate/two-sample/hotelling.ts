import { logFSurvival } from "../../stats/f-distribution.ts";
import { symmetricEigen } from "../../stats/symmetric-eigen.ts";
import type { FeatureTable } from "./features/feature.ts";
import { scatter } from "./scatter.ts";
import type { TestGroups } from "./test-groups.ts";

/** The result of a joint test of the means of several features. */
export interface Hotelling {
  /** T², the square of the distance of the means in units of their joint error. */
  readonly t2: number;
  /** log₁₀ of the probability of a T² this large if both sets have one distribution. */
  readonly log10P: number;
  /** Combinations of features that were tested. */
  readonly components: number;
  /** Number of features that are constant in both sets and were omitted. */
  readonly constant: number;
}

/** Groups for each component that is tested: with fewer, the estimated covariance is too uncertain. */
const groupsPerComponent = 5;
/** Combinations with a smaller share of the largest variance are rounding. */
const leastShare = 1e-9;

/**
 * Runs Hotelling's T² test that two sets of rows have the same means of several features, with group means as
 * the independent observations. Features are standardised over both sets together; if there are too many for
 * the number of groups, the combinations of largest variance over both sets together are tested. This choice
 * does not use which row is of which set: for normal features the p-value is therefore exact (Basu's
 * theorem), and for others it is good by the central limit theorem. If all features are constant, T² is 0.
 *
 * Source: Anderson, "An Introduction to Multivariate Statistical Analysis" (2003), section 5.3.
 */
export function hotelling(x: FeatureTable, y: FeatureTable, groups: TestGroups): Hotelling {
  const width = x.names.length;
  const [a, b] = [groupMeans(x, groups.x), groupMeans(y, groups.y)];
  const [n, m] = [groups.x.length, groups.y.length];
  const all = new Float64Array((n + m) * width);
  all.set(a);
  all.set(b, a.length);
  const total = n + m;
  const varying = standardise(all, total, width);
  const p = varying.length;
  const none = { t2: 0, log10P: 0, components: 0, constant: width - p };
  if (p === 0) return none;
  const z = new Float64Array(total * p);
  for (let row = 0; row < total; row++)
    for (let c = 0; c < p; c++) z[row * p + c] = all[row * width + varying[c]!]!;
  const { values, vectors } = symmetricEigen(scatter(z, total, p), p);
  const most = Math.min(p, Math.max(1, Math.floor(total / groupsPerComponent)), total - 2);
  let components = 0;
  while (components < most && values[components]! > leastShare * values[0]!) components++;
  // With the total scatter diagonal, T² follows from the correlation of label and features: R² = T²/(T² + N − 2).
  let r2 = 0;
  for (let k = 0; k < components; k++) {
    let [first, second] = [0, 0];
    for (let row = 0; row < total; row++) {
      let score = 0;
      for (let c = 0; c < p; c++) score += z[row * p + c]! * vectors[k * p + c]!;
      if (row < n) first += score / n;
      else second += score / m;
    }
    r2 += (((n * m) / total) * (first - second) ** 2) / values[k]!;
  }
  const t2 = (r2 / Math.max(1 - r2, 1e-300)) * (total - 2);
  const f = (t2 * (total - components - 1)) / ((total - 2) * components);
  return {
    ...none,
    t2,
    components,
    log10P: logFSurvival(f, components, total - components - 1) / Math.LN10,
  };
}

/** The means over the rows of each group, [groups, features]. */
function groupMeans({ names, values }: FeatureTable, groups: readonly Uint32Array[]): Float64Array {
  const width = names.length;
  const out = new Float64Array(groups.length * width);
  groups.forEach((rows, g) => {
    for (const row of rows)
      for (let c = 0; c < width; c++)
        out[g * width + c] = out[g * width + c]! + values[row * width + c]! / rows.length;
  });
  return out;
}

/** Standardises the columns in place, and returns those that vary. */
function standardise(z: Float64Array, rows: number, width: number): number[] {
  const varying: number[] = [];
  for (let c = 0; c < width; c++) {
    let [mean, square] = [0, 0];
    for (let row = 0; row < rows; row++) mean += z[row * width + c]! / rows;
    for (let row = 0; row < rows; row++) square += (z[row * width + c]! - mean) ** 2 / rows;
    const deviation = Math.sqrt(square);
    if (!(deviation > 1e-10 * Math.abs(mean)) || deviation < 1e-150) continue;
    varying.push(c);
    for (let row = 0; row < rows; row++) z[row * width + c] = (z[row * width + c]! - mean) / deviation;
  }
  return varying;
}
