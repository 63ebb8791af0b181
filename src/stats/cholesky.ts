/**
 * The factor L of a symmetric positive definite matrix H = L Lᵀ, `[n, n]` row-major, and solutions by it. A ridge of
 * 10⁻¹² of the mean diagonal keeps a singular H from failing: along what H does not bound, solutions become very large.
 */
export class Cholesky {
  readonly n: number;
  readonly #factor: Float64Array;

  constructor(matrix: Float64Array, n: number) {
    const l = matrix.slice();
    let trace = 0;
    for (let i = 0; i < n; i++) trace += l[i * n + i]!;
    const ridge = Math.max(1e-12 * (trace / n), 1e-300);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = l[i * n + j]!;
        for (let k = 0; k < j; k++) sum -= l[i * n + k]! * l[j * n + k]!;
        if (i === j) l[i * n + i] = Math.sqrt(Math.max(sum, 0) + ridge);
        else l[i * n + j] = sum / l[j * n + j]!;
      }
    }
    this.n = n;
    this.#factor = l;
  }

  /** L, `[n, n]` with its lower triangle; what lies above is of H. */
  get factor(): Float64Array {
    return this.#factor;
  }

  /** H⁻¹ b. */
  solve(b: Float64Array): Float64Array {
    const { n } = this;
    const l = this.#factor;
    const x = b.slice();
    for (let i = 0; i < n; i++) {
      let sum = x[i]!;
      for (let k = 0; k < i; k++) sum -= l[i * n + k]! * x[k]!;
      x[i] = sum / l[i * n + i]!;
    }
    for (let i = n - 1; i >= 0; i--) {
      x[i]! /= l[i * n + i]!;
      for (let k = 0; k < i; k++) x[k]! -= l[i * n + k]! * x[i]!;
    }
    return x;
  }

  /** H⁻¹, `[n, n]`. */
  inverse(): Float64Array {
    const { n } = this;
    const inverse = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      const unit = new Float64Array(n);
      unit[i] = 1;
      inverse.set(this.solve(unit), i * n);
    }
    return inverse;
  }
}
