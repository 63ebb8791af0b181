import { type NDArray, ndarray } from "../../array.ts";
import { usageError } from "../../error.ts";
import { spinSum } from "./energy.ts";
import type { Lattice } from "./lattice.ts";
import { spinRows } from "./spins.ts";

/** Magnetisation per site m = Σ s_i / N of each row, between −1 and 1. */
export function magnetisation(lattice: Lattice, x: NDArray): Float64Array {
  const { spins, rows } = spinRows(lattice, x);
  const { sites } = lattice;
  return Float64Array.from({ length: rows }, (_, row) => spinSum(spins, sites, row * sites) / sites);
}

/**
 * Two-point function of each row along one axis, G(r) = (1/N) Σ_i s_i s_{i+r}: `[rows, ⌊side/2⌋ + 1]` for
 * r = 0 (where it is 1) to half the side, beyond which the periodic lattice repeats it.
 *
 * @throws AnsatzError (usage) for an axis the lattice does not have.
 */
export function correlation(lattice: Lattice, x: NDArray, axis: number): NDArray<"f64"> {
  const side = lattice.shape[axis];
  if (side === undefined)
    throw usageError(`axis ${axis} is not one of the lattice's ${lattice.shape.length}`);
  const { spins, rows } = spinRows(lattice, x);
  const { sites, neighbours, shape } = lattice;
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
    for (let i = 0; i < sites; i++) partner[i] = neighbours[2 * (partner[i]! * shape.length + axis)]!;
  }
  return ndarray("f64", [rows, distances], data);
}
