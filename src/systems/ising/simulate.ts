import { namedAlgorithm } from "../monte-carlo/algorithm.ts";
import { simulateChains } from "../monte-carlo/simulate.ts";
import { flipAtRandom } from "../spins/flip.ts";
import type { SimulateOptions, Simulation } from "../system.ts";
import { type IsingAlgorithm, isingAlgorithms, isingCandidates, isingSampler } from "./algorithms.ts";
import { bondSum, isingEnergy } from "./energy.ts";
import { type LatticeKind, periodicLattice } from "./lattice.ts";
import { orderParameter, orderWave } from "./order.ts";

/** Options of a simulation of Ising spins. */
export interface IsingSimulateOptions extends SimulateOptions {
  /** Sides of the periodic lattice. */
  readonly shape: readonly number[];
  /** Which lattice (default square). */
  readonly lattice?: LatticeKind;
  /** Inverse temperature. */
  readonly beta: number;
  /** Coupling (default 1). */
  readonly J?: number;
}

/**
 * Draws configurations of the Ising model as `simulateChains` does, by one of {@link isingAlgorithms}. Every recorded row
 * is flipped as a whole with probability ½.
 *
 * @returns `x: [samples, ...shape]` of 0 (down) and 1 (up), and how it came about; the same key gives the same.
 * @throws AnsatzError: input for a lattice or a number of samples that cannot be, usage for an unknown algorithm,
 * interrupted when `signal` aborts, failure when the chains do not decorrelate.
 */
export async function simulateIsing(options: IsingSimulateOptions): Promise<Simulation<"u8">> {
  const { beta, J = 1 } = options;
  const lattice = periodicLattice(options.shape, options.lattice);
  const coupling = beta * J;
  const name: IsingAlgorithm | undefined = namedAlgorithm("ising", isingAlgorithms, options.algorithm);
  const wave = orderWave(lattice, coupling);
  return simulateChains({
    ...options,
    shape: lattice.shape,
    dtype: "u8",
    candidates: name
      ? [{ sampler: (key) => isingSampler(name, lattice, coupling, key) }]
      : isingCandidates(lattice, coupling, options.chains ?? 16),
    ordered: Uint8Array.from(wave.cosine, (cosine) => (cosine < 0 ? 1 : 0)),
    randomSite: (random) => random.below(2),
    measures: [(spins) => bondSum(lattice, spins), (spins) => orderParameter(wave, spins)],
    symmetrise: flipAtRandom,
    energy: (x) => isingEnergy(lattice, J, x),
  });
}
