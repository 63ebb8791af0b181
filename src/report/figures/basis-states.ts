import type { ComplexMatrix } from "../../stats/hermitian-eigen.ts";

/** The bits of each basis state of a matrix, qubit 0 first: `010`. */
export function basisNames(n: number, states: ArrayLike<number> = { length: n }): string[] {
  const qubits = Math.round(Math.log2(n));
  return Array.from({ length: states.length }, (_, i) => (states[i] ?? i).toString(2).padStart(qubits, "0"));
}

/** The rows and columns `states` of a matrix, in that order; not a state itself, since its trace is smaller. */
export function blockOf({ n, re, im }: ComplexMatrix, states: readonly number[]): ComplexMatrix {
  const m = states.length;
  const out = { n: m, re: new Float64Array(m * m), im: new Float64Array(m * m) };
  states.forEach((row, i) => {
    states.forEach((column, j) => {
      out.re[i * m + j] = re[row * n + column]!;
      out.im[i * m + j] = im[row * n + column]!;
    });
  });
  return out;
}

/** The `count` basis states with the largest diagonal in any of the matrices, in the order of their indices. */
export function likeliestStates(matrices: readonly ComplexMatrix[], count: number): number[] {
  const n = matrices[0]?.n ?? 0;
  const weight = Float64Array.from({ length: n }, (_, i) =>
    Math.max(...matrices.map(({ re }) => re[i * n + i]!)),
  );
  return Array.from(weight.keys())
    .sort((a, b) => weight[b]! - weight[a]! || a - b)
    .slice(0, count)
    .sort((a, b) => a - b);
}

/** The largest absolute real or imaginary part of any entry of the matrices. */
export function largestEntry(matrices: readonly ComplexMatrix[]): number {
  let largest = 0;
  for (const { re, im } of matrices)
    for (let i = 0; i < re.length; i++) largest = Math.max(largest, Math.abs(re[i]!), Math.abs(im[i]!));
  return largest;
}
