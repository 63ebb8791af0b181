import { type NDArray, ndarray, takeRows } from "../array.ts";
import { usageError } from "../error.ts";
import type { FittedExact } from "../models/fitted/exact.ts";
import { keyOf, type SeedOrKey } from "../random/seed.ts";
import { uniform } from "../random/uniform.ts";
import {
  type ChainEstimate,
  chainMean,
  type Estimate,
  heaviestTail,
  type Importance,
  importance,
} from "../stats/index.ts";
import { rowMean } from "../stats/row-mean.ts";
import type { Target } from "../systems/system.ts";
import { weightedSamples } from "./free-energy.ts";

/** See {@link metropolis}. */
export interface MetropolisOptions extends SeedOrKey {
  /** Rows to record, over all chains. */
  readonly samples: number;
  /** Number of independent chains that share the rows (default 16, or the number of rows if smaller). */
  readonly chains?: number | undefined;
  /**
   * Steps of each chain before its first row (default: a tenth of its rows, 100 at least, or five times the mean stay of the
   * longest, up to ten times its rows).
   */
  readonly burnIn?: number | undefined;
  /** Is called with the proposals drawn so far and the number of all; it starts again if the burn-in proves too short. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Stops the run, which then throws AnsatzError (interrupted). */
  readonly signal?: AbortSignal | undefined;
}

/** An observable along the chains. */
export interface ChainObservable extends Estimate {
  /** Integrated autocorrelation time τ = ½ + Σρ in steps; NaN where all rows agree. */
  readonly tau: number;
  /** Whether the chains are long enough to estimate τ. */
  readonly reliable: boolean;
}

/** Rows of Markov chains with the target as their distribution. */
export interface MetropolisRun {
  /** `[samples, ...sites]`, chain after chain, each in the order of its time. */
  readonly x: NDArray;
  /** `[samples]`: which chain a row is from. */
  readonly chain: NDArray<"i32">;
  /** Number of independent chains. */
  readonly chains: number;
  /** Steps of each chain that were discarded before its first row. */
  readonly burnIn: number;
  /** The fraction of proposals that was accepted. */
  readonly acceptance: Estimate;
  /** The longest τ of the observables, in steps; NaN if none moves. */
  readonly tau: number;
  /**
   * Why the chains are not known to have sampled the target, in words; errors of observables are then
   * unknown. Absent if the proposals show their weights, and the burn-in is several times as long as the
   * heaviest of them holds a chain.
   */
  readonly unmixed?: string;
  /** Means of the target's observables, with the errors that the chains allow. */
  readonly observables: Readonly<Record<string, ChainObservable>>;
}

/**
 * Independence Metropolis: chains that propose fresh samples x' of an exact model and accept each with probability
 * min(1, w(x')/w(x)), w = exp(−βE)/q, so that their stationary distribution is exp(−βE)/Z exactly, however far the model is
 * from it; a bad one shows as low acceptance and long τ. Every configuration must have q > 0.
 *
 * Each chain starts from a sample of the model and runs a burn-in first. Throws AnsatzError (usage) for numbers out of
 * range and for a model that is constrained, and as the model's sampler and the target's energy do.
 *
 * Source: Hastings, Biometrika 57 (1970) 97, section 2.5; Nicoli et al., Phys. Rev. E 101 (2020) 023304.
 */
