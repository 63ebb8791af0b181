/**
 * Exact thermodynamics at one reduced coupling K = βJ, in units where J = 1. Everything is a total over the
 * lattice; logarithms are natural.
 */
export interface Reduced {
  /** log Z. */
  readonly logZ: number;
  /** d log Z / dK, the mean of Σ s_i s_j over bonds. */
  readonly slope: number;
  /** Entropy S = log Z − K · slope, in nats, computed without that cancellation. */
  readonly entropy: number;
  /** Heat capacity K² d² log Z / dK², in units of Boltzmann's constant. */
  readonly heatCapacity: number;
}

/**
 * Returns the same thermodynamics at −K for a lattice with Z even in K, as on every bipartite one: flipping
 * one sublattice maps the antiferromagnet to the ferromagnet.
 */
export function reflected(reduced: Reduced): Reduced {
  return { ...reduced, slope: -reduced.slope };
}
