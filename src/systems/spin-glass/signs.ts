import { Key } from "../../random/key.ts";
import { stream } from "../../random/stream.ts";
import type { Lattice } from "../ising/lattice.ts";

/** Signs of the bonds of a lattice, each +1 or −1 with probability ½. */
export interface BondSigns {
  /** `[bonds]`, in the order of the lattice's bonds. */
  readonly ofBonds: Int8Array;
  /** `[sites, degree]`, in the order of the lattice's neighbours: every sign twice. */
  readonly ofNeighbours: Int8Array;
}

/** Draws the signs by a seed, bond after bond, the same on every machine. */
export function bondSigns({ bonds, sites, directions }: Lattice, seed: number): BondSigns {
  const random = stream(Key.fromSeed(seed));
  const ways = directions.length;
  const ofBonds = new Int8Array(bonds.length / 2);
  const ofNeighbours = new Int8Array(2 * sites * ways);
  for (let b = 0; b < ofBonds.length; b++) {
    const sign = random.below(2) === 0 ? 1 : -1;
    ofBonds[b] = sign;
    // Bond b goes forward from its first end and backward from its second.
    const direction = b % ways;
    ofNeighbours[2 * (bonds[2 * b]! * ways + direction)] = sign;
    ofNeighbours[2 * (bonds[2 * b + 1]! * ways + direction) + 1] = sign;
  }
  return { ofBonds, ofNeighbours };
}

/** Σ ε_ij s_i s_j over bonds of the configuration of 0 and 1 that starts at `offset`. */
export function signedBondSum(
  { bonds }: Lattice,
  { ofBonds }: BondSigns,
  spins: Uint8Array,
  offset = 0,
): number {
  let sum = 0;
  for (let b = 0; b < ofBonds.length; b++)
    sum += spins[offset + bonds[2 * b]!] === spins[offset + bonds[2 * b + 1]!] ? ofBonds[b]! : -ofBonds[b]!;
  return sum;
}
