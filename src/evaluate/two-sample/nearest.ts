import type { Estimate } from "../../stats/index.ts";
import type { FeatureTable } from "./features/feature.ts";
import { roc } from "./roc.ts";
import { squaredDistances } from "./support.ts";
import { type Parents, testGroups } from "./test-groups.ts";

/** Comparison of candidates with their nearest neighbours among the training rows. */
export interface NearestNeighbours {
  /**
   * Share of candidates that are much nearer to one training row than to all others, by the ratio of the two nearest distances:
   * more so than 98 % of held-out real rows. Real rows have 2 %. Equal candidates count once: discrete rows repeat the likeliest
   * configurations, which is no memory.
   */
  readonly standOut: Estimate;
  /** Probability that a candidate lies farther from its nearest training row, in features, than a held-out real row does: 0.5 for real rows. */
  readonly farther: Estimate;
  /** The median of that distance divided by the median for real rows. */
  readonly ratio: number;
  /** Too near is memorised, too far is smooth or off the data; `as real` if neither is seen. */
  readonly verdict: "memorised" | "too far" | "as real";
}

/** Share of held-out rows that count as standing out. */
const standOutShare = 0.02;
/** Errors, and shares, from which a verdict is given. */
const sigmas = 4;
const memorisedShare = 5 * standOutShare;
const fartherShare = 0.6;

/** Rows in two pictures of distance: values, in which copies are seen, and features, in which distance from the data is. */
export interface NearRows {
  readonly values: FeatureTable;
  readonly features: FeatureTable;
  readonly parents: Parents;
}

/**
 * Compares candidates with held-out real rows by their distances from training rows; at least three training
 * rows.
 *
 * Source: Lowe, IJCV 60 (2004) 91 (the ratio of the two nearest distances); Meehan et al., AISTATS 2020
 * (arXiv:2004.05675).
 */
export function nearestNeighbours(train: NearRows, held: NearRows, candidates: NearRows): NearestNeighbours {
  const [real, own] = [ratios(train.values, held.values), ratios(train.values, candidates.values)];
  const sorted = real.filter(firsts(held.values)).sort();
  const threshold = sorted[Math.floor(standOutShare * sorted.length)]!;
  const isOut = own.map((ratio) => (ratio < threshold ? 1 : 0));
  const groups = testGroups(held.parents, candidates.parents);
  const standOut = groupedShare(isOut, groups.y, firsts(candidates.values));
  const [ofReal, ofOwn] = [
    nearestDistances(train.features, held.features),
    nearestDistances(train.features, candidates.features),
  ];
  const farther = roc(ofReal, ofOwn, groups).auc;
  const median = (values: Float64Array) => values.slice().sort()[values.length >> 1]!;
  const verdict =
    standOut.value > memorisedShare && standOut.value - standOutShare > sigmas * standOut.error
      ? "memorised"
      : farther.value > fartherShare && farther.value - 0.5 > sigmas * farther.error
        ? "too far"
        : "as real";
  return { standOut, farther, ratio: median(ofOwn) / median(ofReal), verdict };
}

/** The distance from the nearest training row over that from the second; 1 if both are copies. */
function ratios(train: FeatureTable, rows: FeatureTable): Float64Array {
  return nearestTwo(train, rows, ([first, second]) => (second === 0 ? 1 : Math.sqrt(first / second)));
}

function nearestDistances(train: FeatureTable, rows: FeatureTable): Float64Array {
  return nearestTwo(train, rows, ([first]) => Math.sqrt(first));
}

function nearestTwo(
  train: FeatureTable,
  rows: FeatureTable,
  of: (squares: readonly [number, number]) => number,
): Float64Array {
  const squares = squaredDistances(rows, train);
  return Float64Array.from({ length: rows.rows }, (_, row) => {
    let [first, second] = [Infinity, Infinity];
    for (let i = 0; i < train.rows; i++) {
      const d = squares[row * train.rows + i]!;
      if (d < first) [first, second] = [d, first];
      else if (d < second) second = d;
    }
    return of([first, second]);
  });
}

/** Returns whether a row, by its place, is the first of those equal to it. */
function firsts({ rows, values }: FeatureTable): (_: unknown, row: number) => boolean {
  const width = values.length / rows;
  const seen = new Set<string>();
  const isFirst = Array.from({ length: rows }, (_, row) => {
    const key = values.subarray(row * width, (row + 1) * width).join();
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  return (_, row) => isFirst[row]!;
}

/**
 * The mean of zeros and ones over the rows in groups that count; if all values agree, the error is that of
 * one row.
 */
function groupedShare(
  isOne: Float64Array,
  groups: readonly Uint32Array[],
  counts: (_: unknown, row: number) => boolean,
): Estimate {
  const counted = isOne.filter(counts);
  const n = counted.length;
  const value = counted.reduce((sum, v) => sum + v, 0) / n;
  let square = 0;
  for (const rows of groups) {
    let own = 0;
    for (const row of rows) if (counts(0, row)) own += isOne[row]! - value;
    square += own * own;
  }
  return { value, error: Math.max(1 / n, Math.sqrt((groups.length / (groups.length - 1)) * square) / n) };
}
