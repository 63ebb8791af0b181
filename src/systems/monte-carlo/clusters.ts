import type { Key } from "../../random/key.ts";
import type { Lattice } from "../ising/lattice.ts";
import type { Sampler } from "./ensemble.ts";
import { fromKernel, latticeChains } from "./lattice-chains.ts";

/** Lattice-fulls of flipped sites that a pilot spends on learning the size of a cluster. */
const pilotWork = 40;

/** Bonds of spins that may join a cluster. */
export interface ClusterRule {
  /** Probability with which a satisfied bond joins: 1 − e^{−2|K|} of Ising spins, 1 − e^{−K} of Potts spins. */
  readonly probability: number;
  /** Values of a spin. */
  readonly states: number;
  /** Whether unlike neighbours satisfy a bond; then there are two states. */
  readonly anti: boolean;
}

/**
 * Wolff's single-cluster algorithm (Phys. Rev. Lett. 62, 361, 1989): grow a cluster from a random site
 * through satisfied bonds and give it another value.
 *
 * A sweep is a fixed number of clusters, chosen from a pilot run so that together they flip about as many
 * spins as the lattice has; fixed, because a number that depended on the configuration would bias the
 * samples.
 *
 * @param key source of the pilot's random numbers.
 */
export function wolff(lattice: Lattice, rule: ClusterRule, key: Key): Sampler<Uint8Array<ArrayBuffer>> {
  const { probability, states, anti } = rule;
  const chainsOf = (from: Key, count: number) => latticeChains(lattice, 1, from, count);
  const pilot = chainsOf(key, 1);
  const perSweep = clustersPerSweep(lattice.sites, () => pilot.wolff(0, 1, probability, states, anti));
  return {
    name: "wolff",
    sweep: perSweep === 1 ? "1 cluster" : `${perSweep} clusters`,
    start: (from, starts) =>
      fromKernel(chainsOf(from, starts.length), starts, (chains, c, sweeps) => {
        chains.wolff(c, sweeps * perSweep, probability, states, anti);
      }),
  };
}

/**
 * Swendsen and Wang's algorithm (Phys. Rev. Lett. 58, 86, 1987): join spins through satisfied bonds and give every cluster
 * a random value. A sweep does so once.
 */
export function swendsenWang(
  lattice: Lattice,
  { probability, states, anti }: ClusterRule,
): Sampler<Uint8Array<ArrayBuffer>> {
  return {
    name: "swendsen-wang",
    sweep: "every cluster once",
    start: (from, starts) =>
      fromKernel(latticeChains(lattice, 1, from, starts.length), starts, (chains, c, sweeps) => {
        chains.swendsenWang(c, sweeps, probability, states, anti);
      }),
  };
}

/**
 * Returns the number of clusters that together flip `sites` sites.
 *
 * @param flip flips one cluster or two and returns their sites.
 */
export function clustersPerSweep(sites: number, flip: () => number): number {
  let clusters = 0;
  let flipped = 0;
  for (let work = 0; work < pilotWork * sites; ) {
    const size = flip();
    work += size;
    // The first half is burn-in.
    if (2 * work < pilotWork * sites) continue;
    clusters++;
    flipped += size;
  }
  return Math.max(1, Math.round((sites * clusters) / flipped));
}
