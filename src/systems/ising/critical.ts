import { inputError } from "../../error.ts";

/** Critical inverse temperature of the square lattice at |J| = 1: ln(1 + √2)/2 (Onsager, Phys. Rev. 65, 117, 1944). */
export const squareCriticalBeta = Math.asinh(1) / 2;

/** The same for the simple cubic lattice: 0.221654626(5) (Ferrenberg, Xu & Landau, Phys. Rev. E 97, 043301, 2018). */
export const cubicCriticalBeta = 0.221654626;

/**
 * Critical inverse temperature of the infinite lattice in `dimensions` dimensions with coupling J of either
 * sign (on these bipartite lattices the antiferromagnet orders at the same temperature).
 *
 * @throws AnsatzError (input) where there is no transition at a finite temperature: one dimension, or J = 0.
 */
export function criticalBeta(dimensions: number, j = 1): number {
  const unit = dimensions === 2 ? squareCriticalBeta : dimensions === 3 ? cubicCriticalBeta : undefined;
  if (unit === undefined)
    throw inputError("beta critical: a chain has no transition at a finite temperature; give beta a number");
  if (j === 0) throw inputError("beta critical: free spins (J = 0) have no transition; give beta a number");
  return unit / Math.abs(j);
}
