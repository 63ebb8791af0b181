import type { NDArray } from "../../array.ts";
import { real } from "../../data/space.ts";
import { boltzmannSystem } from "../boltzmann.ts";
import { simulateField } from "../hmc/simulate.ts";
import { periodicLattice } from "../ising/lattice.ts";
import { realRows } from "../real-rows.ts";
import type { System, SystemKind } from "../system.ts";
import { phi4Action, phi4EnergyTensor } from "./action.ts";
import { freeField, type Phi4Exact } from "./free.ts";
import { binderCumulant, fieldCorrelation, fieldMean } from "./observables.ts";
import { type Phi4Parameters, phi4Parameters } from "./parameters.ts";
import { phi4Ring } from "./transfer.ts";

/**
 * Scalar φ⁴ theory on a periodic lattice of one to three dimensions, in the convention of Albergo et al.
 * (arXiv:2101.08176): S = Σ_x [m²φ² + λφ⁴ + Σ_μ (φ_{x+μ} − φ_x)²], no factor ½, and P = e^{−S}/Z. The energy is the action,
 * β = 1. Exact for λ = 0 and in one dimension.
 */
export const phi4 = {
  name: "phi4",
  summary: "scalar φ⁴ theory on a torus, S = Σ [m²φ² + λφ⁴ + Σ_μ (φ_{x+μ} − φ_x)²]: --mass2, --lambda",
  parameterNames: ["shape", "mass2", "lambda"],
  schema: phi4Parameters,
  create: createPhi4,
} satisfies SystemKind<"f32", Phi4Parameters>;

function createPhi4(parameters: Phi4Parameters): System<"f32", Phi4Parameters> {
  const { shape, mass2, lambda } = parameters;
  const lattice = periodicLattice(shape);
  const { sites } = lattice;
  const action = phi4Action(lattice, parameters);
  const energy = (x: NDArray) => {
    const { values, rows } = realRows(shape, x);
    const field = new Float64Array(sites);
    return Float64Array.from({ length: rows }, (_, row) => {
      for (let i = 0; i < sites; i++) field[i] = values[row * sites + i]!;
      return action.value(field);
    });
  };
  const magnetisation = fieldMean(shape, (phi) => phi);
  let known: Phi4Exact | undefined;
  const exact = () => {
    if (lambda === 0) known ??= freeField(shape, mass2);
    else if (shape.length === 1) known ??= phi4Ring(sites, parameters);
    return known;
  };
  const equal = new Set(shape).size < shape.length;
  // Where the potential has its least value: chains start there, every other one at random.
  const minimum = Math.sqrt(Math.max(0, -mass2) / (2 * lambda || 1));
  return boltzmannSystem({
    name: "phi4",
    parameters,
    space: real(shape),
    beta: 1,
    energy,
    energyTensor: (x) => phi4EnergyTensor(parameters, x),
    symmetries: ["flip", "translations", "reflections", ...(equal ? (["rotations"] as const) : [])],
    observables: {
      energy: (x) => energy(x).map((e) => e / sites),
      magnetisation,
      absMagnetisation: (x) => magnetisation(x).map(Math.abs),
      phi2: fieldMean(shape, (phi) => phi * phi),
      susceptibility: (x) => magnetisation(x).map((m) => sites * m * m),
    },
    statistics: { binder: binderCumulant(magnetisation) },
    headlines: ["phi2", "susceptibility", "binder"],
    exact,
    exactMeans: () => {
      const values = exact();
      return {
        magnetisation: 0,
        ...(values && { phi2: values.phi2, susceptibility: values.susceptibility }),
        // The magnetisation of a free field is normally distributed.
        ...(lambda === 0 && { binder: 0 }),
      };
    },
    correlation: (x, axis) => fieldCorrelation(lattice, x, axis),
    simulate: (request) =>
      simulateField({
        ...request,
        shape,
        action,
        start: (chain, random) =>
          Float64Array.from({ length: sites }, () => (chain % 2 === 0 ? minimum : 2 * random.uniform() - 1)),
        measures: [
          (field) => action.value(field),
          (field) => Math.abs(field.reduce((total, phi) => total + phi, 0)),
        ],
        energyPerSite: (x) => energy(x).map((e) => e / sites),
      }),
  });
}
