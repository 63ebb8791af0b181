import { type ComplexMatrix, hermitianEigen } from "../stats/hermitian-eigen.ts";

/**
 * Returns the state nearest to a Hermitian matrix of trace 1 (least squares): eigenvalues are lowered
 * together, and those below zero dropped.
 *
 * Source: Smolin, Gambetta & Smith, arXiv:1106.5458.
 */
export function nearestState(matrix: ComplexMatrix): ComplexMatrix {
  const { n } = matrix;
  const { values, vectors } = hermitianEigen(matrix);
  let [kept, excess] = [0, 0];
  for (let k = 0, sum = 0; k < n; k++) {
    sum += values[k]!;
    if (values[k]! - (sum - 1) / (k + 1) <= 0) break;
    kept = k + 1;
    excess = (sum - 1) / (k + 1);
  }
  const out = { n, re: new Float64Array(n * n), im: new Float64Array(n * n) };
  for (let k = 0; k < kept; k++) {
    const weight = values[k]! - excess;
    for (let i = 0; i < n; i++) {
      const [a, b] = [weight * vectors.re[k * n + i]!, weight * vectors.im[k * n + i]!];
      for (let j = 0; j < n; j++) {
        const [c, d] = [vectors.re[k * n + j]!, vectors.im[k * n + j]!];
        out.re[i * n + j]! += a * c + b * d;
        out.im[i * n + j]! += b * c - a * d;
      }
    }
  }
  return out;
}
