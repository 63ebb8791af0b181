import type { NDArray } from "../../array.ts";
import { binary } from "../../data/space.ts";
import type { Exact, System, SystemKind } from "../system.ts";
import { isingEnergy } from "./energy.ts";
import { exactIsing } from "./exact.ts";
import { type Lattice, periodicLattice } from "./lattice.ts";
import { correlation, magnetisation } from "./observables.ts";
import { type IsingParameters, isingParameters } from "./parameters.ts";
import { simulateIsing } from "./simulate.ts";

/** The Ising model of given parameters; configurations are bytes, 0 for spin down (−1) and 1 for up (+1). */
export interface Ising extends System<"u8", IsingParameters> {
  readonly lattice: Lattice;
}

/** The Ising model on a periodic lattice of one to three dimensions. */
export const ising = {
  name: "ising",
  summary: "Ising model, H = −J Σ s_i s_j over nearest neighbours of a periodic lattice",
  parameterNames: ["shape", "beta", "J"],
  schema: isingParameters,
  create: createIsing,
} satisfies SystemKind<"u8", IsingParameters>;

function createIsing(parameters: IsingParameters): Ising {
  const { beta, J } = parameters;
  const lattice = periodicLattice(parameters.shape);
  const { sites, shape } = lattice;
  const energy = (x: NDArray) => isingEnergy(lattice, J, x);
  const logWeight = (x: NDArray) => energy(x).map((e) => 0 - beta * e);
  let known: { readonly values: Exact | undefined } | undefined;
  const exact = () => {
    known ??= { values: exactIsing(lattice, beta, J) };
    return known.values;
  };
  return {
    name: "ising",
    parameters,
    space: binary(shape),
    shape,
    sites,
    lattice,
    beta,
    get exact() {
      return exact();
    },
    energy,
    logWeight,
    logProb(x) {
      const logZ = exact()?.logZ;
      return logZ === undefined ? undefined : logWeight(x).map((w) => w - logZ);
    },
    observables: {
      energy: (x) => energy(x).map((e) => e / sites),
      magnetisation: (x) => magnetisation(lattice, x),
      absMagnetisation: (x) => magnetisation(lattice, x).map(Math.abs),
    },
    // Flipping every spin costs nothing: without a field the finite lattice has no magnetisation.
    exactMeans: { magnetisation: 0 },
    correlation: (x, axis) => correlation(lattice, x, axis),
    simulate: (options) => simulateIsing({ ...options, shape, beta, J }),
  };
}
