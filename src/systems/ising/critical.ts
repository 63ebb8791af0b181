import { inputError } from "../../error.ts";
import type { LatticeKind } from "./lattice.ts";

/** Critical inverse temperature of the square lattice at |J| = 1: ln(1 + √2)/2 (Onsager, Phys. Rev. 65, 117, 1944). */
export const squareCriticalBeta = Math.asinh(1) / 2;

/** The same for the triangular lattice: ln(3)/4 (Houtappel, Physica 16, 425, 1950). */
export const triangularCriticalBeta = Math.log(3) / 4;

/** The same for the simple cubic lattice: 0.221654626(5) (Ferrenberg, Xu & Landau, Phys. Rev. E 97, 043301, 2018). */
export const cubicCriticalBeta = 0.221654626;

/**
 * Returns the critical inverse temperature of the infinite lattice in `dimensions` dimensions with coupling J
 * (of either sign on the square and cubic lattices: they are bipartite, so that the antiferromagnet orders at
 * the same temperature).
 *
 * @throws AnsatzError (input) if there is no transition at a finite temperature: one dimension, J = 0, or the
 * antiferromagnet on the triangular lattice (Wannier, Phys. Rev. 79, 357, 1950).
 */
export function criticalBeta(dimensions: number, j = 1, lattice: LatticeKind = "square"): number {
  if (dimensions === 1)
    throw inputError("beta critical: a chain has no transition at a finite temperature; give beta a number");
  if (j === 0) throw inputError("beta critical: free spins (J = 0) have no transition; give beta a number");
  if (lattice === "triangular" && j < 0)
    throw inputError(
      "beta critical: the antiferromagnet on a triangular lattice has no transition; give beta a number",
    );
  const unit =
    lattice === "triangular"
      ? triangularCriticalBeta
      : dimensions === 2
        ? squareCriticalBeta
        : cubicCriticalBeta;
  return unit / Math.abs(j);
}
