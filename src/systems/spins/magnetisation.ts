import type { NDArray } from "../../array.ts";
import { spinRows } from "./rows.ts";

/** Σ s_i of the configuration of `sites` spins that starts at `offset`. */
export function spinSum(spins: Uint8Array, sites: number, offset = 0): number {
  let up = 0;
  for (let i = offset; i < offset + sites; i++) up += spins[i]!;
  return 2 * up - sites;
}

/** Magnetisation per site m = Σ s_i / N of each row of `x: [rows, ...shape]`, between −1 and 1. */
export function magnetisation(shape: readonly number[], x: NDArray): Float64Array {
  const { spins, rows } = spinRows(shape, x);
  const sites = shape.reduce((product, side) => product * side, 1);
  return Float64Array.from({ length: rows }, (_, row) => spinSum(spins, sites, row * sites) / sites);
}
