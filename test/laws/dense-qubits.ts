import type { ComplexArray } from "../../src/data/measurements/index.ts";

/** A complex number. */
export type C = readonly [re: number, im: number];
/** A complex matrix, row by row. */
export type Matrix = readonly (readonly C[])[];

export const times = ([a, b]: C, [c, d]: C): C => [a * c - b * d, a * d + b * c];
const plus = ([a, b]: C, [c, d]: C): C => [a + c, b + d];

export const product = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) => b[0]!.map((_, j) => row.reduce<C>((sum, x, k) => plus(sum, times(x, b[k]![j]!)), [0, 0])));

export const sum = (...all: Matrix[]): Matrix =>
  all.reduce((a, b) => a.map((row, i) => row.map((x, j) => plus(x, b[i]![j]!))));

export const scaled = (a: Matrix, factor: number | C): Matrix =>
  a.map((row) => row.map((x) => times(x, typeof factor === "number" ? [factor, 0] : factor)));

export const dagger = (a: Matrix): Matrix => a[0]!.map((_, j) => a.map((row) => [row[j]![0], -row[j]![1]]));

export const kron = (...all: Matrix[]): Matrix =>
  all.reduce((a, b) =>
    a.flatMap((row) => b.map((other) => row.flatMap((x) => other.map((y) => times(x, y))))),
  );

export const trace = (a: Matrix): C => a.reduce<C>((total, row, i) => plus(total, row[i]!), [0, 0]);

export const real = (rows: readonly (readonly number[])[]): Matrix =>
  rows.map((row) => row.map((x) => [x, 0]));

/** The identity and Pauli's matrices as textbooks print them. */
export const I = real([
  [1, 0],
  [0, 1],
]);
export const X = real([
  [0, 1],
  [1, 0],
]);
export const Y: Matrix = [
  [
    [0, 0],
    [0, -1],
  ],
  [
    [0, 1],
    [0, 0],
  ],
];
export const Z = real([
  [1, 0],
  [0, -1],
]);

/** `matrix` on qubit `q` of `qubits`, and nothing on the others. */
export const onQubit = (matrix: Matrix, q: number, qubits: number): Matrix =>
  kron(...Array.from({ length: qubits }, (_, k) => (k === q ? matrix : I)));

/** ½(1 ± n·σ). */
export const projector = ([x, y, z]: readonly number[], bit: number): Matrix => {
  const s = (bit === 0 ? 1 : -1) / 2;
  return sum(scaled(I, 0.5), scaled(X, s * x!), scaled(Y, s * y!), scaled(Z, s * z!));
};

/** |ψ⟩⟨ψ|. */
export const pure = ({ re, im }: ComplexArray): Matrix =>
  Array.from(re, (_, i) => Array.from(re, (_, j) => times([re[i]!, im[i]!], [re[j]!, -im[j]!])));

/** Σ K ρ K†. */
export const channel = (rho: Matrix, kraus: readonly Matrix[]): Matrix =>
  sum(...kraus.map((k) => product(product(k, rho), dagger(k))));

/** P(outcomes) = Tr ρ ⊗ ½(1 ± n·σ), by the index of the outcome. */
export const outcomes = (rho: Matrix, axes: ArrayLike<number>): number[] => {
  const qubits = axes.length / 3;
  return Array.from({ length: 2 ** qubits }, (_, i) => {
    const all = Array.from({ length: qubits }, (_, q) =>
      projector([axes[3 * q]!, axes[3 * q + 1]!, axes[3 * q + 2]!], (i >> (qubits - 1 - q)) & 1),
    );
    return trace(product(rho, kron(...all)))[0];
  });
};
