import { usageError } from "../../error.ts";
import type { Exact } from "../system.ts";
import { type Couplings, energyOf, fieldOf } from "./couplings.ts";

/** Maximum number of sites for {@link enumeratePairwise}: 2^24 configurations, about a second. */
export const enumerablePairwiseSites = 25;

/** Spins that change within a block; the others are held while all of its configurations are visited. */
const inner = 12;

/** Σ e^{−κ(E − lowest)} (E − lowest)ⁿ over configurations, for n = 0, 1 and 2. */
interface Sums {
  readonly lowest: number;
  readonly zeroth: number;
  readonly first: number;
  readonly second: number;
}

/**
 * Exact thermodynamics at inverse temperature β by visiting every configuration in Gray-code order, each differing
 * from the last by one spin. The last spin is held fixed and Z doubled, by the global flip. Energies start afresh in
 * every block of 2^12 configurations, so that rounding does not add up, and sums are relative to the lowest energy, so
 * that nothing overflows and the entropy keeps its precision at low temperature.
 *
 * @returns totals over all sites.
 * @throws AnsatzError (usage) beyond {@link enumerablePairwiseSites} sites.
 */
export function enumeratePairwise(couplings: Couplings, beta: number): Exact {
  const sites = couplings.shape[0]!;
  if (sites > enumerablePairwiseSites)
    throw usageError(`${sites} sites cannot be enumerated; at most ${enumerablePairwiseSites} can`);
  const sign = beta < 0 ? -1 : 1;
  const k = Math.abs(beta);
  const matrix = sign < 0 ? couplings.data.map((j) => -j) : couplings.data;
  const signs = new Float64Array(sites).fill(1);
  const moving = Math.min(inner, sites - 1);
  let sums = blockSums(matrix, signs, moving, k);
  for (let step = 1; step < 2 ** (sites - 1 - moving); step++) {
    const site = moving + 31 - Math.clz32(step & -step);
    signs[site] = -signs[site]!;
    sums = added(sums, blockSums(matrix, signs, moving, k), k);
  }
  const { lowest, zeroth, first, second } = sums;
  const mean = first / zeroth;
  const log = Math.log(zeroth) + Math.LN2;
  return {
    logZ: log - k * lowest,
    energy: 0 + sign * (lowest + mean),
    entropy: log + k * mean,
    heatCapacity: k * k * Math.max(0, second / zeroth - mean * mean),
  };
}

/**
 * Sums over all values of the first `moving` spins; afterwards all but the last of them have their old
 * values.
 */
function blockSums(matrix: Float64Array, signs: Float64Array, moving: number, k: number): Sums {
  const sites = signs.length;
  // Fields of the spins that are held, on those that move.
  const held = Float64Array.from({ length: moving }, (_, i) => {
    let field = fieldOf(matrix, signs, i);
    for (let j = 0; j < moving; j++) field -= matrix[i * sites + j]! * signs[j]!;
    return field;
  });
  const energies = new Float64Array(2 ** moving);
  let energy = energyOf(matrix, signs);
  let lowest = energy;
  energies[0] = energy;
  for (let step = 1; step < energies.length; step++) {
    const site = 31 - Math.clz32(step & -step);
    let field = held[site]!;
    for (let j = 0, at = site * sites; j < moving; j++) field += matrix[at + j]! * signs[j]!;
    energy += 2 * signs[site]! * field;
    signs[site] = -signs[site]!;
    energies[step] = energy;
    if (energy < lowest) lowest = energy;
  }
  let [zeroth, first, second] = [0, 0, 0];
  for (let step = 0; step < energies.length; step++) {
    const excess = energies[step]! - lowest;
    const weight = Math.exp(-k * excess);
    zeroth += weight;
    first += weight * excess;
    second += weight * excess * excess;
  }
  return { lowest, zeroth, first, second };
}

function added(a: Sums, b: Sums, k: number): Sums {
  const lowest = Math.min(a.lowest, b.lowest);
  const [x, y] = [relativeTo(lowest, a, k), relativeTo(lowest, b, k)];
  return {
    lowest,
    zeroth: x.zeroth + y.zeroth,
    first: x.first + y.first,
    second: x.second + y.second,
  };
}

/** The same sums relative to another, lower energy. */
function relativeTo(lowest: number, { lowest: from, zeroth, first, second }: Sums, k: number): Sums {
  const rise = from - lowest;
  const factor = Math.exp(-k * rise);
  return {
    lowest,
    zeroth: factor * zeroth,
    first: factor * (first + rise * zeroth),
    second: factor * (second + 2 * rise * first + rise * rise * zeroth),
  };
}
