import type { NDArray } from "../../array.ts";
import type { Lattice } from "./lattice.ts";
import { spinRows } from "./spins.ts";

/**
 * Total energy E = −J Σ s_i s_j of each row, every bond counted once.
 *
 * @param x `[rows, ...shape]` of 0 (down) and 1 (up).
 */
export function isingEnergy(lattice: Lattice, j: number, x: NDArray): Float64Array {
  const { spins, rows } = spinRows(lattice, x);
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

/** Σ s_i of the configuration of `sites` spins that starts at `offset`. */
export function spinSum(spins: Uint8Array, sites: number, offset = 0): number {
  let up = 0;
  for (let i = offset; i < offset + sites; i++) up += spins[i]!;
  return 2 * up - sites;
}

/** Σ ±s_i with the sign of each site's parity: the order parameter of an antiferromagnet, times N. */
export function staggeredSum({ parity, sites }: Lattice, spins: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < sites; i++) sum += parity[i]! * (2 * spins[i]! - 1);
  return sum;
}
