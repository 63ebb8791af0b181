import * as z from "zod";
import type { NDArray } from "../../array.ts";
import { circle } from "../../data/space.ts";
import { usageError } from "../../error.ts";
import type { Key } from "../../random/key.ts";
import { uniform } from "../../random/uniform.ts";
import { boltzmannSystem } from "../boltzmann.ts";
import { type Lattice, type LatticeKind, periodicLattice } from "../ising/lattice.ts";
import { coupling, latticeKind, latticeShape } from "../ising/lattice-parameters.ts";
import { orderWave } from "../ising/order.ts";
import { latticeSymmetries } from "../ising/symmetries.ts";
import { namedAlgorithm } from "../monte-carlo/algorithm.ts";
import { simulateChains } from "../monte-carlo/simulate.ts";
import { realParameter } from "../parameters.ts";
import { realRows } from "../real-rows.ts";
import type { SimulateOptions, Simulation, System, SystemKind } from "../system.ts";
import { defaultXyAlgorithm, hasClusters, xyAlgorithms, xySampler } from "./algorithms.ts";
import { cosineSum, squareMagnetisation, vortexDensity, xyEnergy, xyEnergyTensor } from "./energy.ts";
import { exactXyRing } from "./exact.ts";

/** Complete parameters of the XY model H = −J Σ cos(θ_i − θ_j) on a periodic lattice. */
export type XyParameters = {
  /** Sides of the lattice. */
  readonly shape: readonly number[];
  /** Inverse temperature. */
  readonly beta: number;
  /** Coupling: positive where neighbours attract. */
  readonly J: number;
  /** Which sites are neighbours: those along the axes (`square`, in any dimension), or a diagonal too (`triangular`). */
  readonly lattice: LatticeKind;
};

/** The XY model of given parameters; configurations are angles in radians. */
export interface Xy extends System<"f32", XyParameters> {
  /** Sites, neighbours and bonds. */
  readonly lattice: Lattice;
}

/**
 * The XY model, planar rotors on a periodic lattice: hypercubic of one to three dimensions, or triangular. Exact on rings.
 * On the square lattice it has the Kosterlitz–Thouless transition, at βJ = 1.1199(1) (Hasenbusch, J. Phys. A 38, 5869,
 * 2005).
 */
export const xy = {
  name: "xy",
  summary: "XY model, H = −J Σ cos(θ_i − θ_j) of angles over nearest neighbours of a periodic lattice",
  parameterNames: ["shape", "beta", "J", "lattice"],
  schema: z
    .strictObject({
      shape: latticeShape,
      beta: realParameter("give a number (--beta on the command line)"),
      J: coupling,
      lattice: latticeKind,
    })
    .transform((parameters): XyParameters => {
      periodicLattice(parameters.shape, parameters.lattice);
      return parameters;
    }),
  create: createXy,
} satisfies SystemKind<"f32", XyParameters>;

function createXy(parameters: XyParameters): Xy {
  const { beta, J } = parameters;
  const lattice = periodicLattice(parameters.shape, parameters.lattice);
  const { shape, sites } = lattice;
  const energy = (x: NDArray) => xyEnergy(lattice, J, x);
  const system = boltzmannSystem<"f32", XyParameters>({
    name: "xy",
    parameters,
    space: circle(shape),
    beta,
    energy,
    energyTensor: xyEnergyTensor(lattice, J),
    observables: {
      energy: (x) => energy(x).map((e) => e / sites),
      squareMagnetisation: (x) => {
        const { values, rows } = realRows(shape, x);
        return Float64Array.from({ length: rows }, (_, row) =>
          squareMagnetisation(values, sites, row * sites),
        );
      },
      ...(shape.length === 2 &&
        lattice.kind === "square" && { vortexDensity: (x: NDArray) => vortexDensity(lattice, x) }),
    },
    symmetries: latticeSymmetries(lattice),
    exact: () => (shape.length === 1 ? exactXyRing(sites, beta, J) : undefined),
    algorithms: xyAlgorithms,
    simulate: (options) => simulateXy(lattice, parameters, energy, options),
  });
  return Object.assign(system, { lattice });
}

async function simulateXy(
  lattice: Lattice,
  { beta, J }: XyParameters,
  energy: (x: NDArray) => Float64Array,
  options: SimulateOptions,
): Promise<Simulation<"f32">> {
  const coupling = beta * J;
  const name = namedAlgorithm("xy", xyAlgorithms, options.algorithm) ?? defaultXyAlgorithm(lattice, coupling);
  if (name === "wolff" && !hasClusters(lattice, coupling))
    throw usageError(
      "wolff: on a lattice where the antiferromagnet is frustrated there are no clusters; take hybrid",
    );
  const { cosine, sine } = orderWave(lattice, coupling);
  return simulateChains({
    ...options,
    shape: lattice.shape,
    dtype: "f32",
    candidates: [{ sampler: (key) => xySampler(name, lattice, coupling, key) }],
    // The wave in which rotors order: their angles advance with its phase.
    ordered: Float32Array.from(cosine, (c, i) => Math.atan2(sine[i]!, c)),
    randomSite: (random) => Math.PI * (2 * random.uniform() - 1),
    measures: [
      (angles) => cosineSum(lattice, angles),
      (angles) => {
        let [real, imaginary] = [0, 0];
        for (let i = 0; i < angles.length; i++) {
          const [c, s] = [Math.cos(angles[i]!), Math.sin(angles[i]!)];
          real += c * cosine[i]! + s * sine[i]!;
          imaginary += s * cosine[i]! - c * sine[i]!;
        }
        return real * real + imaginary * imaginary;
      },
    ],
    symmetrise: turnAtRandom,
    energy,
  });
}

/** Turns all rotors by the same random angle, which leaves the energy. */
function turnAtRandom(angles: Float32Array, key: Key): void {
  const turn = 2 * Math.PI * uniform(key, 1, "f64")[0]!;
  for (let i = 0; i < angles.length; i++) {
    const angle = angles[i]! + turn;
    angles[i] = angle - 2 * Math.PI * Math.floor(angle / (2 * Math.PI) + 0.5);
  }
}
