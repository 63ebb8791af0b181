import type { NDArray } from "../../array.ts";
import { spinRows } from "../spins/rows.ts";
import type { Lattice } from "./lattice.ts";

/**
 * Total energy E = −J Σ s_i s_j of each row, every bond counted once.
 *
 * @param x `[rows, ...shape]` of 0 (down) and 1 (up).
 */
export function isingEnergy(lattice: Lattice, j: number, x: NDArray): Float64Array {
  const { spins, rows } = spinRows(lattice.shape, x);
  const energy = new Float64Array(rows);
  // "0 −" rather than a sign, which would make −0 of a vanishing energy.
  for (let row = 0; row < rows; row++) energy[row] = 0 - j * bondSum(lattice, spins, row * lattice.sites);
  return energy;
}

/** Σ s_i s_j over bonds of the configuration that starts at `offset`: agreements less disagreements. */
export function bondSum({ bonds }: Lattice, spins: Uint8Array, offset = 0): number {
  let unlike = 0;
  for (let b = 0; b < bonds.length; b += 2)
    unlike += spins[offset + bonds[b]!]! ^ spins[offset + bonds[b + 1]!]!;
  return bonds.length / 2 - 2 * unlike;
}
