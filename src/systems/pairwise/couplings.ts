import { type NDArray, ndarray } from "../../array.ts";
import { inputError } from "../../error.ts";
import { spinRows } from "../spins/rows.ts";

/** Couplings J_ij between all pairs of spins: `[sites, sites]`, symmetric, with nothing on the diagonal. */
export type Couplings = NDArray<"f64">;

/** Returns the couplings of `sites` spins from a function of each pair i < j, called row by row. */
export function couplingsOf(sites: number, pair: (i: number, j: number) => number): Couplings {
  const data = new Float64Array(sites * sites);
  for (let i = 0; i < sites; i++)
    for (let j = i + 1; j < sites; j++) data[i * sites + j] = data[j * sites + i] = pair(i, j);
  return ndarray("f64", [sites, sites], data);
}

/**
 * Checks that couplings are `[sites, sites]`, finite, symmetric and without a diagonal.
 *
 * @throws AnsatzError (input) naming the first element that is wrong.
 */
export function checkCouplings({ data, shape }: Couplings, sites: number): void {
  if (shape.length !== 2 || shape[0] !== sites || shape[1] !== sites)
    throw inputError(`couplings have shape [${shape.join(", ")}]; ${sites} spins have [${sites}, ${sites}]`);
  for (let i = 0; i < sites; i++)
    for (let j = 0; j <= i; j++) {
      const [below, above] = [data[i * sites + j]!, data[j * sites + i]!];
      if (!Number.isFinite(below) || !Number.isFinite(above))
        throw inputError(
          `couplings: the element of sites ${i} and ${j} is not a finite number (${below}, ${above})`,
        );
      if (i === j && below !== 0)
        throw inputError(
          `couplings: site ${i} is coupled to itself (${below}); the diagonal is 0, for s² = 1 changes nothing`,
        );
      if (below !== above)
        throw inputError(
          `couplings are not symmetric: J[${i}, ${j}] is ${below} and J[${j}, ${i}] is ${above}; give (J + Jᵀ)/2`,
        );
    }
}

/** Total energy E = −Σ_{i<j} J_ij s_i s_j of each row of `x: [rows, ...shape]`, of 0 (down) and 1 (up). */
export function pairwiseEnergy(couplings: Couplings, shape: readonly number[], x: NDArray): Float64Array {
  const { spins, rows } = spinRows(shape, x);
  const sites = couplings.shape[0]!;
  const signs = new Float64Array(sites);
  const energy = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < sites; i++) signs[i] = 2 * spins[row * sites + i]! - 1;
    energy[row] = energyOf(couplings.data, signs);
  }
  return energy;
}

/** E of one configuration of ±1. */
export function energyOf(matrix: Float64Array, signs: Float64Array): number {
  const sites = signs.length;
  let energy = 0;
  for (let i = 1; i < sites; i++) {
    let field = 0;
    for (let j = 0, at = i * sites; j < i; j++) field += matrix[at + j]! * signs[j]!;
    energy -= field * signs[i]!;
  }
  return energy;
}

/** The field h_i = Σ_j J_ij s_j on site i: flipping s_i changes the energy by 2 s_i h_i. */
export function fieldOf(matrix: Float64Array, signs: Float64Array, i: number): number {
  const sites = signs.length;
  let field = 0;
  for (let j = 0, at = i * sites; j < sites; j++) field += matrix[at + j]! * signs[j]!;
  return field;
}
