import type { Key } from "../../random/key.ts";
import { type ClusterRule, swendsenWang, wolff } from "../monte-carlo/clusters.ts";
import type { Sampler } from "../monte-carlo/ensemble.ts";
import type { Candidate } from "../monte-carlo/simulate.ts";
import { singleSpins } from "../monte-carlo/single-spins.ts";
import type { Lattice } from "./lattice.ts";

/** Monte Carlo algorithms of the Ising model, by name. */
export const isingAlgorithms = ["wolff", "swendsen-wang", "metropolis", "heat-bath"] as const;

/** Name of a Monte Carlo algorithm of the Ising model. */
export type IsingAlgorithm = (typeof isingAlgorithms)[number];

/** Chains from which on most bits of a vector of 128 are of use. */
const manyChains = 64;
/**
 * Sweeps of τ up to which single spins are the faster way: a vector of 128 spins is renewed in the time in which a
 * cluster takes in two or three sites, and clusters need a few sweeps as well.
 */
const slowest = 200;
/** |K| below which Metropolis' rule, which accepts nearly everything there, goes round in circles for long. */
const weak = 0.1;

/** The algorithm of that name at coupling K = βJ. */
export function isingSampler(
  name: IsingAlgorithm,
  lattice: Lattice,
  coupling: number,
  key: Key,
): Sampler<Uint8Array<ArrayBuffer>> {
  if (name === "metropolis" || name === "heat-bath") return singleSpins(lattice, coupling, name);
  const rule: ClusterRule = {
    probability: -Math.expm1(-2 * Math.abs(coupling)),
    states: 2,
    anti: coupling < 0,
  };
  return name === "wolff" ? wolff(lattice, rule, key) : swendsenWang(lattice, rule);
}

/**
 * Returns the algorithms to try if none is named. Few chains: Wolff's clusters, which decorrelate in a few
 * sweeps at any temperature. 64 or more: single spins, 128 chains at once, unless τ turns out above 200
 * sweeps; then clusters. Always single spins for the antiferromagnet on a triangular lattice, where clusters
 * span the lattice long before neighbouring triangles are correlated. Single spins are updated by Metropolis'
 * rule, at weak coupling by a heat bath.
 */
export function isingCandidates(
  lattice: Lattice,
  coupling: number,
  chains: number,
): Candidate<Uint8Array<ArrayBuffer>>[] {
  const candidate = (name: IsingAlgorithm) => ({
    sampler: (key: Key) => isingSampler(name, lattice, coupling, key),
  });
  const single = candidate(Math.abs(coupling) < weak ? "heat-bath" : "metropolis");
  if (lattice.kind === "triangular" && coupling < 0) return [single];
  return chains < manyChains ? [candidate("wolff")] : [{ ...single, slowest }, candidate("wolff")];
}
