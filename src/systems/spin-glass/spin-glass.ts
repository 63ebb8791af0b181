import * as z from "zod";
import type { NDArray } from "../../array.ts";
import { type Lattice, type LatticeKind, periodicLattice } from "../ising/lattice.ts";
import { coupling, latticeKind, latticeShape } from "../ising/lattice-parameters.ts";
import { namedAlgorithm } from "../monte-carlo/algorithm.ts";
import { simulateChains } from "../monte-carlo/simulate.ts";
import { couplingsOf } from "../pairwise/couplings.ts";
import { enumerablePairwiseSites, enumeratePairwise } from "../pairwise/enumerate.ts";
import { seed } from "../pairwise/parameters.ts";
import { temperingAlgorithms } from "../pairwise/system.ts";
import { realParameter } from "../parameters.ts";
import { flipAtRandom } from "../spins/flip.ts";
import { spinRows } from "../spins/rows.ts";
import { spinSystem } from "../spins/system.ts";
import type { System, SystemKind } from "../system.ts";
import { latticeMode } from "./mode.ts";
import { type BondSigns, bondSigns, signedBondSum } from "./signs.ts";
import { latticeTempering } from "./tempering.ts";

/** Complete parameters of the Edwards–Anderson ±J spin glass. */
export type SpinGlassParameters = {
  /** Sides of the lattice. */
  readonly shape: readonly number[];
  /** Inverse temperature. */
  readonly beta: number;
  /** Magnitude of the couplings. */
  readonly J: number;
  /** Which sites are neighbours: those along the axes (`square`, in any dimension), or a diagonal too (`triangular`). */
  readonly lattice: LatticeKind;
  /** Draws the signs of the couplings. */
  readonly seed: number;
};

/** An Edwards–Anderson glass, with its lattice and the signs of its bonds. */
export interface SpinGlass extends System<"u8", SpinGlassParameters> {
  /** Sites, neighbours and bonds. */
  readonly lattice: Lattice;
  /** +1 or −1 for each bond of the lattice. */
  readonly signs: BondSigns;
}

/**
 * The Edwards–Anderson ±J spin glass (J. Phys. F 5, 965, 1975) on a periodic lattice: H = −Σ J_ij s_i s_j over nearest
 * neighbours, J_ij = J or −J with equal probability, drawn by `seed`, the same on every machine.
 */
export const spinGlass = {
  name: "spin-glass",
  summary:
    "Edwards–Anderson ±J spin glass, H = −Σ J_ij s_i s_j over nearest neighbours, J_ij = ±J at random by seed",
  parameterNames: ["shape", "beta", "J", "lattice", "seed"],
  schema: z
    .strictObject({
      shape: latticeShape,
      beta: realParameter("give a number (--beta on the command line)"),
      J: coupling,
      lattice: latticeKind,
      seed,
    })
    .transform((parameters): SpinGlassParameters => {
      periodicLattice(parameters.shape, parameters.lattice);
      return parameters;
    }),
  create: createSpinGlass,
} satisfies SystemKind<"u8", SpinGlassParameters>;

function createSpinGlass(parameters: SpinGlassParameters): SpinGlass {
  const { beta, J } = parameters;
  const lattice = periodicLattice(parameters.shape, parameters.lattice);
  const { shape, sites } = lattice;
  const signs = bondSigns(lattice, parameters.seed);
  const energy = (x: NDArray) => {
    const { spins, rows } = spinRows(shape, x);
    return Float64Array.from(
      { length: rows },
      (_, row) => 0 - J * signedBondSum(lattice, signs, spins, row * sites),
    );
  };
  const system = spinSystem({
    name: "spin-glass",
    parameters,
    shape,
    beta,
    energy,
    exact: () =>
      sites <= enumerablePairwiseSites
        ? enumeratePairwise(pairCouplings(lattice, signs, J), beta)
        : undefined,
    algorithms: temperingAlgorithms,
    simulate: async (options) => {
      namedAlgorithm("spin-glass", temperingAlgorithms, options.algorithm);
      const mode = latticeMode(lattice, signs, beta * J < 0 ? -1 : 1);
      return simulateChains({
        ...options,
        shape,
        dtype: "u8",
        energy,
        candidates: [{ sampler: () => latticeTempering(lattice, signs, beta * J) }],
        ordered: Uint8Array.from(mode, (amplitude) => (amplitude > 0 ? 1 : 0)),
        randomSite: (random) => random.below(2),
        symmetrise: flipAtRandom,
        measures: [
          (spins) => signedBondSum(lattice, signs, spins),
          (spins) => Math.abs(mode.reduce((sum, amplitude, i) => sum + amplitude * (2 * spins[i]! - 1), 0)),
        ],
      });
    },
  });
  return Object.assign(system, { lattice, signs });
}

/** The couplings between all pairs; bonds that join two sites twice, on a side of 2, add up. */
function pairCouplings({ bonds, sites }: Lattice, { ofBonds }: BondSigns, j: number) {
  const matrix = new Float64Array(sites * sites);
  for (let b = 0; b < ofBonds.length; b++) {
    const [from, to] = [bonds[2 * b]!, bonds[2 * b + 1]!];
    matrix[Math.min(from, to) * sites + Math.max(from, to)]! += j * ofBonds[b]!;
  }
  return couplingsOf(sites, (a, b) => matrix[a * sites + b]!);
}