export async function metropolis(
  model: FittedExact,
  target: Target,
  options: MetropolisOptions,
): Promise<MetropolisRun> {
  const { samples, onProgress, signal } = options;
  const key = keyOf(options);
  const chains = options.chains ?? Math.min(16, samples);
  if (!Number.isInteger(samples) || samples < 1)
    throw usageError(`the number of samples is a positive integer, not ${samples}`);
  if (!Number.isInteger(chains) || chains < 1 || chains > samples)
    throw usageError(`${samples} samples cannot be spread over ${chains} chains; give at most ${samples}`);
  if (model.model.refuses)
    throw usageError(
      `this ${model.model.family} allows only part of the configurations (a fixed magnetisation): chains of its proposals ` +
        "would never reach the others",
    );
  let burnIn = options.burnIn ?? Math.max(100, Math.ceil(samples / chains / 10));
  if (!Number.isInteger(burnIn) || burnIn < 0)
    throw usageError(`a burn-in has 0 steps or more, not ${burnIn}`);

  const draw = () =>
    weightedSamples(model, target, {
      samples: samples + chains * burnIn,
      key: key.fold(0),
      onProgress,
      signal,
    });
  let proposals = await draw();
  let weights = importance(proposals.logWeight);
  const wanted = stays * longestStay(weights);
  if (options.burnIn === undefined && wanted > burnIn) {
    burnIn = Math.ceil(Math.min(wanted, Math.max(burnIn, (10 * samples) / chains)));
    proposals = await draw();
    weights = importance(proposals.logWeight);
  }
  const total = proposals.logWeight.length;
  const u = uniform(key.fold(1), total, "f64");
  const rows = new Uint32Array(samples);
  const chain = new Int32Array(samples);
  const accepted = new Float64Array(samples);
  // Proposals are taken in turn, so every chain has its own.
  let [row, at] = [0, 0];
  for (let c = 0; c < chains; c++) {
    const length = Math.floor(((c + 1) * samples) / chains) - row;
    let current = at;
    for (let step = -burnIn; step < length; step++, at++) {
      const gain = (proposals.logWeight[at] as number) - (proposals.logWeight[current] as number);
      // The first proposal is where the chain starts.
      const takes = at === current || Math.log(u[at] as number) < gain;
      if (takes) current = at;
      if (step < 0) continue;
      rows[row] = current;
      chain[row] = c;
      accepted[row] = takes ? 1 : 0;
      row++;
    }
  }
  const x = takeRows(proposals.x, rows);
  const unmixed = whyUnmixed(weights, burnIn);
  const observables = Object.fromEntries(
    Object.entries(target.observables).map(([name, observable]) => {
      const found = along(observable(x), chain);
      return [name, unmixed ? { ...found, error: Number.NaN, reliable: false } : found];
    }),
  );
  const taus = Object.values(observables).flatMap(({ tau }) => (Number.isNaN(tau) ? [] : [tau]));
  return {
    x,
    chain: ndarray("i32", [samples], chain),
    chains,
    burnIn,
    acceptance: rowMean(accepted, chain),
    tau: taus.length > 0 ? Math.max(...taus) : Number.NaN,
    ...(unmixed !== undefined && { unmixed }),
    observables,
  };
}

/**
 * Length of a burn-in in stays at the heaviest proposal; after it the start is forgotten with probability
 * about 1 − e⁻⁵.
 */
const stays = 5;
/** Effective proposals below which the heaviest weights may not be among them. */
const fewestEffective = 100;

/** Steps that a chain stays at the heaviest proposal, on average: that weight over the mean one. */
function longestStay({ weights }: Importance): number {
  return weights.reduce((most, w) => Math.max(most, w), 0);
}

/** Why chains of these proposals are not known to sample the target; undefined if they are. */
function whyUnmixed(proposed: Importance, burnIn: number): string | undefined {
  const effective = proposed.ess.value * proposed.weights.length;
  // Weights that hardly differ say nothing else.
  if (proposed.ess.value > 0.5) return undefined;
  if (effective < fewestEffective)
    return `${proposed.weights.length} proposals count as ${effective.toPrecision(2)} (ESS)`;
  if (proposed.tail > heaviestTail)
    return `the weights of the proposals have a heavy tail (k̂ ${proposed.tail.toFixed(2)}, where 0.7 is the most to be trusted)`;
  if (burnIn < longestStay(proposed))
    return `chains stay at one configuration for up to ${Math.ceil(longestStay(proposed))} steps, and the burn-in is ${burnIn}`;
  return undefined;
}

/** The mean of an observable over the chains' rows, with its τ. */
function along(values: Float64Array, chain: Int32Array): ChainObservable {
  const { tau, reliable }: ChainEstimate = chainMean(split(values, chain));
  return { ...rowMean(values, chain), tau, reliable };
}

/** Rows in runs of equal chain. */
function split(values: Float64Array, chain: Int32Array): Float64Array[] {
  const parts: Float64Array[] = [];
  let start = 0;
  for (let i = 1; i <= chain.length; i++)
    if (i === chain.length || chain[i] !== chain[start]) {
      parts.push(values.subarray(start, i));
      start = i;
    }
  return parts;
}
