import type { Key } from "../../random/key.ts";
import { stream } from "../../random/stream.ts";
import type { Chain, Sampler } from "../spins/sampler.ts";
import type { Lattice } from "./lattice.ts";

/** Lattice-fulls of flipped sites that the pilot spends on learning the size of a cluster. */
const pilotWork = 40;

/**
 * Wolff's single-cluster algorithm (Phys. Rev. Lett. 62, 361, 1989) at coupling K = βJ of either sign: grow a
 * cluster from a random site through satisfied bonds, each with probability 1 − e^{−2|K|}, and flip it.
 *
 * A sweep is a fixed number of clusters, chosen from a pilot run so that together they flip about as many
 * spins as the lattice has; fixed, because a number that depended on the configuration would bias the samples.
 * Half of all calls to `advance` add one cluster more: near K = 0 a cluster is one spin, and an even number of
 * them would leave the parity of the up spins as it was.
 *
 * @param key source of the pilot's random numbers.
 */
export function wolff(lattice: Lattice, coupling: number, key: Key): Sampler {
  const pilot = new WolffChain(lattice, coupling, key, new Uint8Array(lattice.sites), 1);
  let clusters = 0;
  let flipped = 0;
  for (let work = 0; work < pilotWork * lattice.sites; ) {
    const size = pilot.flipCluster();
    work += size;
    // The first half is burn-in.
    if (2 * work < pilotWork * lattice.sites) continue;
    clusters++;
    flipped += size;
  }
  const perSweep = Math.max(1, Math.round((lattice.sites * clusters) / flipped));
  return {
    name: "wolff",
    sweep: perSweep === 1 ? "1 cluster" : `${perSweep} clusters`,
    chain: (chainKey, start) => new WolffChain(lattice, coupling, chainKey, start, perSweep),
  };
}

/** Marks a spin as part of the growing cluster. */
const joined = 2;

class WolffChain implements Chain {
  readonly spins: Uint8Array;
  readonly #neighbours: Int32Array;
  readonly #degree: number;
  readonly #random: ReturnType<typeof stream>;
  readonly #clustersPerSweep: number;
  /** A bond joins the cluster when a 32-bit word is below this. */
  readonly #threshold: number;
  /** 0 where like spins attract, 1 where unlike spins do. */
  readonly #antiferromagnet: 0 | 1;
  readonly #queue: Int32Array;

  constructor(lattice: Lattice, coupling: number, key: Key, start: Uint8Array, clustersPerSweep: number) {
    this.spins = start;
    this.#neighbours = lattice.neighbours;
    this.#degree = lattice.neighbours.length / lattice.sites;
    this.#random = stream(key);
    this.#clustersPerSweep = clustersPerSweep;
    this.#threshold = -Math.expm1(-2 * Math.abs(coupling)) * 2 ** 32;
    this.#antiferromagnet = coupling < 0 ? 1 : 0;
    this.#queue = new Int32Array(lattice.sites);
  }

  advance(sweeps: number): void {
    const extra = this.#random.below(2);
    for (let n = sweeps * this.#clustersPerSweep + extra; n > 0; n--) this.flipCluster();
  }

  /** Grows and flips one cluster; returns its size. */
  flipCluster(): number {
    const spins = this.spins;
    const neighbours = this.#neighbours;
    const degree = this.#degree;
    const random = this.#random;
    const threshold = this.#threshold;
    const antiferromagnet = this.#antiferromagnet;
    const queue = this.#queue;
    const seed = random.below(spins.length);
    queue[0] = seed;
    spins[seed]! |= joined;
    let size = 1;
    for (let at = 0; at < size; at++) {
      const site = queue[at]!;
      const partner = (spins[site]! & 1) ^ antiferromagnet;
      for (let n = site * degree; n < (site + 1) * degree; n++) {
        const next = neighbours[n]!;
        // A site that has joined carries the mark, so it equals neither spin and is not tried again.
        if (spins[next] === partner && random.bits() < threshold) {
          spins[next] = partner | joined;
          queue[size++] = next;
        }
      }
    }
    for (let at = 0; at < size; at++) spins[queue[at]!]! ^= joined | 1;
    return size;
  }
}
