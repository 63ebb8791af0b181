import { usageError } from "../../error.ts";
import type { Key } from "../../random/key.ts";
import type { Estimate } from "../../stats/estimate.ts";
import type { ComplexMatrix } from "../../stats/hermitian-eigen.ts";
import { pauser } from "../../systems/pause.ts";
import { BornTree } from "../../tomography/born-tree.ts";
import type { Tally } from "../../tomography/counts.ts";
import { drawCounts } from "../../tomography/draw-counts.ts";
import { type MaximumLikelihoodOptions, maximumLikelihood } from "../../tomography/maximum-likelihood.ts";
import { toPauli } from "../../tomography/pauli.ts";
import { devianceBySetting, type GoodnessOfFit, goodnessOfFit } from "./deviance.ts";
import { turnScores, turnTest } from "./turn.ts";

/**
 * A number of the true state: its value in the state of greatest likelihood minus the bias that the bootstrap
 * finds, with its standard error. It may lie a little outside the number's range.
 */
export interface BootstrappedValue extends Estimate {
  /** The number of the state of greatest likelihood itself. */
  readonly ofState: number;
  /** Mean over the replicas. */
  readonly mean: number;
  /** (mean − ofState)/error: how far refits of data from this very state lie from it, in standard errors. */
  readonly bias: number;
  /**
   * A warning if the bias exceeds half a standard error: the correction is then rough, and value ± error
   * covers less than nominal. Also if all refits agree: the error is then NaN.
   */
  readonly doubt?: string;
}

/** Numbers of a state by name. */
export type StateNumbers = Readonly<Record<string, (rho: ComplexMatrix) => number>>;

/** See {@link parametricBootstrap}. */
export interface BootstrapStateOptions extends Pick<MaximumLikelihoodOptions, "rank"> {
  /** Number of data sets that are drawn and refitted (default 100). */
  readonly replicas?: number;
  /** Source of the replicas' shots. */
  readonly key: Key;
  /** Numbers of the state for which errors are wanted. */
  readonly numbers: StateNumbers;
  /** Stops it with AnsatzError (interrupted). */
  readonly signal?: AbortSignal | undefined;
  /** Data sets refitted so far, and all of them. */
  readonly onProgress?: (done: number, replicas: number) => void;
}

/** Errors of numbers of the state of greatest likelihood `rho` of `tally`, and how well it fits. */
export interface BootstrappedState {
  /** The requested numbers, by name. */
  readonly values: Readonly<Record<string, BootstrappedValue>>;
  /** Whether one state explains the shots. */
  readonly fit: GoodnessOfFit;
  /** Data sets that were refitted. */
  readonly replicas: number;
}

/** Nats within which replicas are fitted: far less than the ½ that one standard deviation is. */
const replicaTolerance = 1e-2;

/**
 * Runs the parametric bootstrap: data sets with the same numbers of shots are drawn from `rho` by Born's rule
 * and refitted. The spread of a number over refits is its standard error. The mean over refits minus the
 * number of `rho` is its bias, which is subtracted. Deviances of refits show what to expect of a single
 * state. Throws AnsatzError (usage) for fewer than 2 replicas, (interrupted) once `signal` is aborted.
 *
 * Source: Efron & Tibshirani, "An Introduction to the Bootstrap" (1993), sections 6.5 and 10.6.
 */
export async function parametricBootstrap(
  tally: Tally,
  rho: ComplexMatrix,
  { replicas = 100, key, numbers, rank, signal, onProgress }: BootstrapStateOptions,
): Promise<BootstrappedState> {
  if (!(Number.isInteger(replicas) && replicas >= 2))
    throw usageError(`the bootstrap takes 2 replicas or more, not ${replicas}`);
  const tree = new BornTree(tally, (s) => tally.shotsOf[s]! > 0);
  const probabilities = tree.probabilities(toPauli(rho));
  const names = Object.keys(numbers);
  const drawn = names.map(() => new Float64Array(replicas));
  const deviances: Float64Array[] = [];
  const turns: Float64Array[] = [];
  const pause = pauser(signal, "the bootstrap was interrupted");
  for (let k = 0; k < replicas; k++) {
    await pause();
    const data = drawCounts(tally, probabilities, key.fold(k));
    const refit = maximumLikelihood(data, { start: rho, tolerance: replicaTolerance, rank });
    names.forEach((name, i) => {
      drawn[i]![k] = numbers[name]!(refit.rho);
    });
    const x = toPauli(refit.rho);
    deviances.push(devianceBySetting(data, tree.probabilities(x)));
    turns.push(turnScores(tree, data, x));
    onProgress?.(k + 1, replicas);
  }
  // At the edge of the states the log-likelihood falls in proportion to the distance and to the shots.
  const resolved = replicaTolerance / tally.shots;
  return {
    values: Object.fromEntries(
      names.map((name, i) => [name, summary(numbers[name]!(rho), drawn[i]!, resolved)]),
    ),
    fit: goodnessOfFit(
      tally,
      devianceBySetting(tally, probabilities),
      deviances,
      turnTest(turnScores(tree, tally, toPauli(rho)), turns),
    ),
    replicas,
  };
}

/** The number of the true state by the same number `ofState` of the fitted one and of refits. `resolved` is the spread below which refits differ by their tolerance alone. */
export function summary(ofState: number, drawn: Float64Array, resolved: number): BootstrappedValue {
  const mean = drawn.reduce((sum, v) => sum + v, 0) / drawn.length;
  const error = Math.sqrt(drawn.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (drawn.length - 1));
  // Refits that all end at the same edge of the states agree: that is no error of 0.
  if (error <= resolved)
    return {
      ...{ value: ofState, error: Number.NaN, ofState, mean, bias: 0 },
      doubt: `all ${drawn.length} refits agree, so the bootstrap gives no error`,
    };
  const bias = (mean - ofState) / error;
  return {
    ...{ value: 2 * ofState - mean, error, ofState, mean, bias },
    ...(Math.abs(bias) > 0.5 && {
      doubt: `refits of data from this state are off by ${bias > 0 ? "+" : ""}${bias.toFixed(1)} standard errors: it is biased, and although that is taken off the interval covers too little`,
    }),
  };
}
