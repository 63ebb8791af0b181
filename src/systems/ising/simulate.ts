import type { Key } from "../../random/key.ts";
import type { Sampler } from "../spins/sampler.ts";
import { simulateSpins } from "../spins/simulate.ts";
import type { SimulateOptions, Simulation } from "../system.ts";
import { bondSum, isingEnergy } from "./energy.ts";
import { type Lattice, type LatticeKind, periodicLattice } from "./lattice.ts";
import { metropolis } from "./metropolis.ts";
import { orderParameter, orderWave } from "./order.ts";
import { wolff } from "./wolff.ts";

/** What to simulate, and how. */
export interface IsingSimulateOptions extends SimulateOptions {
  /** Sides of the periodic lattice. */
  readonly shape: readonly number[];
  /** Which lattice (default square). */
  readonly lattice?: LatticeKind;
  /** Inverse temperature. */
  readonly beta: number;
  /** Coupling (default 1). */
  readonly J?: number;
  /** Monte Carlo algorithm (default {@link wolff}, or {@link metropolis} where every triangle is frustrated). */
  readonly algorithm?: (lattice: Lattice, coupling: number, key: Key) => Sampler;
}

/**
 * Draws configurations of the Ising model as {@link simulateSpins} does.
 *
 * @returns `x: [samples, ...shape]` of 0 (down) and 1 (up), and how it came about; the same key gives the same.
 * @throws AnsatzError: input for a lattice or a number of samples that cannot be, interrupted when `signal`
 * aborts, failure when the chains do not decorrelate.
 */
export async function simulateIsing(options: IsingSimulateOptions): Promise<Simulation<"u8">> {
  const { beta, J = 1 } = options;
  const lattice = periodicLattice(options.shape, options.lattice);
  const coupling = beta * J;
  const algorithm = options.algorithm ?? defaultAlgorithm(lattice, coupling);
  const wave = orderWave(lattice, coupling);
  return simulateSpins({
    ...options,
    shape: lattice.shape,
    sampler: (key) => algorithm(lattice, coupling, key),
    ordered: Uint8Array.from(wave.cosine, (cosine) => (cosine < 0 ? 1 : 0)),
    measures: [(spins) => bondSum(lattice, spins), (spins) => orderParameter(wave, spins)],
    energy: (x) => isingEnergy(lattice, J, x),
  });
}

/**
 * Wolff's clusters, but single spins for the antiferromagnet on a triangular lattice: there every triangle is
 * frustrated, and clusters span the lattice long before neighbouring triangles are correlated.
 */
function defaultAlgorithm({ kind }: Lattice, coupling: number): typeof wolff | typeof metropolis {
  return kind === "triangular" && coupling < 0 ? metropolis : wolff;
}
