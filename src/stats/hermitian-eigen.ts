import { implicitQl } from "./implicit-ql.ts";

/** A square complex matrix, row-major: the real and the imaginary part of each entry, `[n, n]`. */
export interface ComplexMatrix {
  /** Rows, and columns. */
  readonly n: number;
  /** The real parts. */
  readonly re: Float64Array;
  /** The imaginary parts. */
  readonly im: Float64Array;
}

/** Eigenvalues and eigenvectors of a Hermitian matrix; see {@link hermitianEigen}. */
export interface HermitianEigen {
  /** Eigenvalues, largest first. */
  readonly values: Float64Array;
  /** Row k is the unit eigenvector of `values[k]`: A = Σ_k λ_k u_k u_k†. */
  readonly vectors: ComplexMatrix;
}

/**
 * Returns all eigenvalues and eigenvectors of a Hermitian `matrix`; only its lower triangle is read.
 * Householder's reflections reduce it to three real diagonals, which the implicit QL algorithm solves. The
 * time is of order n³: half a second for n = 256.
 *
 * Source: Wilkinson & Reinsch, Handbook for Automatic Computation II (1971), contributions II/2 and II/4,
 * over complex numbers.
 */
export function hermitianEigen(matrix: ComplexMatrix): HermitianEigen {
  const { n } = matrix;
  const { d, e, reflections, phases } = tridiagonal(matrix);
  const rows = new Float64Array(n * n);
  for (let i = 0; i < n; i++) rows[i * n + i] = 1;
  implicitQl(d, e, n, (i, c, s) => {
    const [at, end] = [i * n, (i + 1) * n];
    for (let x = at, y = end; x < end; x++, y++) {
      const [a, b] = [rows[x]!, rows[y]!];
      rows[x] = c * a - s * b;
      rows[y] = s * a + c * b;
    }
  });
  const order = Array.from({ length: n }, (_, i) => i).sort((a, b) => d[b]! - d[a]!);
  const vectors = { n, re: new Float64Array(n * n), im: new Float64Array(n * n) };
  order.forEach((from, k) => {
    for (let i = 0; i < n; i++) {
      const z = rows[from * n + i]!;
      vectors.re[k * n + i] = phases.re[i]! * z;
      vectors.im[k * n + i] = phases.im[i]! * z;
    }
    for (let step = n - 2; step >= 0; step--) reflect(reflections, step, vectors, k);
  });
  return { values: Float64Array.from(order, (k) => d[k]!), vectors };
}

/** The eigenvalues alone, largest first: several times faster than {@link hermitianEigen}. */
export function hermitianEigenvalues(matrix: ComplexMatrix): Float64Array {
  const { d, e } = tridiagonal(matrix);
  implicitQl(d, e, matrix.n);
  return d.sort().reverse();
}

/** Reflections 1 − τ v v†: row k of `v` from column k + 1 on. */
interface Reflections {
  readonly v: ComplexMatrix;
  readonly tau: Float64Array;
}

/**
 * A = Q D T D† Q† with T real of three diagonals (`d`, and `e` from 1 on), Q the product of the reflections in their order, and D
 * the diagonal of `phases`.
 */
function tridiagonal(matrix: ComplexMatrix): {
  readonly d: Float64Array;
  readonly e: Float64Array;
  readonly reflections: Reflections;
  readonly phases: { readonly re: Float64Array; readonly im: Float64Array };
} {
  const { n } = matrix;
  const a = { n, re: matrix.re.slice(), im: matrix.im.slice() };
  const v = { n, re: new Float64Array(n * n), im: new Float64Array(n * n) };
  const tau = new Float64Array(n);
  const e = new Float64Array(n);
  const phases = { re: new Float64Array(n).fill(1), im: new Float64Array(n) };
  const p = { re: new Float64Array(n), im: new Float64Array(n) };
  for (let k = 0; k < n - 1; k++) {
    const below = columnBelow(a, k, v);
    tau[k] = below.tau;
    e[k + 1] = below.length;
    // D makes what is below the diagonal real: d_{k+1} = d_k α/|α|.
    const [re, im] = [phases.re[k]!, phases.im[k]!];
    phases.re[k + 1] = re * below.re - im * below.im;
    phases.im[k + 1] = re * below.im + im * below.re;
    if (below.tau !== 0) applyBothSides(a, v, k, below.tau, p);
  }
  return {
    d: Float64Array.from({ length: n }, (_, i) => a.re[i * n + i]!),
    e,
    reflections: { v, tau },
    phases,
  };
}

/**
 * The reflection that leaves of column k below the diagonal its first entry α alone: v into row k of `v`; returns τ, |α| and the
 * phase of α.
 */
