import { AnsatzError } from "../error.ts";
import type { FittedExact } from "../models/fitted/exact.ts";
import { keyOf, type SeedOrKey } from "../random/seed.ts";
import {
  type Estimate,
  importance,
  metropolisAcceptance,
  weightedError,
  weightedMoments,
} from "../stats/index.ts";
import type { Target } from "../systems/system.ts";

/** Equilibrium of a target, by importance sampling with an exact model: totals over all sites, in nats. */
export interface FreeEnergy {
  /** E_q[−βE − log q]: below log Z by KL(q‖p), on average; −logZBound/β is the variational free energy. */
  readonly logZBound: Estimate;
  /** log Z of the target, from the mean importance weight. */
  readonly logZ: Estimate;
  /** Effective sample size, as a fraction of the samples. */
  readonly ess: Estimate;
  /** The shape k̂ of the tail of the weights, believable up to 0.7; see `paretoShape`. */
  readonly tail: number;
  /** Fraction of the model's samples that a Metropolis chain of the target accepts as proposals. */
  readonly acceptance: Estimate;
  /** Mean energy U. */
  readonly energy: Estimate;
  /** S = log Z + βU. */
  readonly entropy: Estimate;
  /** β² Var(E), in units of Boltzmann's constant. */
  readonly heatCapacity: Estimate;
  /** Number of samples. */
  readonly samples: number;
}

/** See {@link freeEnergy}. */
export interface FreeEnergyOptions extends SeedOrKey {
  /** Samples to draw (default 100,000). */
  readonly samples?: number | undefined;
  /** Is called with the samples drawn so far and the number of all. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Stops the work, which then throws AnsatzError (interrupted). */
  readonly signal?: AbortSignal | undefined;
}

/** Samples of a model with their energies and log-weights. */
export interface Weighted {
  /** The samples, `[n, ...sites]`, as datasets store them. */
  readonly x: Awaited<ReturnType<FittedExact["sample"]>>["x"];
  /** E of each sample, in the target's units. */
  readonly energy: Float64Array;
  /** −βE − log q of each, nats. */
  readonly logWeight: Float64Array;
}

/**
 * Returns independent samples of a model with their weights under a target. Throws as the model's sampler and
 * the target's energy, and `failure` if a log-probability is not finite.
 */
export async function weightedSamples(
  model: FittedExact,
  target: Target,
  { samples = 100_000, onProgress, signal, ...from }: FreeEnergyOptions = {},
): Promise<Weighted> {
  const { x, logProb } = await model.sample(samples, {
    key: keyOf(from),
    ...(onProgress && { onProgress }),
    ...(signal && { signal }),
  });
  const energy = target.energy(x);
  const logWeight = energy.map((e, i) => 0 - target.beta * e - (logProb[i] as number));
  const bad = logWeight.findIndex((w) => !Number.isFinite(w));
  if (bad >= 0)
    throw new AnsatzError(
      "failure",
      `sample ${bad} of the ${model.model.family} has the weight ${logWeight[bad]}`,
    );
  return { x, energy, logWeight };
}

/**
 * Returns the variational bound on log Z and, reweighted by w = exp(−βE)/q, log Z and the thermodynamics at
 * β, from independent samples of a model. An error is unknown if the summed quantity has too heavy a tail, as
 * U has when the model hardly draws excitations that the target has; see `weightedError`.
 */
export function freeEnergyOf(beta: number, { energy, logWeight }: Weighted): FreeEnergy {
  const weights = importance(logWeight);
  const { logZ, bound, ess } = weights;
  const { mean, variance } = weightedMoments(weights, energy);
  const n = energy.length;
  const entropy = weightedError(
    n,
    (i) => {
      const w = weights.weights[i] as number;
      return w - 1 + beta * w * ((energy[i] as number) - mean.value);
    },
    { below: true },
  );
  // Samples of one energy tell nothing of how rare the others are.
  const known = energy.some((e) => e !== energy[0]);
  const whereKnown = ({ value, error }: Estimate): Estimate => ({ value, error: known ? error : Number.NaN });
  return {
    logZBound: bound,
    // One sample of another energy may have been missed.
    logZ: known ? logZ : { ...logZ, error: Math.hypot(logZ.error, 1 / n) },
    ess,
    acceptance: metropolisAcceptance(weights),
    tail: weights.tail,
    energy: whereKnown(mean),
    entropy: whereKnown({ value: logZ.value + beta * mean.value, error: entropy }),
    heatCapacity: whereKnown({ value: beta ** 2 * variance.value, error: beta ** 2 * variance.error }),
    samples: n,
  };
}

/** {@link freeEnergyOf} of freshly drawn samples. */
export async function freeEnergy(
  model: FittedExact,
  target: Target,
  options: FreeEnergyOptions,
): Promise<FreeEnergy> {
  return freeEnergyOf(target.beta, await weightedSamples(model, target, options));
}
