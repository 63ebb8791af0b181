import { ndarray } from "../../array.ts";
import { type Space, siteShape, sites, storageOf } from "../../data/space.ts";
import { usageError } from "../../error.ts";
import type { Exact, Target } from "../system.ts";

/** Maximum number of configurations that {@link enumerateTarget} visits: those of 20 spins. */
export const enumerableStates: number = 2 ** 20;

/** Number of configurations whose energies are computed at once. */
const chunk = 4096;

/** Values of a site, if there are finitely many. */
function statesOf(space: Space): number {
  if (space.kind === "binary") return 2;
  return space.kind === "categorical" ? space.states : Number.POSITIVE_INFINITY;
}

/** Whether a space has so few configurations that all can be visited. */
export function isEnumerable(space: Space): boolean {
  return statesOf(space) ** sites(space) <= enumerableStates;
}

/**
 * Exact thermodynamics of any energy over bits or states, by visiting every configuration. Sums are relative to the lowest energy,
 * so that nothing overflows.
 *
 * @returns totals over all sites.
 * @throws AnsatzError (usage) for a space with more than {@link enumerableStates} configurations, and what the energy throws.
 */
export function enumerateTarget({
  name,
  space,
  beta,
  energy,
}: Pick<Target, "name" | "space" | "beta" | "energy">): Exact {
  if (!isEnumerable(space))
    throw usageError(`${name}: has more than ${enumerableStates} configurations, which cannot be enumerated`);
  const states = statesOf(space);
  const size = sites(space);
  const count = states ** size;
  const energies = new Float64Array(count);
  for (let from = 0; from < count; from += chunk) {
    const rows = Math.min(chunk, count - from);
    const x = ndarray(storageOf(space) as "u8", [rows, ...siteShape(space)]);
    for (let row = 0; row < rows; row++)
      for (let site = 0, rest = from + row; site < size; site++, rest = Math.floor(rest / states))
        x.data[row * size + site] = rest % states;
    energies.set(energy(x), from);
  }
  const sign = beta < 0 ? -1 : 1;
  const k = Math.abs(beta);
  const lowest = sign * energies.reduce((least, e) => Math.min(least, sign * e), Number.POSITIVE_INFINITY);
  let [zeroth, first, second] = [0, 0, 0];
  for (const e of energies) {
    const excess = sign * (e - lowest);
    const weight = Math.exp(-k * excess);
    zeroth += weight;
    first += weight * excess;
    second += weight * excess * excess;
  }
  const mean = first / zeroth;
  const log = Math.log(zeroth);
  return {
    logZ: log - beta * lowest,
    energy: lowest + sign * mean,
    entropy: log + k * mean,
    heatCapacity: k * k * Math.max(0, second / zeroth - mean * mean),
  };
}
