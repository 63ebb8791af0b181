import type { LatticeChains } from "../../kernels/lattice.ts";
import type { Key } from "../../random/key.ts";
import type { Lattice } from "../ising/lattice.ts";
import { clustersPerSweep } from "../monte-carlo/clusters.ts";
import type { Ensemble, Sampler } from "../monte-carlo/ensemble.ts";
import { latticeChains } from "../monte-carlo/lattice-chains.ts";

/** Monte Carlo algorithms of planar rotors, by name. */
export const xyAlgorithms = ["wolff", "metropolis", "hybrid"] as const;

/** Name of a Monte Carlo algorithm of planar rotors. */
export type XyAlgorithm = (typeof xyAlgorithms)[number];

/** Sweeps of reflections that follow each Metropolis sweep in the hybrid algorithm. */
const reflections = 4;

/** Whether clusters can be grown: only if no bond between two of their members can be broken. */
export function hasClusters(lattice: Lattice, coupling: number): boolean {
  return coupling >= 0 || lattice.bipartite;
}

/**
 * Returns the default algorithm: clusters along random directions if they can be grown, else Metropolis
 * updates with reflections.
 */
export function defaultXyAlgorithm(lattice: Lattice, coupling: number): XyAlgorithm {
  return hasClusters(lattice, coupling) ? "wolff" : "hybrid";
}

/** The algorithm of that name at coupling K = βJ. */
export function xySampler(
  name: XyAlgorithm,
  lattice: Lattice,
  coupling: number,
  key: Key,
): Sampler<Float32Array<ArrayBuffer>> {
  const { sites } = lattice;
  const chainsOf = (from: Key, count: number) => latticeChains(lattice, 16, from, count);
  if (name === "wolff") {
    const pilot = chainsOf(key, 1);
    pilot.setAngles(0, new Float32Array(sites));
    const perSweep = clustersPerSweep(sites, () => pilot.rotorWolff(0, 1, coupling));
    return {
      name,
      sweep: perSweep === 1 ? "1 cluster" : `${perSweep} clusters`,
      start: (from, starts) =>
        rotorsFromKernel(chainsOf(from, starts.length), starts, (chains, c, sweeps) => {
          chains.rotorWolff(c, sweeps * perSweep, coupling);
        }),
    };
  }
  const width = stepWidth(lattice, coupling);
  const more = name === "hybrid" ? reflections : 0;
  return {
    name,
    sweep:
      `${sites} Metropolis updates` +
      (more > 0 ? ` and ${more} times ${sites} reflections (over-relaxation)` : ""),
    fromOrder: hasClusters(lattice, coupling),
    updates: sites * (1 + more),
    start: (from, starts) =>
      rotorsFromKernel(chainsOf(from, starts.length), starts, (chains, c, sweeps) => {
        for (let n = 0; n < sweeps; n++) {
          chains.rotorMetropolis(c, 1, coupling, width);
          if (more > 0) chains.overrelax(c, more);
        }
      }),
  };
}

/** Largest tangent of half a turn that is proposed, so that about half are accepted; 0 for any turn at all. */
function stepWidth({ neighbours, sites }: Lattice, coupling: number): number {
  const turn = 2 / Math.sqrt((Math.abs(coupling) * neighbours.length) / (2 * sites));
  return turn < Math.PI / 2 ? Math.tan(turn / 2) : 0;
}

function rotorsFromKernel(
  chains: LatticeChains,
  starts: readonly Float32Array[],
  update: (chains: LatticeChains, chain: number, sweeps: number) => void,
): Ensemble<Float32Array<ArrayBuffer>> {
  starts.forEach((start, c) => {
    chains.setAngles(c, start as Float32Array<ArrayBuffer>);
  });
  return {
    advance(sweeps) {
      for (let c = 0; c < chains.count; c++) update(chains, c, sweeps);
    },
    read(chain, out) {
      out.set(chains.angles(chain));
    },
    save: () => chains.save(),
    restore(state) {
      chains.restore(state);
    },
  };
}
