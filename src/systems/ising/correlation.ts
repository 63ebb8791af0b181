import { type NDArray, ndarray } from "../../array.ts";
import { usageError } from "../../error.ts";
import { spinRows } from "../spins/rows.ts";
import type { Lattice } from "./lattice.ts";

/**
 * Returns the two-point function of each row along one axis, G(r) = (1/N) Σ_i s_i s_{i+r}:
 * `[rows, ⌊side/2⌋ + 1]` for r = 0 (G = 1) to half the side, beyond which the periodic lattice repeats it.
 *
 * @throws AnsatzError (usage) for an axis the lattice does not have.
 */
export function correlation(lattice: Lattice, x: NDArray, axis: number): NDArray<"f64"> {
  const side = lattice.shape[axis];
  if (side === undefined)
    throw usageError(`axis ${axis} is not one of the lattice's ${lattice.shape.length}`);
  const { spins, rows } = spinRows(lattice.shape, x);
  const { sites, neighbours } = lattice;
  const degree = neighbours.length / sites;
  const distances = Math.floor(side / 2) + 1;
  const data = new Float64Array(rows * distances);
  const partner = Int32Array.from({ length: sites }, (_, site) => site);
  for (let r = 0; r < distances; r++) {
    for (let row = 0; row < rows; row++) {
      const offset = row * sites;
      let unlike = 0;
      for (let i = 0; i < sites; i++) unlike += spins[offset + i]! ^ spins[offset + partner[i]!]!;
      data[row * distances + r] = 1 - (2 * unlike) / sites;
    }
    for (let i = 0; i < sites; i++) partner[i] = neighbours[partner[i]! * degree + 2 * axis]!;
  }
  return ndarray("f64", [rows, distances], data);
}
