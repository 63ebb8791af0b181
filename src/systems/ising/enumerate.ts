import { type NDArray, ndarray } from "../../array.ts";
import { usageError } from "../../error.ts";
import type { Lattice } from "./lattice.ts";
import type { Reduced } from "./thermodynamics.ts";

/** Maximum number of sites for {@link densityOfStates}: 2^24 configurations, a fraction of a second. */
export const enumerableSites = 25;

/** Numbers of configurations with each value of Σ s_i s_j, the sum over bonds. */
export interface DensityOfStates {
  /** Values of Σ s_i s_j that occur, ascending. */
  readonly levels: readonly number[];
  /** Number of configurations at each level; they sum to 2^N. */
  readonly counts: readonly number[];
}

/**
 * The exact density of states of a small lattice, by visiting configurations in Gray-code order: each differs
 * from the last by one spin. The last spin is held fixed and every count doubled, by the global flip.
 *
 * @throws AnsatzError (usage) beyond {@link enumerableSites} sites.
 */
export function densityOfStates(lattice: Lattice): DensityOfStates {
  const { sites, neighbours } = lattice;
  if (sites > enumerableSites)
    throw usageError(`${sites} sites cannot be enumerated; at most ${enumerableSites} can`);
  const degree = neighbours.length / sites;
  const bonds = (sites * degree) / 2;
  const counts = new Float64Array(2 * bonds + 1);
  const spins = new Int8Array(sites).fill(1);
  let sum = bonds;
  counts[sum + bonds]! += 2;
  for (let step = 1; step < 2 ** (sites - 1); step++) {
    const site = 31 - Math.clz32(step & -step);
    let field = 0;
    for (let n = site * degree; n < (site + 1) * degree; n++) field += spins[neighbours[n]!]!;
    sum -= 2 * spins[site]! * field;
    spins[site] = -spins[site]!;
    counts[sum + bonds]! += 2;
  }
  const occupied = Array.from(counts.keys()).filter((index) => counts[index]! > 0);
  return { levels: occupied.map((index) => index - bonds), counts: occupied.map((index) => counts[index]!) };
}

/** Exact thermodynamics at coupling K = βJ of either sign, from a density of states. */
export function fromDensityOfStates({ levels, counts }: DensityOfStates, coupling: number): Reduced {
  const ground = Math.max(...levels.map((level) => coupling * level));
  const weights = levels.map((level, i) => counts[i]! * Math.exp(coupling * level - ground));
  const total = weights.reduce((sum, w) => sum + w, 0);
  const mean = (of: (level: number) => number) =>
    levels.reduce((sum, level, i) => sum + (weights[i]! / total) * of(level), 0);
  const slope = mean((level) => level);
  return {
    logZ: ground + Math.log(total),
    slope,
    entropy: Math.log(total) + mean((level) => ground - coupling * level),
    heatCapacity: coupling ** 2 * mean((level) => (level - slope) ** 2),
  };
}

/**
 * Every configuration of a small lattice, `[2^sites, ...shape]` of 0 and 1, counting up in binary with site 0
 * the most significant bit.
 *
 * @throws AnsatzError (usage) beyond 20 sites.
 */
export function allConfigurations(shape: readonly number[]): NDArray<"u8"> {
  const sites = shape.reduce((product, side) => product * side, 1);
  if (sites > 20) throw usageError(`2^${sites} configurations are too many to list; at most 20 sites`);
  const data = new Uint8Array(sites * 2 ** sites);
  for (let row = 0, at = 0; row < 2 ** sites; row++)
    for (let site = sites - 1; site >= 0; site--) data[at++] = (row >> site) & 1;
  return ndarray("u8", [2 ** sites, ...shape], data);
}
