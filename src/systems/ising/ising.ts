import type { NDArray } from "../../array.ts";
import { spinSystem } from "../spins/system.ts";
import type { System, SystemKind } from "../system.ts";
import { isingAlgorithms } from "./algorithms.ts";
import { correlation } from "./correlation.ts";
import { isingEnergy } from "./energy.ts";
import { exactIsing } from "./exact.ts";
import { type Lattice, periodicLattice } from "./lattice.ts";
import { type IsingParameters, isingParameters } from "./parameters.ts";
import { simulateIsing } from "./simulate.ts";
import { latticeSymmetries } from "./symmetries.ts";

/** The Ising model of given parameters; configurations are bytes, 0 for spin down (−1) and 1 for up (+1). */
export interface Ising extends System<"u8", IsingParameters> {
  /** Sites, neighbours and bonds. */
  readonly lattice: Lattice;
  /** Two-point function of each row along one axis, averaged over the lattice: `[rows, ⌊side/2⌋ + 1]`. */
  correlation(x: NDArray, axis: number): NDArray<"f64">;
}

/** The Ising model on a periodic lattice: hypercubic of one to three dimensions, or triangular. */
export const ising = {
  name: "ising",
  summary:
    "Ising model, H = −J Σ s_i s_j over nearest neighbours of a periodic lattice, square or triangular",
  parameterNames: ["shape", "beta", "J", "lattice"],
  schema: isingParameters,
  create: createIsing,
} satisfies SystemKind<"u8", IsingParameters>;

function createIsing(parameters: IsingParameters): Ising {
  const { beta, J } = parameters;
  const lattice = periodicLattice(parameters.shape, parameters.lattice);
  const { shape } = lattice;
  const system = spinSystem({
    name: "ising",
    parameters,
    shape,
    beta,
    energy: (x) => isingEnergy(lattice, J, x),
    symmetries: latticeSymmetries(lattice),
    exact: () => exactIsing(lattice, beta, J),
    algorithms: isingAlgorithms,
    simulate: (options) => simulateIsing({ ...options, shape, beta, J, lattice: lattice.kind }),
  });
  // Added to the system itself: a copy would compute `exact` at once.
  return Object.assign(system, {
    lattice,
    correlation: (x: NDArray, axis: number) => correlation(lattice, x, axis),
  });
}
