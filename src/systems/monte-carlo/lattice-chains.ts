import { chainSeedWords, LatticeChains } from "../../kernels/lattice.ts";
import { bits } from "../../random/bits.ts";
import type { Key } from "../../random/key.ts";
import type { Lattice } from "../ising/lattice.ts";
import type { Ensemble } from "./ensemble.ts";

/** Chains over a lattice, of `bytes` per site, each with its own generator. */
export function latticeChains(lattice: Lattice, bytes: 1 | 16, key: Key, count: number): LatticeChains {
  const { neighbours, sites } = lattice;
  return new LatticeChains({
    ...{ degree: neighbours.length / sites, neighbours, bytes },
    seeds: Array.from({ length: count }, (_, c) => bits(key.fold(c), chainSeedWords)),
  });
}

/** Chains of spins of a kernel as an ensemble, from the configurations `starts`; `update` moves one of them on. */
export function fromKernel(
  chains: LatticeChains,
  starts: readonly Uint8Array[],
  update: (chains: LatticeChains, chain: number, sweeps: number) => void,
): Ensemble<Uint8Array<ArrayBuffer>> {
  starts.forEach((start, c) => {
    chains.spins(c).set(start);
  });
  return {
    advance(sweeps) {
      for (let c = 0; c < chains.count; c++) update(chains, c, sweeps);
    },
    read(chain, out) {
      out.set(chains.spins(chain));
    },
    save: () => chains.save(),
    restore(state) {
      chains.restore(state);
    },
  };
}
