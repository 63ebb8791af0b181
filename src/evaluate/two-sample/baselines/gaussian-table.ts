import type { Key } from "../../../random/key.ts";
import { normal } from "../../../random/normal.ts";
import { symmetricEigen } from "../../../stats/symmetric-eigen.ts";
import { columnMeans } from "../features/column-moments.ts";
import type { FeatureTable } from "../features/feature.ts";
import { scatter } from "../scatter.ts";

/** Column means and covariance of a table. */
export function columnMoments(table: FeatureTable) {
  const { values, rows, names } = table;
  const width = names.length;
  const mean = columnMeans(table);
  const centred = values.map((v, i) => v - mean[i % width]!);
  return { mean, covariance: scatter(centred, rows, width).map((v) => v / rows) };
}

/**
 * Returns normal rows `[rows, width]` with mean 0 and a covariance; negative eigenvalues of an invalid
 * covariance count as 0.
 */
export function gaussianRows(covariance: Float64Array, width: number, rows: number, key: Key): Float64Array {
  const { values, vectors } = symmetricEigen(covariance, width);
  const noise = normal(key, rows * width, "f64");
  const out = new Float64Array(rows * width);
  for (let row = 0; row < rows; row++)
    for (let k = 0; k < width; k++) {
      const size = Math.sqrt(Math.max(0, values[k]!)) * noise[row * width + k]!;
      for (let c = 0; c < width; c++)
        out[row * width + c] = out[row * width + c]! + size * vectors[k * width + c]!;
    }
  return out;
}
