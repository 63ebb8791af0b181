import type { Measurements } from "../../data/measurements/index.ts";
import {
  type BootstrappedState,
  concurrence,
  entropy,
  fidelity,
  negativity,
  parametricBootstrap,
  purity,
  type StateNumbers,
} from "../../evaluate/tomography/index.ts";
import { Key } from "../../random/key.ts";
import { type ComplexMatrix, hermitianEigenvalues } from "../../stats/hermitian-eigen.ts";
import {
  BornTree,
  isPureState,
  likelihoodBound,
  overlap,
  type Tally,
  tallyOf,
  toPauli,
} from "../../tomography/index.ts";
import { type LookOptions, lazily } from "../study.ts";

/** A density matrix with its name. */
export interface NamedState {
  /** Name of the state in tables and figures. */
  readonly name: string;
  /** Rows and columns in the order of outcomes, qubit 0 the most significant bit. */
  readonly matrix: ComplexMatrix;
}

/** Quality of a density matrix for its shots. */
export interface DensityFit {
  /** Minus the log-likelihood in nats per shot. */
  readonly loss: number;
  /** Nats by which the log-likelihood of all shots can be higher at most. */
  readonly gap: number;
}

/** The parts of a study of tomography. */
export interface TomographyParts {
  /** The shots that the state was fitted to. */
  readonly measurements: Measurements;
  /** The state of greatest likelihood. */
  readonly rho: ComplexMatrix;
  /** Maximum number of non-zero eigenvalues of the state, if the fit bounded them. */
  readonly rank?: number | undefined;
  /** The intended state. */
  readonly target?: NamedState | undefined;
  /** The true state, if shots were simulated and it is known. */
  readonly truth?: ComplexMatrix | undefined;
  /** Other reconstructions of the same shots, which may be unphysical. */
  readonly others?: readonly NamedState[] | undefined;
  /** The file of calibration circuits, if the readout was fitted to the shots and to these together. */
  readonly calibration?: string | undefined;
  /** Number of replicas of the parametric bootstrap (default: from the number of qubits). */
  readonly replicas?: number | undefined;
  /** Seed of the bootstrap and of held-out shots (default 0). */
  readonly seed?: number | undefined;
}

/** The data of tomography panels. */
export interface TomographySubject extends Omit<TomographyParts, "others" | "seed"> {
  /** Counts of all outcomes. */
  readonly tally: Tally;
  /** The likelihood of `rho`. */
  readonly fit: DensityFit;
  /** Other reconstructions of the same shots (default none). */
  readonly others: readonly NamedState[];
  /** Seed of the bootstrap and of held-out shots. */
  readonly seed: number;
  /** Eigenvalues of `rho`, largest first. */
  readonly eigenvalues: Float64Array;
  /** Whether the target is pure, so that direct estimators of the fidelity exist. */
  readonly hasPureTarget: boolean;
  /** Errors of the numbers of {@link stateNumbers}, and how well a single state fits; done once. */
  bootstrap(at: LookOptions): Promise<BootstrappedState>;
}

/**
 * Maximum number of qubits for which other fits are made for comparison: one of 8 takes as long as everything
 * else.
 */
export const mostRefitted = 6;

/** Eigenvalues that get errors. */
const mostEigenvalues = 16;
/**
 * Default number of replicas by the number of qubits: a fit of 8 takes a thousand times as long as one of 3.
 */
const replicasOf = [200, 200, 200, 200, 200, 100, 50, 20, 10];

/** The subject of a study. Throws as `tallyOf`: more than 8 qubits, no shots. */
export function tomographySubject(parts: TomographyParts): TomographySubject {
  const { measurements, rho, target, others = [], seed = 0 } = parts;
  const tally = tallyOf(measurements);
  const replicas = parts.replicas ?? replicasOf[tally.qubits] ?? 10;
  return {
    ...parts,
    ...{ tally, others, seed, replicas, fit: fitOf(tally, rho) },
    eigenvalues: hermitianEigenvalues(rho),
    hasPureTarget: target !== undefined && isPureState(target.matrix),
    bootstrap: lazily(async ({ signal, onProgress }: LookOptions) =>
      parametricBootstrap(tally, rho, {
        ...{ replicas, key: Key.fromSeed(seed).fold(1), rank: parts.rank },
        numbers: stateNumbers(tally.qubits, target?.matrix),
        signal,
        onProgress: (done, total) => onProgress?.("bootstrap", done, total),
      }),
    ),
  };
}

/** The likelihood of a state, and how far it is from the maximum at most. */
function fitOf(tally: Tally, rho: ComplexMatrix): DensityFit {
  const tree = new BornTree(tally, (s) => tally.shotsOf[s]! > 0);
  const x = toPauli(rho);
  return { loss: tree.loss(x, tally), gap: likelihoodBound(tree, tally, x) };
}

/** Returns the numbers of a state for which the bootstrap gives errors, by name. */
export function stateNumbers(qubits: number, target: ComplexMatrix | undefined): StateNumbers {
  const isPure = target !== undefined && isPureState(target);
  let last: { readonly rho: ComplexMatrix; readonly values: Float64Array } | undefined;
  const spectrum = (rho: ComplexMatrix) => {
    if (last?.rho !== rho) last = { rho, values: hermitianEigenvalues(rho) };
    return last.values;
  };
  const shown = Math.min(mostEigenvalues, 2 ** qubits);
  return {
    ...(target && { fidelity: (rho) => (isPure ? overlap(rho, target) : fidelity(rho, target)) }),
    purity,
    entropy,
    ...(qubits > 1 && { negativity: (rho) => negativity(rho, [0]) }),
    ...(qubits === 2 && { concurrence }),
    ...Object.fromEntries(
      Array.from({ length: shown }, (_, k) => [`eigenvalue ${k}`, (rho: ComplexMatrix) => spectrum(rho)[k]!]),
    ),
  };
}
