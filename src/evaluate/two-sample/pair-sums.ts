import type { Points } from "../points.ts";
import { distance } from "../points.ts";

/** Distances between all pairs of points of one set, `[count, count]`. */
export function pairDistances(points: Points): Float32Array {
  const { count } = points;
  const out = new Float32Array(count * count);
  for (let i = 0; i < count; i++)
    for (let j = 0; j < i; j++) {
      const d = distance(points, i, points, j);
      out[i * count + j] = d;
      out[j * count + i] = d;
    }
  return out;
}

/** Sums of a symmetric function of two points over pairs of groups of points. */
export interface PairSums {
  /** Number of groups. */
  readonly count: number;
  /** `[count, count]`: sums over the pairs of points of two groups; pairs within a group are omitted. */
  readonly sums: Float64Array;
  /** Points in each group. */
  readonly sizes: Float64Array;
}

/** Sums `of` each distance over the pairs of points of two groups. */
export function pairSums(
  distances: Float32Array,
  points: number,
  groups: readonly Uint32Array[],
  of: (distance: number) => number,
): PairSums {
  const count = groups.length;
  const sums = new Float64Array(count * count);
  const group = new Int32Array(points);
  groups.forEach((rows, g) => {
    for (const row of rows) group[row] = g;
  });
  for (let i = 0; i < points; i++)
    for (let j = 0; j < i; j++) {
      const [a, b] = [group[i]!, group[j]!];
      if (a === b) continue;
      const value = of(distances[i * points + j]!);
      sums[a * count + b] = sums[a * count + b]! + value;
      sums[b * count + a] = sums[b * count + a]! + value;
    }
  return { count, sums, sizes: Float64Array.from(groups, (rows) => rows.length) };
}

/**
 * Returns a function for the means over pairs of points of different groups: within the first set, within the second, and
 * across. It takes a label for each group, 1 in the first set.
 */
export function pairMeans({ count, sums, sizes }: PairSums) {
  const rowSums = Float64Array.from({ length: count }, (_, a) => {
    let sum = 0;
    for (let b = 0; b < count; b++) sum += sums[a * count + b]!;
    return sum;
  });
  const total = rowSums.reduce((sum, v) => sum + v, 0);
  const first = new Int32Array(count);
  return (isFirst: Uint8Array): { readonly xx: number; readonly yy: number; readonly xy: number } => {
    let [n, of1, pairs1, squares1, squares2, of2] = [0, 0, 0, 0, 0, 0];
    for (let g = 0; g < count; g++) {
      const size = sizes[g]!;
      if (isFirst[g] === 1) {
        first[n++] = g;
        pairs1 += rowSums[g]!;
        of1 += size;
        squares1 += size * size;
      } else {
        of2 += size;
        squares2 += size * size;
      }
    }
    let within = 0;
    for (let i = 0; i < n; i++) {
      const at = first[i]! * count;
      for (let j = 0; j < i; j++) within += sums[at + first[j]!]!;
    }
    const sum11 = 2 * within;
    const sum12 = pairs1 - sum11;
    const sum22 = total - sum11 - 2 * sum12;
    return {
      xx: sum11 / (of1 * of1 - squares1),
      yy: sum22 / (of2 * of2 - squares2),
      xy: sum12 / (of1 * of2),
    };
  };
}
