import type { NDArray } from "../../array.ts";
import { categorical } from "../../data/space.ts";
import { usageError } from "../../error.ts";
import type { Key } from "../../random/key.ts";
import { permutation } from "../../random/permutation.ts";
import { boltzmannSystem } from "../boltzmann.ts";
import { type Lattice, periodicLattice } from "../ising/lattice.ts";
import { latticeSymmetries } from "../ising/symmetries.ts";
import { namedAlgorithm } from "../monte-carlo/algorithm.ts";
import { simulateChains } from "../monte-carlo/simulate.ts";
import type { SimulateOptions, Simulation, System, SystemKind } from "../system.ts";
import { defaultPottsAlgorithm, pottsAlgorithms, pottsSampler } from "./algorithms.ts";
import { likeBonds, pottsEnergy, pottsOrder, pottsRows } from "./energy.ts";
import { exactPotts } from "./exact.ts";
import { type PottsParameters, pottsParameters } from "./parameters.ts";

/** The Potts model of given parameters; configurations are bytes, 0 to q − 1. */
export interface Potts extends System<"u8", PottsParameters> {
  /** Sites, neighbours and bonds. */
  readonly lattice: Lattice;
}

/** The Potts model on a periodic lattice: hypercubic of one to three dimensions, or triangular. */
export const potts = {
  name: "potts",
  summary:
    "Potts model, H = −J Σ δ(s_i, s_j) of spins with q states over nearest neighbours of a periodic lattice",
  parameterNames: ["shape", "beta", "q", "J", "lattice"],
  schema: pottsParameters,
  create: createPotts,
} satisfies SystemKind<"u8", PottsParameters>;

function createPotts(parameters: PottsParameters): Potts {
  const { beta, q, J } = parameters;
  const lattice = periodicLattice(parameters.shape, parameters.lattice);
  const { sites, shape } = lattice;
  const energy = (x: NDArray) => pottsEnergy(lattice, q, J, x);
  const system = boltzmannSystem<"u8", PottsParameters>({
    name: "potts",
    parameters,
    space: categorical(shape, q),
    beta,
    energy,
    observables: {
      energy: (x) => energy(x).map((e) => e / sites),
      order: (x) => {
        const { spins, rows } = pottsRows(shape, q, x);
        return Float64Array.from({ length: rows }, (_, row) => pottsOrder(spins, sites, q, row * sites));
      },
    },
    symmetries: latticeSymmetries(lattice),
    exact: () => exactPotts(lattice, q, beta, J),
    algorithms: pottsAlgorithms,
    simulate: (options) => simulatePotts(lattice, parameters, energy, options),
  });
  return Object.assign(system, { lattice });
}

async function simulatePotts(
  lattice: Lattice,
  { beta, q, J }: PottsParameters,
  energy: (x: NDArray) => Float64Array,
  options: SimulateOptions,
): Promise<Simulation<"u8">> {
  const coupling = beta * J;
  const name = namedAlgorithm("potts", pottsAlgorithms, options.algorithm) ?? defaultPottsAlgorithm(coupling);
  if (coupling < 0 && (name === "wolff" || name === "swendsen-wang"))
    throw usageError(`${name}: clusters need neighbours that attract (beta J > 0); take heat-bath`);
  const { sites } = lattice;
  return simulateChains({
    ...options,
    shape: lattice.shape,
    dtype: "u8",
    candidates: [{ sampler: (key) => pottsSampler(name, lattice, q, coupling, key) }],
    ordered: new Uint8Array(sites),
    randomSite: (random) => random.below(q),
    measures: [(spins) => likeBonds(lattice, spins), (spins) => pottsOrder(spins, sites, q)],
    symmetrise: permuteStates(q),
    energy,
  });
}

/** Permutes the q states of a configuration at random, which leaves the energy. */
function permuteStates(q: number): (spins: Uint8Array, key: Key) => void {
  return (spins, key) => {
    const names = permutation(key, q);
    for (let i = 0; i < spins.length; i++) spins[i] = names[spins[i]!]!;
  };
}
