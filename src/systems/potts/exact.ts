import { chainExact } from "../exact/chain.ts";
import { type Lattice, periodicLattice } from "../ising/lattice.ts";
import type { Exact } from "../system.ts";
import { likeBonds } from "./energy.ts";

/** Maximum amount of work of a transfer matrix, layers times the cube of its size: about two seconds. */
const mostWork = 4e7;

/**
 * Exact thermodynamics of the Potts model H = −J Σ δ(s_i, s_j) at inverse temperature β: the lattice is a
 * chain of layers across its longest axis, and the transfer matrix has one row for each of the q^layer states
 * of a layer.
 *
 * @returns totals over the lattice, or `undefined` if that would take more than about two seconds.
 */
export function exactPotts(lattice: Lattice, q: number, beta: number, j: number): Exact | undefined {
  // Axes can be exchanged: the diagonal of the triangular lattice stays where it is.
  const shape = [...lattice.shape].sort((a, b) => b - a);
  const [length = 0] = shape;
  const layer = lattice.sites / length;
  const states = q ** layer;
  if (!(length * states ** 3 <= mostWork)) return undefined;
  const { bonds } = periodicLattice(shape, lattice.kind);
  // Bonds from the first layer: within it, and to the next.
  const within: number[] = [];
  const across: number[] = [];
  for (let b = 0; b < bonds.length; b += 2) {
    if (bonds[b]! >= layer) continue;
    if (bonds[b + 1]! < layer) within.push(bonds[b]!, bonds[b + 1]!);
    else across.push(bonds[b]!, bonds[b + 1]! - layer);
  }
  const configurations = Array.from({ length: states }, (_, state) =>
    Uint8Array.from({ length: layer }, (_, i) => Math.floor(state / q ** i) % q),
  );
  const inside = { bonds: Int32Array.from(within) };
  const bond = new Float64Array(states * states);
  configurations.forEach((a, from) => {
    configurations.forEach((b, to) => {
      let like = 0;
      for (let k = 0; k < across.length; k += 2) if (a[across[k]!] === b[across[k + 1]!]) like++;
      bond[from * states + to] = 0 - j * like;
    });
  });
  const site = configurations.map((spins) => 0 - j * likeBonds(inside, spins));
  return chainExact({ length, periodic: true, states, bond, site }, beta);
}
