import { Cholesky } from "../../stats/cholesky.ts";
import { symmetricEigenvalues } from "../../stats/symmetric-eigen.ts";
import { columnMeans } from "./features/column-moments.ts";
import type { FeatureTable } from "./features/feature.ts";
import { scatter } from "./scatter.ts";

/**
 * Returns the Fréchet distance |μ − ν|² + tr(Σ + T − 2(ΣT)^½) of two normal distributions with the means and
 * covariances of two sets of rows, in the units of the columns. It is biased upwards by about the inverse
 * number of rows: compare it with equally many real rows. It does not compare with a published FID, which
 * uses features of a network trained on photographs.
 *
 * Source: Dowson & Landau, J. Multivar. Anal. 12 (1982) 450.
 */
export function frechetDistance(x: FeatureTable, y: FeatureTable): number {
  const width = x.names.length;
  const [a, b] = [moments(x), moments(y)];
  let mean = 0;
  let traces = 0;
  for (let c = 0; c < width; c++) {
    mean += (a.mean[c]! - b.mean[c]!) ** 2;
    traces += a.covariance[c * width + c]! + b.covariance[c * width + c]!;
  }
  // Σ = L Lᵀ: the eigenvalues of ΣT are those of Lᵀ T L.
  const values = symmetricEigenvalues(
    between(new Cholesky(a.covariance, width).factor, b.covariance, width),
    width,
  );
  const cross = values.reduce((sum, v) => sum + Math.sqrt(Math.max(0, v)), 0);
  return Math.max(0, mean + traces - 2 * cross);
}

function moments(table: FeatureTable) {
  const { values, rows, names } = table;
  const width = names.length;
  const mean = columnMeans(table);
  const centred = values.map((v, i) => v - mean[i % width]!);
  return { mean, covariance: scatter(centred, rows, width).map((v) => v / Math.max(1, rows - 1)) };
}

/** Lᵀ T L of the lower triangle of L. */
function between(lower: Float64Array, t: Float64Array, n: number): Float64Array {
  const half = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++) {
      const own = t[i * n + k]!;
      for (let j = 0; j <= k; j++) half[i * n + j] = half[i * n + j]! + own * lower[k * n + j]!;
    }
  const out = new Float64Array(n * n);
  for (let k = 0; k < n; k++)
    for (let i = 0; i <= k; i++) {
      const own = lower[k * n + i]!;
      for (let j = 0; j <= i; j++) out[i * n + j] = out[i * n + j]! + own * half[k * n + j]!;
    }
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) out[j * n + i] = out[i * n + j]!;
  return out;
}
