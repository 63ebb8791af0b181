import type { Key } from "../../random/key.ts";
import type { Lattice } from "../ising/lattice.ts";
import { type ClusterRule, swendsenWang, wolff } from "../monte-carlo/clusters.ts";
import type { Sampler } from "../monte-carlo/ensemble.ts";
import { fromKernel, latticeChains } from "../monte-carlo/lattice-chains.ts";

/** Monte Carlo algorithms of the Potts model, by name. */
export const pottsAlgorithms = ["wolff", "swendsen-wang", "metropolis", "heat-bath"] as const;

/** Name of a Monte Carlo algorithm of the Potts model. */
export type PottsAlgorithm = (typeof pottsAlgorithms)[number];

/**
 * Returns the default algorithm: Wolff's clusters if like neighbours attract. If they repel there are no
 * clusters of like spins to flip, and spins are updated by a heat bath.
 */
export function defaultPottsAlgorithm(coupling: number): PottsAlgorithm {
  return coupling >= 0 ? "wolff" : "heat-bath";
}

/** The algorithm of that name at coupling K = βJ; clusters need K ≥ 0. */
export function pottsSampler(
  name: PottsAlgorithm,
  lattice: Lattice,
  q: number,
  coupling: number,
  key: Key,
): Sampler<Uint8Array<ArrayBuffer>> {
  const rule: ClusterRule = { probability: -Math.expm1(-coupling), states: q, anti: false };
  if (name === "wolff") return wolff(lattice, rule, key);
  if (name === "swendsen-wang") return swendsenWang(lattice, rule);
  return {
    name,
    sweep: `${lattice.sites} single-spin updates`,
    fromOrder: coupling > 0,
    start(from, starts) {
      const chains = latticeChains(lattice, 1, from, starts.length);
      chains.setTable(pottsTable(name, lattice.neighbours.length / lattice.sites, coupling));
      return fromKernel(chains, starts, (all, c, sweeps) => {
        if (name === "metropolis") all.pottsMetropolis(c, sweeps, q);
        else all.pottsHeatBath(c, sweeps, q);
      });
    },
  };
}

/**
 * The kernels' table: acceptances by the number of neighbours lost, or weights by the number of neighbours.
 */
function pottsTable(name: PottsAlgorithm, degree: number, coupling: number): Float64Array {
  return Float64Array.from({ length: 2 * degree + 1 }, (_, n) =>
    name === "metropolis"
      ? Math.min(1, Math.exp(-coupling * (n - degree))) * 2 ** 32
      : // Relative to the largest, so that none overflows.
        Math.exp(coupling * (coupling > 0 ? n - degree : n)),
  );
}
