import { symmetricEigen } from "../../stats/symmetric-eigen.ts";
import { applyChain, type IsingChain } from "./hamiltonian.ts";

/** Vectors of a Krylov space before it is begun anew from its best vector. */
const most = 120;
/** Times that it may be begun anew. */
const mostRestarts = 50;
const tolerance = 1e-12;

/** The lowest state of a chain in the space that `start` reaches, and its energy. */
export interface GroundState {
  /** Energy. */
  readonly energy: number;
  /** Amplitudes `[2^N]`, real, of norm 1. */
  readonly vector: Float64Array;
  /** ‖Hψ − Eψ‖: the energy is exact to its square over the gap. */
  readonly residual: number;
}

/**
 * Returns the ground state of a chain by Lanczos' method with full orthogonalisation, restarted every 120
 * vectors, to a residual of 1e-12 of the spectrum's width. All amplitudes of the start have the sign of the
 * ground state of the field alone. The start overlaps with the ground state, and of the two nearly degenerate
 * states of a weak field the even one is found.
 */
export function groundState(chain: IsingChain): GroundState {
  const size = chain.diagonal.length;
  let vector = new Float64Array(size);
  for (let i = 0; i < size; i++) vector[i] = chain.h < 0 && parity(i) ? -1 : 1;
  normalise(vector);
  let found: GroundState = { energy: Number.NaN, vector, residual: Infinity };
  for (let restart = 0; restart < mostRestarts; restart++) {
    found = lowest(chain, vector);
    vector = found.vector as Float64Array<ArrayBuffer>;
    if (found.residual <= tolerance * (chain.bound || 1)) break;
  }
  return found;
}

function parity(i: number): number {
  let odd = 0;
  for (; i > 0; i >>= 1) odd ^= i & 1;
  return odd;
}

function lowest(chain: IsingChain, start: Float64Array): GroundState {
  const basis = [start];
  const [alpha, beta]: [number[], number[]] = [[], []];
  for (;;) {
    const last = basis.at(-1)!;
    const next = new Float64Array(last.length);
    applyChain(chain, last, next);
    alpha.push(dot(last, next));
    for (const v of basis) add(next, v, -dot(v, next));
    const norm = normalise(next);
    const m = alpha.length;
    const isClosed = norm <= 1e-14 * (chain.bound || 1) || m === last.length || m === most;
    if (isClosed || m % 10 === 0) {
      const { values, vectors } = tridiagonalEigen(alpha, beta);
      const own = vectors.subarray((m - 1) * m, m * m);
      const residual = norm * Math.abs(own[m - 1]!);
      if (isClosed || residual <= tolerance * chain.bound) {
        const vector = new Float64Array(last.length);
        basis.forEach((v, k) => {
          add(vector, v, own[k]!);
        });
        normalise(vector);
        // Of both signs the one that overlaps with the start.
        if (own[0]! < 0) for (let i = 0; i < vector.length; i++) vector[i]! *= -1;
        return { energy: values[m - 1]!, vector, residual };
      }
    }
    beta.push(norm);
    basis.push(next);
  }
}

/**
 * Returns eigenvalues and eigenvectors of the tridiagonal matrix with `alpha` on its diagonal and `beta` next
 * to it, largest first.
 */
export function tridiagonalEigen(alpha: readonly number[], beta: readonly number[]) {
  const m = alpha.length;
  const matrix = new Float64Array(m * m);
  for (let k = 0; k < m; k++) {
    matrix[k * m + k] = alpha[k]!;
    if (k + 1 < m) matrix[k * m + k + 1] = matrix[(k + 1) * m + k] = beta[k]!;
  }
  return symmetricEigen(matrix, m);
}

/** The inner product of real vectors. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Adds `factor` times a vector to another. */
export function add(to: Float64Array, vector: Float64Array, factor: number): void {
  for (let i = 0; i < to.length; i++) to[i]! += factor * vector[i]!;
}

/** Divides a vector by its norm, which is returned; 0 stays. */
function normalise(vector: Float64Array): number {
  const norm = Math.sqrt(dot(vector, vector));
  if (norm > 0) for (let i = 0; i < vector.length; i++) vector[i]! /= norm;
  return norm;
}