function columnBelow(
  { n, re, im }: ComplexMatrix,
  k: number,
  v: ComplexMatrix,
): { readonly tau: number; readonly length: number; readonly re: number; readonly im: number } {
  let largest = 0;
  for (let i = k + 1; i < n; i++)
    largest = Math.max(largest, Math.abs(re[i * n + k]!), Math.abs(im[i * n + k]!));
  if (largest === 0) return { tau: 0, length: 0, re: 1, im: 0 };
  let [first, rest] = [0, 0];
  for (let i = k + 1; i < n; i++) {
    const [x, y] = [re[i * n + k]! / largest, im[i * n + k]! / largest];
    v.re[k * n + i] = x;
    v.im[k * n + i] = y;
    const square = x * x + y * y;
    if (i === k + 1) first = square;
    else rest += square;
  }
  const at = k * n + k + 1;
  const head = Math.sqrt(first);
  const [c, s] = head > 0 ? [v.re[at]! / head, v.im[at]! / head] : [1, 0];
  // Already as it should be: a reflection would add rounding alone.
  if (rest === 0) return { tau: 0, length: largest * head, re: c, im: s };
  const length = Math.sqrt(first + rest);
  v.re[at] = c * (head + length);
  v.im[at] = s * (head + length);
  return { tau: 1 / (length * (length + head)), length: largest * length, re: -c, im: -s };
}

/** (1 − τ v v†) A (1 − τ v v†) below and right of entry (k, k), in the lower triangle. */
function applyBothSides(
  { n, re, im }: ComplexMatrix,
  v: ComplexMatrix,
  k: number,
  tau: number,
  p: { readonly re: Float64Array; readonly im: Float64Array },
): void {
  const from = k * n;
  // p = τ A v, each entry of the lower triangle used for itself and for its mirror image.
  for (let i = k + 1; i < n; i++) {
    const row = i * n;
    const [x, y] = [v.re[from + i]!, v.im[from + i]!];
    let [a, b] = [re[row + i]! * x, re[row + i]! * y];
    for (let j = k + 1; j < i; j++) {
      const [r, s] = [re[row + j]!, im[row + j]!];
      const [f, g] = [v.re[from + j]!, v.im[from + j]!];
      a += r * f - s * g;
      b += r * g + s * f;
      p.re[j] = p.re[j]! + r * x + s * y;
      p.im[j] = p.im[j]! + r * y - s * x;
    }
    p.re[i] = a;
    p.im[i] = b;
  }
  let overlap = 0;
  for (let i = k + 1; i < n; i++) {
    p.re[i] = p.re[i]! * tau;
    p.im[i] = p.im[i]! * tau;
    overlap += v.re[from + i]! * p.re[i]! + v.im[from + i]! * p.im[i]!;
  }
  // w = p − ½ τ (v†p) v, where v†p is real; A ← A − v w† − w v†.
  const half = (tau * overlap) / 2;
  for (let i = k + 1; i < n; i++) {
    p.re[i] = p.re[i]! - half * v.re[from + i]!;
    p.im[i] = p.im[i]! - half * v.im[from + i]!;
  }
  for (let i = k + 1; i < n; i++) {
    const row = i * n;
    const [x, y, f, g] = [v.re[from + i]!, v.im[from + i]!, p.re[i]!, p.im[i]!];
    for (let j = k + 1; j <= i; j++) {
      const [a, b, c, d] = [v.re[from + j]!, v.im[from + j]!, p.re[j]!, p.im[j]!];
      re[row + j] = re[row + j]! - (x * c + y * d) - (f * a + g * b);
      im[row + j] = im[row + j]! - (y * c - x * d) - (g * a - f * b);
    }
    im[row + i] = 0;
  }
}

/** Applies reflection `step` to row k of `vectors`. */
function reflect({ v, tau }: Reflections, step: number, vectors: ComplexMatrix, k: number): void {
  const t = tau[step]!;
  if (t === 0) return;
  const { n } = v;
  const [from, row] = [step * n, k * n];
  let [a, b] = [0, 0];
  for (let i = step + 1; i < n; i++) {
    const [x, y] = [v.re[from + i]!, v.im[from + i]!];
    const [f, g] = [vectors.re[row + i]!, vectors.im[row + i]!];
    a += x * f + y * g;
    b += x * g - y * f;
  }
  a *= t;
  b *= t;
  for (let i = step + 1; i < n; i++) {
    const [x, y] = [v.re[from + i]!, v.im[from + i]!];
    vectors.re[row + i] = vectors.re[row + i]! - (x * a - y * b);
    vectors.im[row + i] = vectors.im[row + i]! - (x * b + y * a);
  }
}
