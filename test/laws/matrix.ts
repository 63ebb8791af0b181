/** A matrix of doubles as a list of rows. */
export type Matrix = number[][];

/** A matrix of the numbers of an array, row by row. */
export const toMatrix = (data: ArrayLike<number>, rows: number, columns: number): Matrix =>
  Array.from({ length: rows }, (_, i) =>
    Array.from({ length: columns }, (_, j) => data[i * columns + j] as number),
  );

export const times = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) => (b[0] as number[]).map((_, j) => row.reduce((s, v, k) => s + v * (b[k]?.[j] as number), 0)));

export const transposed = (a: Matrix): Matrix =>
  (a[0] as number[]).map((_, j) => a.map((row) => row[j] as number));

/** a + c 1. */
export const plusIdentity = (a: Matrix, c: number): Matrix =>
  a.map((row, i) => row.map((v, j) => v + (i === j ? c : 0)));

export const traceOf = (a: Matrix): number => a.reduce((s, row, i) => s + (row[i] as number), 0);

/** A vector times a matrix times the vector. */
export const quadratic = (v: readonly number[], a: Matrix): number =>
  v.reduce((s, x, i) => s + x * v.reduce((t, y, j) => t + y * (a[i]?.[j] as number), 0), 0);

/** Inverse and log-determinant of a positive matrix, by Gauss and Jordan without pivots. */
export function inverted(a: Matrix): { inverse: Matrix; logDet: number } {
  const n = a.length;
  const m = a.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  let logDet = 0;
  for (let k = 0; k < n; k++) {
    const pivot = m[k]?.[k] as number;
    logDet += Math.log(pivot);
    m[k] = (m[k] as number[]).map((v) => v / pivot);
    for (let i = 0; i < n; i++) {
      const factor = m[i]?.[k] as number;
      if (i !== k) m[i] = (m[i] as number[]).map((v, j) => v - factor * (m[k]?.[j] as number));
    }
  }
  return { inverse: m.map((row) => row.slice(n)), logDet };
}

/** The lower triangle L of a positive matrix a = L Lᵀ (Cholesky). */
export function lowerRoot(a: Matrix): Matrix {
  const root: Matrix = a.map((row) => row.map(() => 0));
  a.forEach((row, i) => {
    for (let j = 0; j <= i; j++) {
      const [own, other] = [root[i] as number[], root[j] as number[]];
      const rest = (row[j] as number) - own.slice(0, j).reduce((s, v, k) => s + v * (other[k] as number), 0);
      own[j] = i === j ? Math.sqrt(rest) : rest / (other[j] as number);
    }
  });
  return root;
}
