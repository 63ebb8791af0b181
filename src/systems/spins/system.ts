import { type NDArray, sizeOf } from "../../array.ts";
import { binary } from "../../data/space.ts";
import type { SymmetryName } from "../../data/symmetry.ts";
import type { Exact, Parameters, RowFunction, SimulateOptions, Simulation, System } from "../system.ts";
import { magnetisation } from "./magnetisation.ts";

/** See {@link spinSystem}. */
export interface SpinSystemOptions<P extends Parameters> {
  readonly name: string;
  readonly parameters: P;
  readonly shape: readonly number[];
  readonly beta: number;
  /** Total energy of each row, which a flip of all its spins does not change. */
  energy(x: NDArray): Float64Array;
  /** Exact values, or `undefined` if unknown; called once, on first use. */
  exact(): Exact | undefined;
  /** Symmetries of the energy in addition to the flip of all spins. */
  readonly symmetries?: readonly SymmetryName[];
  /** Observables in addition to the energy per site and the magnetisation. */
  readonly observables?: Readonly<Record<string, RowFunction>>;
  /** Names of the Monte Carlo algorithms it can be simulated by. */
  readonly algorithms?: readonly string[];
  simulate(options: SimulateOptions): Promise<Simulation<"u8">>;
}

/** The system of Ising spins with an energy that is even in them; rows are bytes, 0 for down (−1) and 1 for up (+1). */
export function spinSystem<P extends Parameters>(options: SpinSystemOptions<P>): System<"u8", P> {
  const { name, parameters, shape, beta, energy, simulate } = options;
  const sites = sizeOf(shape);
  const logWeight = (x: NDArray) => energy(x).map((e) => 0 - beta * e);
  let known: { readonly values: Exact | undefined } | undefined;
  const exact = () => {
    known ??= { values: options.exact() };
    return known.values;
  };
  return {
    name,
    parameters,
    space: binary(shape),
    shape,
    sites,
    beta,
    symmetries: ["flip", ...(options.symmetries ?? [])],
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
      magnetisation: (x) => magnetisation(shape, x),
      absMagnetisation: (x) => magnetisation(shape, x).map(Math.abs),
      ...options.observables,
    },
    // Flipping every spin costs nothing: without a field the finite system has no magnetisation.
    exactMeans: { magnetisation: 0 },
    ...(options.algorithms && { algorithms: options.algorithms }),
    simulate,
  };
}
