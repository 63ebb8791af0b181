import type { Key } from "../../random/key.ts";
import { uniform } from "../../random/uniform.ts";
import { kolmogorovSurvival } from "../../stats/kolmogorov.ts";
import { defaultPermutations, permutationTest } from "./permutations.ts";
import { groupOfRows, type TestGroups } from "./test-groups.ts";

/** The two-sample Kolmogorov–Smirnov test of one observable. */
export interface KolmogorovSmirnov {
  /** The largest distance of the two distribution functions. */
  readonly statistic: number;
  /** log₁₀ of the probability of a distance this large if both samples have one distribution; too large if values repeat. */
  readonly log10P: number;
}

/**
 * Runs the two-sample Kolmogorov–Smirnov test of values `x` and `y`, one per row. Independent rows have
 * Kolmogorov's limit with Hodges' correction; the probability of the distance itself counts by a share drawn
 * from the key, so that p-values are uniform although distances are discrete. With groups of rows, groups are
 * permuted.
 *
 * Source: Hodges, Ark. Mat. 3 (1958) 469.
 */
export function kolmogorovSmirnov(
  x: Float64Array,
  y: Float64Array,
  groups: TestGroups,
  {
    key,
    permutations = defaultPermutations,
  }: { readonly key: Key; readonly permutations?: number | undefined },
): KolmogorovSmirnov {
  const total = x.length + y.length;
  const at = (row: number) => (row < x.length ? x[row]! : y[row - x.length]!);
  const order = Uint32Array.from({ length: total }, (_, row) => row).sort((a, b) => at(a) - at(b));
  const group = groupOfRows(groups, x.length, y.length);
  const sorted = Int32Array.from(order, (row) => group[row]!);
  // Equal values step at once.
  const isLast = Uint8Array.from(order, (row, i) => (i + 1 === total || at(order[i + 1]!) > at(row) ? 1 : 0));
  const count = groups.x.length + groups.y.length;
  const statisticOf = (isFirst: Uint8Array) => {
    let first = 0;
    for (let i = 0; i < total; i++) first += isFirst[sorted[i]!]!;
    const [up, down] = [1 / first, 1 / (total - first)];
    let [difference, largest] = [0, 0];
    for (let i = 0; i < total; i++) {
      difference += isFirst[sorted[i]!] === 1 ? up : -down;
      if (isLast[i] === 1) largest = Math.max(largest, Math.abs(difference));
    }
    return largest;
  };
  if (count < total) {
    const { value, pValue } = permutationTest(statisticOf, groups.x.length, count, key, permutations);
    return { statistic: value, log10P: Math.log10(pValue) };
  }
  const statistic = statisticOf(new Uint8Array(count).fill(1, 0, groups.x.length));
  const root = Math.sqrt((x.length * y.length) / total);
  const [few, many] = [Math.min(x.length, y.length), Math.max(x.length, y.length)];
  const hodges = (few + 2 * many) / (6 * Math.sqrt(few * many * total));
  // Distances lie a step apart, whose probability is 0.1 for 100 rows each: where in the step is drawn.
  const step = root / ((few * many) / greatestDivisor(few, many));
  const scaled = root * statistic + hodges + step * ((uniform(key, 1, "f64")[0] as number) - 0.5);
  const limit = kolmogorovSurvival(scaled);
  // Far out one term of the series is all, and may be below the least double.
  const log10P = scaled > 15 ? (Math.LN2 - 2 * scaled * scaled) / Math.LN10 : Math.log10(Math.min(1, limit));
  return { statistic, log10P };
}

/** Euclid's algorithm. */
function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}
