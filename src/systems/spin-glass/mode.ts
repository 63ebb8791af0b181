import type { Lattice } from "../ising/lattice.ts";
import type { BondSigns } from "./signs.ts";

/** Power iterations: enough for a direction in which spins order, which need not be an eigenvector to many digits. */
const iterations = 100;

/** A unit vector close to the leading eigenvector of the couplings ±1 of a lattice (the lowest where `sign` is −1). */
export function latticeMode(
  { neighbours, sites }: Lattice,
  { ofNeighbours }: BondSigns,
  sign: number,
): Float64Array {
  const degree = neighbours.length / sites;
  let mode = Float64Array.from({ length: sites }, (_, i) => Math.sin(i + 1));
  for (let n = 0; n < iterations; n++) {
    const current = mode;
    // The shift by the degree makes every eigenvalue positive.
    mode = current.map((amplitude, i) => {
      let field = degree * amplitude;
      for (let k = i * degree; k < (i + 1) * degree; k++)
        field += sign * ofNeighbours[k]! * current[neighbours[k]!]!;
      return field;
    });
    const norm = Math.sqrt(mode.reduce((sum, amplitude) => sum + amplitude * amplitude, 0));
    mode = mode.map((amplitude) => amplitude / norm);
  }
  return mode;
}
