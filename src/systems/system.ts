import type * as z from "zod";
import type { NDArray, StorageType } from "../array.ts";
import type { Space } from "../data/space.ts";
import type { SymmetryName } from "../data/symmetry.ts";
import type { SeedOrKey } from "../random/seed.ts";
import type { Estimate } from "../stats/index.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** Exact equilibrium values of a system: totals over all its sites, logarithms natural, entropy in nats. */
export interface Exact {
  /** log Z, natural logarithm. */
  readonly logZ: number;
  /** Mean energy U. */
  readonly energy: number;
  /** Entropy S = log Z + βU. */
  readonly entropy: number;
  /** β² Var(E), in units of Boltzmann's constant. */
  readonly heatCapacity: number;
}

/** Parameters of a system: plain JSON, so that they live in a dataset's `meta.json` and bring the system back. */
export type Parameters = { readonly [name: string]: unknown };

/** Progress of a simulation: `done` of `total` rows, or of the sweeps spent before the first row. */
export interface SimulationProgress {
  /** `burn-in` before the first row is recorded, `sampling` from then on. */
  readonly phase: "burn-in" | "sampling";
  /** Sweeps of the burn-in, or rows, done so far. */
  readonly done: number;
  /** The final number; for a burn-in as far as known. */
  readonly total: number;
  /** Attempted updates of single sites so far, over all chains, if the sampler counts them. */
  readonly updates?: number;
}

/** Store in which a long simulation saves its state, every few seconds. */
export interface SimulationStore {
  /** Returns the last saved state, and all rows saved so far; undefined if there are none. */
  load(): Promise<{ readonly state: Uint8Array; readonly rows: Uint8Array } | undefined>;
  /** Keeps a state, and the bytes of the rows drawn since the last one. */
  save(state: Uint8Array, rows: readonly Uint8Array[]): Promise<void>;
}

/** Options of a simulation. */
export interface SimulateOptions extends SeedOrKey {
  /** Rows to record. */
  readonly samples: number;
  /** Independent chains to spread the rows over, so that data can be split by chain (default 16). */
  readonly chains?: number;
  /**
   * One of the system's `algorithms` (default: chosen by the system, its temperature and the number of
   * chains).
   */
  readonly algorithm?: string | undefined;
  /** Sweeps between rows of a chain, for systems with chains that accept it (default 5 τ). */
  readonly thinning?: number | undefined;
  /** Sweeps of each chain before its first row, likewise (default: until τ is known, 100 τ at least). */
  readonly burnIn?: number | undefined;
  /**
   * Store in which a long simulation saves its state, and finds that of an earlier call with the same
   * options.
   */
  readonly store?: SimulationStore | undefined;
  /** Is called with how far the simulation has come, every 40 ms at most, and at the end. */
  readonly onProgress?: (progress: SimulationProgress) => void;
  /** Stops the simulation, which then throws AnsatzError (interrupted). */
  readonly signal?: AbortSignal;
}

/** Rows drawn from a system's distribution, and how independent they are. */
export interface Simulation<D extends StorageType = StorageType> {
  /** `[samples, ...shape]`, chain after chain, each in the order of its time. */
  readonly x: NDArray<D>;
  /** `[samples]`: which chain a row is from; absent where rows are independent. */
  readonly chain?: NDArray<"i32">;
  /** The sampler that ran, and what one of its sweeps is. */
  readonly sampler: { readonly name: string; readonly sweep: string };
  /**
   * Integrated autocorrelation time in sweeps, the longest of the observables measured (½: independent); NaN
   * if a burn-in of a given length was too short to estimate it, and there are too few rows.
   */
  readonly tau: number;
  /** Sweeps between recorded rows of a chain. */
  readonly thinning: number;
  /** Sweeps that each chain ran before its first row. */
  readonly burnIn: number;
  /** Fraction of the sampler's proposals that were accepted, if it makes proposals. */
  readonly acceptance?: Estimate;
  /** Mean energy per site of the rows. */
  readonly energy: Estimate;
}

/** Returns one number per row of `x: [rows, ...shape]`. */
export type RowFunction = (x: NDArray) => Float64Array;

/** A number computed from means over rows, such as a ratio or a cumulant. */
export interface MeanStatistic {
  /** Returns the columns to average: one number per row each. */
  columns(x: NDArray): readonly Float64Array[];
  /** The statistic of the means, smooth near them. */
  of(means: readonly number[]): number;
}

