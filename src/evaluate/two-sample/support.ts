import type { FeatureTable } from "./features/feature.ts";

/** Overlap of the supports of two sets of points; see {@link supportOverlap}. */
export interface SupportOverlap {
  /** Share of candidates inside the support of real rows: quality. */
  readonly precision: number;
  /** Share of real rows inside the support of candidates: variety. */
  readonly recall: number;
  /** Number of real balls around a candidate, per k: 1 for real rows. */
  readonly density: number;
  /** Share of real balls with a candidate inside. */
  readonly coverage: number;
}

/** Neighbours that set the radius of the ball around a point. */
const supportNeighbours = 5;

/**
 * Returns precision and recall (Kynkäänniemi et al., arXiv:1904.06991), density and coverage (Naeem et al.,
 * arXiv:2002.09797) with k = 5 neighbours, from squared distances: real to real `[n, n]`, candidates to
 * candidates `[m, m]`, real to candidates `[n, m]`. With `n` real rows against `n` other real rows each is
 * about 1 except for chance and k: compare it with that of real rows.
 */
export function supportOverlap(
  real: Float64Array,
  candidates: Float64Array,
  across: Float64Array,
  n: number,
  m: number,
): SupportOverlap {
  const [realRadius, ownRadius] = [radii(real, n), radii(candidates, m)];
  const inside = new Float64Array(m);
  let [recalled, covered] = [0, 0];
  for (let i = 0; i < n; i++) {
    let [isRecalled, isCovered] = [false, false];
    for (let j = 0; j < m; j++) {
      const d = across[i * m + j]!;
      if (d <= realRadius[i]!) {
        inside[j] = inside[j]! + 1;
        isCovered = true;
      }
      if (d <= ownRadius[j]!) isRecalled = true;
    }
    if (isRecalled) recalled++;
    if (isCovered) covered++;
  }
  return {
    precision: inside.filter((count) => count > 0).length / m,
    recall: recalled / n,
    density: inside.reduce((sum, count) => sum + count, 0) / (supportNeighbours * m),
    coverage: covered / n,
  };
}

/** The squared distance of each point from its k-th neighbour. */
function radii(distances: Float64Array, n: number): Float64Array {
  const k = Math.min(supportNeighbours, n - 1);
  return Float64Array.from({ length: n }, (_, i) => {
    const row = distances.slice(i * n, (i + 1) * n).sort();
    // The first is the point itself.
    return row[k]!;
  });
}

/** Squared Euclidean distances of the rows of two tables, `[x.rows, y.rows]`. */
export function squaredDistances(x: FeatureTable, y: FeatureTable): Float64Array {
  const width = x.names.length;
  const out = new Float64Array(x.rows * y.rows);
  for (let i = 0; i < x.rows; i++)
    for (let j = 0; j < y.rows; j++) {
      let sum = 0;
      for (let c = 0; c < width; c++) {
        const step = x.values[i * width + c]! - y.values[j * width + c]!;
        sum += step * step;
      }
      out[i * y.rows + j] = sum;
    }
  return out;
}

/** The rows `of` and columns `to` of a matrix with `width` columns, copied. */
export function submatrix(
  matrix: Float64Array,
  width: number,
  of: Uint32Array,
  to: Uint32Array,
): Float64Array {
  const out = new Float64Array(of.length * to.length);
  for (let i = 0; i < of.length; i++)
    for (let j = 0; j < to.length; j++) out[i * to.length + j] = matrix[of[i]! * width + to[j]!]!;
  return out;
}
