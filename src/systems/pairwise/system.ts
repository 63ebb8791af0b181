import { ndarray, sizeOf } from "../../array.ts";
import { namedAlgorithm } from "../monte-carlo/algorithm.ts";
import { simulateChains } from "../monte-carlo/simulate.ts";
import { flipAtRandom } from "../spins/flip.ts";
import { spinSystem } from "../spins/system.ts";
import type { Parameters, RowFunction, System } from "../system.ts";
import { type Couplings, checkCouplings, pairwiseEnergy } from "./couplings.ts";
import { enumerablePairwiseSites, enumeratePairwise } from "./enumerate.ts";
import { leadingMode } from "./mode.ts";
import { tempering } from "./tempering.ts";

/** Spins coupled in pairs, H = −Σ_{i<j} J_ij s_i s_j; configurations are bytes, 0 for spin down (−1) and 1 for up (+1). */
export interface Pairwise<P extends Parameters = Parameters> extends System<"u8", P> {
  /** J_ij of every pair. */
  readonly couplings: Couplings;
}

/** The Monte Carlo algorithms of glasses and memories, by name. */
export const temperingAlgorithms = ["parallel-tempering"] as const;

/** See {@link pairwiseSystem}. */
export interface PairwiseOptions<P extends Parameters> {
  /** The name of the system, as records state it. */
  readonly name: string;
  /** Among them the shape of a configuration and the inverse temperature. */
  readonly parameters: P & { readonly shape: readonly number[]; readonly beta: number };
  /** J_ij of every pair. */
  readonly couplings: Couplings;
  /** Observables in addition to the energy per site and the magnetisation. */
  readonly observables?: Readonly<Record<string, RowFunction>>;
}

/**
 * The system of given couplings: exact by enumeration up to 25 sites, simulated by parallel tempering until its
 * energy and its amplitude along the leading mode have decorrelated.
 *
 * @throws AnsatzError (input) for couplings of another shape, or not symmetric, or with a diagonal.
 */
export function pairwiseSystem<P extends Parameters>(options: PairwiseOptions<P>): Pairwise<P> {
  const { couplings } = options;
  const { shape, beta } = options.parameters;
  const sites = sizeOf(shape);
  checkCouplings(couplings, sites);
  const energy: RowFunction = (x) => pairwiseEnergy(couplings, shape, x);
  const system = spinSystem({
    ...options,
    shape,
    beta,
    energy,
    exact: () => (sites <= enumerablePairwiseSites ? enumeratePairwise(couplings, beta) : undefined),
    algorithms: temperingAlgorithms,
    simulate: async (request) => {
      namedAlgorithm(options.name, temperingAlgorithms, request.algorithm);
      const mode = leadingMode(couplings, beta);
      const bits = new Uint8Array(sites);
      const one = ndarray("u8", [1, ...shape], bits);
      return simulateChains({
        ...request,
        shape,
        dtype: "u8",
        energy,
        candidates: [{ sampler: () => tempering(couplings, beta) }],
        randomSite: (random) => random.below(2),
        symmetrise: flipAtRandom,
        ordered: Uint8Array.from(mode, (amplitude) => (amplitude > 0 ? 1 : 0)),
        measures: [
          (spins) => {
            bits.set(spins);
            return energy(one)[0]!;
          },
          (spins) => Math.abs(mode.reduce((sum, amplitude, i) => sum + amplitude * (2 * spins[i]! - 1), 0)),
        ],
      });
    },
  });
  return Object.assign(system, { couplings });
}