/**
 * A Boltzmann distribution P(x) = e^{−βE(x)}/Z given by its energy: all that is needed to fit a model without
 * data. Every {@link System} is one; {@link energyTarget} makes one from any function.
 */
export interface Target {
  /** Name for messages; of a system, its name in the registry. */
  readonly name: string;
  /** The space of a configuration. */
  readonly space: Space;
  /** Inverse temperature β, in units of the inverse energy. */
  readonly beta: number;
  /** Total energy of each row of `x: [rows, ...shape]`: finite, or ∞ where P is 0. */
  energy(x: NDArray): Float64Array;
  /**
   * The same energy of tensors `[batch, ...shape]` → `[batch]`, differentiable by x, of a space of real numbers or angles:
   * what learning by gradients of samples, and Hamiltonian Monte Carlo in a graph, need.
   */
  energyTensor?(x: Tensor): Tensor;
  /** Named observables of each row, `energy` per site first if it is finite everywhere. */
  readonly observables: Readonly<Record<string, RowFunction>>;
  /** The named symmetries that leave the energy unchanged; absent if unknown. */
  readonly symmetries?: readonly SymmetryName[] | undefined;
  /** Exact values at β, or `undefined` if unknown; computed when first read. */
  readonly exact?: Exact | undefined;
}

/**
 * A system with a Boltzmann distribution P(x) = e^{−βE(x)}/Z over configurations: the reference for a model
 * of its data. `D` is the storage type of a configuration's sites.
 *
 * Every function of rows takes `x: [rows, ...shape]` and returns one number per row; each throws AnsatzError
 * (input) when x has another shape or a value that no configuration has.
 */
export interface System<D extends StorageType = StorageType, P extends Parameters = Parameters>
  extends Target {
  /** Complete parameters, defaults filled in. */
  readonly parameters: P;
  /** Shape of one configuration. */
  readonly shape: readonly number[];
  /** Number of sites, the product of `shape`. */
  readonly sites: number;
  /** The named symmetries that leave the energy unchanged. */
  readonly symmetries: readonly SymmetryName[];
  /** Exact values, or `undefined` if unknown; computed when first read. */
  readonly exact: Exact | undefined;
  /** log of the unnormalised probability of each row, −βE. */
  logWeight(x: NDArray): Float64Array;
  /** log P of each row, −βE − log Z in nats, or `undefined` where log Z is not known. */
  logProb(x: NDArray): Float64Array | undefined;
  /** Named numbers that are no means of one observable. */
  readonly statistics?: Readonly<Record<string, MeanStatistic>>;
  /** Exact means of observables, and statistics, that are known by themselves, such as those that a symmetry sets. */
  readonly exactMeans?: Readonly<Record<string, number>>;
  /** Names of observables and statistics that a simulation reports in addition to the energy. */
  readonly headlines?: readonly string[];
  /** Two-point function of each row along one axis, averaged over the lattice, where sites lie on one: `[rows, ⌊side/2⌋ + 1]`. */
  correlation?(x: NDArray, axis: number): NDArray<"f64">;
  /**
   * Names of the Monte Carlo algorithms that can simulate it; absent if there is no choice, empty if there is
   * no simulation.
   */
  readonly algorithms?: readonly string[];
  /** Draws rows from the distribution; yields to the event loop as it goes. */
  simulate(options: SimulateOptions): Promise<Simulation<D>>;
}

/** A kind of system: it checks parameters and makes a system of them. */
export interface SystemKind<D extends StorageType = StorageType, P extends Parameters = Parameters> {
  /** Name in the registry and on the command line. */
  readonly name: string;
  /** One line for a list of systems, with the Hamiltonian. */
  readonly summary: string;
  /** Names of all parameters. */
  readonly parameterNames: readonly string[];
  /** Checks parameters and fills in defaults; takes its own output unchanged. */
  readonly schema: z.ZodType<P>;
  /** The system of complete parameters. */
  create(parameters: P): System<D, P>;
  /**
   * The parameter `shape` of rows that have this shape, or undefined if it does not follow (default: that of
   * the rows, if it has two sides or more, as flat rows may be of any lattice).
   */
  shapeOf?(row: readonly number[]): readonly number[] | undefined;
}
