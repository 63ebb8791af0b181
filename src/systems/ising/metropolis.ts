import type { Key } from "../../random/key.ts";
import { stream } from "../../random/stream.ts";
import type { Chain, Sampler } from "../spins/sampler.ts";
import type { Lattice } from "./lattice.ts";

/**
 * Single-spin Metropolis updates at randomly chosen sites, at coupling K = βJ; a sweep is N of them. Slow near
 * T_c, where it decorrelates in about L^2.17 sweeps: it is here as an independent check on the Wolff sampler.
 * As there, half of all calls to `advance` add one update, so that no parity is conserved at K = 0.
 */
export function metropolis(lattice: Lattice, coupling: number): Sampler {
  return {
    name: "metropolis",
    sweep: `${lattice.sites} single-spin updates`,
    chain: (key, start) => metropolisChain(lattice, coupling, key, start),
  };
}

function metropolisChain(lattice: Lattice, coupling: number, key: Key, spins: Uint8Array): Chain {
  const { sites, neighbours } = lattice;
  const degree = neighbours.length / sites;
  const random = stream(key);
  // 2^32 · min(1, e^{−2K s_i h}) by the number of like neighbours, for s_i h = 2 · like − degree.
  const acceptance = Float64Array.from(
    { length: degree + 1 },
    (_, like) => Math.min(1, Math.exp(-2 * coupling * (2 * like - degree))) * 2 ** 32,
  );
  return {
    spins,
    advance(sweeps) {
      for (let n = sweeps * sites + random.below(2); n > 0; n--) {
        const site = random.below(sites);
        const spin = spins[site]!;
        let like = degree;
        for (let k = site * degree; k < (site + 1) * degree; k++) like -= spins[neighbours[k]!]! ^ spin;
        if (random.bits() < acceptance[like]!) spins[site] = spin ^ 1;
      }
    },
  };
}
