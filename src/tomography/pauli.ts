import type { ComplexMatrix } from "../stats/hermitian-eigen.ts";

/**
 * The Pauli coefficients Tr(Pρ) of a Hermitian matrix of N qubits, `[4^N]`: digits I, X, Y, Z = 0 … 3 to the base 4, qubit 0 the most
 * significant, as in rows and columns of the matrix. One qubit at a time, O(N 4^N).
 */
export function toPauli(matrix: ComplexMatrix): Float64Array {
  const size = matrix.n ** 2;
  const { re, im } = interleaved(matrix);
  for (let stride = size / 4; stride >= 1; stride /= 4)
    for (let block = 0; block < size; block += 4 * stride)
      for (let i = block; i < block + stride; i++) {
        const [b, c, d] = [i + stride, i + 2 * stride, i + 3 * stride];
        const [ar, ai, br, bi] = [re[i]!, im[i]!, re[b]!, im[b]!];
        const [cr, ci, dr, di] = [re[c]!, im[c]!, re[d]!, im[d]!];
        re[i] = ar + dr;
        im[i] = ai + di;
        re[b] = br + cr;
        im[b] = bi + ci;
        // Tr(Yρ) = i ρ₀₁ − i ρ₁₀.
        re[c] = ci - bi;
        im[c] = br - cr;
        re[d] = ar - dr;
        im[d] = ai - di;
      }
  return re;
}

/** Σ_P x_P P of coefficients `x`, `[4^N]`: 2^N times the matrix that {@link toPauli} takes them from. */
export function pauliSum(x: Float64Array): ComplexMatrix {
  const size = x.length;
  const re = x.slice();
  const im = new Float64Array(size);
  for (let stride = 1; stride < size; stride *= 4)
    for (let block = 0; block < size; block += 4 * stride)
      for (let i = block; i < block + stride; i++) {
        const [b, c, d] = [i + stride, i + 2 * stride, i + 3 * stride];
        const [ar, ai, br, bi] = [re[i]!, im[i]!, re[b]!, im[b]!];
        const [cr, ci, dr, di] = [re[c]!, im[c]!, re[d]!, im[d]!];
        re[i] = ar + dr;
        im[i] = ai + di;
        // X ∓ iY.
        re[b] = br + ci;
        im[b] = bi - cr;
        re[c] = br - ci;
        im[c] = bi + cr;
        re[d] = ar - dr;
        im[d] = ai - di;
      }
  return separated(re, im);
}

/** The matrix of Pauli coefficients: the inverse of {@link toPauli}. */
export function fromPauli(x: Float64Array): ComplexMatrix {
  const n = Math.round(Math.sqrt(x.length));
  return pauliSum(x.map((value) => value / n));
}

/** The bits of i with a zero before each: i₀ i₁ … to 0 i₀ 0 i₁ …. */
function spread(i: number): number {
  let out = 0;
  for (let bit = 1, to = 1; bit <= i; bit *= 2, to *= 4) if (i & bit) out += to;
  return out;
}

/** Entries with the digits of row and column side by side, qubit by qubit. */
function interleaved({ n, re, im }: ComplexMatrix): { re: Float64Array; im: Float64Array } {
  const out = { re: new Float64Array(n * n), im: new Float64Array(n * n) };
  const at = Uint32Array.from({ length: n }, (_, i) => spread(i));
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const to = 2 * at[i]! + at[j]!;
      out.re[to] = re[i * n + j]!;
      out.im[to] = im[i * n + j]!;
    }
  return out;
}

function separated(re: Float64Array, im: Float64Array): ComplexMatrix {
  const n = Math.round(Math.sqrt(re.length));
  const out = { n, re: new Float64Array(n * n), im: new Float64Array(n * n) };
  const at = Uint32Array.from({ length: n }, (_, i) => spread(i));
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const from = 2 * at[i]! + at[j]!;
      out.re[i * n + j] = re[from]!;
      out.im[i * n + j] = im[from]!;
    }
  return out;
}
