import type { FittedExact } from "../models/fitted/exact.ts";
import type { Key } from "../random/key.ts";
import { type Estimate, independentMean } from "../stats/index.ts";
import { median } from "../stats/median.ts";
import type { System, Target } from "../systems/system.ts";
import { weightedSamples } from "./free-energy.ts";
import { metropolis } from "./metropolis.ts";
import { slowest, type Trial, tryAlgorithm, unknown } from "./simulation-trial.ts";

/**
 * The rate at which a sampler makes effective samples: rows divided by 2τ of the slowest of the target's
 * observables.
 */
export interface Generation {
  /** Name of the sampler. */
  readonly sampler: string;
  /**
   * Effective samples a second by the clock, on one thread: the median of a few timings, with the error of it and of τ; NaN if
   * τ is not known.
   */
  readonly perSecond: Estimate;
  /** Seconds that are spent once, before the first row: a training, a burn-in. */
  readonly before: number;
  /** The longest τ = ½ + Σρ of the observables, in rows. */
  readonly tau: Estimate;
}

/** See {@link modelGeneration}. */
export interface GenerationOptions {
  /** The key of all that is drawn. */
  readonly key: Key;
  /** Stops the measurement, which then throws AnsatzError (interrupted). */
  readonly signal?: AbortSignal | undefined;
}

/** Number of rows in the chains that measure the τ of a model's proposals. */
export const proposalsChained = 2000;
/** Proposals of one timing: a run of the model's graph. */
const PROPOSALS = 1000;
/** Number of timings; their median is used. */
const TIMINGS = 5;

/**
 * Returns how fast a model makes samples of a target, corrected by independence Metropolis: proposals, their
 * energies and the chains' τ. `training` is the time spent before, in seconds. Throws as {@link metropolis}.
 */
export async function modelGeneration(
  model: FittedExact,
  target: Target,
  { training, key, signal }: GenerationOptions & { readonly training: number },
): Promise<Generation> {
  // This has also built the graphs before anything is timed.
  const chains = await metropolis(model, target, {
    ...{ samples: proposalsChained, chains: 4, key: key.fold(0), signal },
  });
  const each: number[] = [];
  for (let i = 0; i < TIMINGS; i++) {
    const began = performance.now();
    await weightedSamples(model, target, { samples: PROPOSALS, key: key.fold(1).fold(i), signal });
    each.push((performance.now() - began) / 1000 / PROPOSALS);
  }
  const unmixed = chains.unmixed !== undefined;
  const tau = unmixed ? unknown : slowest(target, chains.x, chains.chain.data);
  return { sampler: model.model.family, perSecond: rate(each, tau), before: training, tau };
}

/**
 * Returns how fast a system's own simulation makes samples: the fastest of its algorithms, each tried once,
 * then timed anew. Rows are recorded every 2τ sweeps. Undefined if no algorithm burns in within 10 s and
 * shows its τ.
 */
export async function simulationGeneration(
  system: System,
  { key, signal }: GenerationOptions,
): Promise<Generation | undefined> {
  let best: { readonly trial: Trial; readonly perSecond: number } | undefined;
  for (const [i, algorithm] of (system.algorithms ?? [undefined]).entries()) {
    const trial = await tryAlgorithm(system, algorithm, key.fold(i), signal);
    if (!trial) continue;
    const perSecond = rate([trial.firstTime], trial.tau).value;
    if (perSecond > (best?.perSecond ?? 0)) best = { trial, perSecond };
  }
  if (!best) return undefined;
  const { name, tau, timeOfRow, before } = best.trial;
  const each: number[] = [];
  for (let i = 0; i < TIMINGS; i++) each.push(await timeOfRow());
  return { sampler: name, perSecond: rate(each, tau), before: before(median(each)), tau };
}

/** Effective rows a second from seconds a row, measured several times. */
function rate(each: readonly number[], tau: Estimate): Estimate {
  const row = median(each);
  const value = 1 / (2 * tau.value * row);
  const { error } = independentMean(Float64Array.from(each));
  // Of one timing the error is unknown, and nobody asks for it.
  return { value, error: value * Math.hypot(tau.error / tau.value, error / row) };
}

/**
 * The number of effective samples from which on the first sampler is done sooner, all it spends before included: 0 if it
 * always is, infinite if it never is, NaN if the two rates do not differ by two of their errors.
 */
export function breakEven(one: Generation, other: Generation): Estimate {
  const [a, b] = [one.perSecond, other.perSecond];
  const gain = 1 / b.value - 1 / a.value;
  const error = Math.hypot(a.error / a.value ** 2, b.error / b.value ** 2);
  if (!(Math.abs(gain) > 2 * error)) return unknown;
  const behind = one.before - other.before;
  if (gain < 0) return { value: Number.POSITIVE_INFINITY, error: 0 };
  const value = Math.max(0, behind / gain);
  return { value, error: (value * error) / gain };
}

/** A model and the simulation of its system, by what effective samples cost. */
export interface GenerationCost {
  /** The model, with Metropolis. */
  readonly model: Generation;
  /** The system's fastest simulation, if one could be timed. */
  readonly simulation?: Generation;
  /** See {@link breakEven}; absent if one of the two is unknown. */
  readonly breakEven?: Estimate;
}

/** Times a model and its system's simulations in turn; `training` is what the model took, in seconds. */
export async function generationCost(
  fitted: FittedExact,
  system: System,
  { training, key, signal, onProgress }: GenerationCostOptions,
): Promise<GenerationCost> {
  onProgress?.(0, 2);
  const model = await modelGeneration(fitted, system, { training, key: key.fold(0), signal });
  onProgress?.(1, 2);
  const simulation = await simulationGeneration(system, { key: key.fold(1), signal });
  onProgress?.(2, 2);
  const known = simulation && !Number.isNaN(model.perSecond.value);
  return {
    model,
    ...(simulation && { simulation }),
    ...(known && { breakEven: breakEven(model, simulation) }),
  };
}

/** See {@link generationCost}. */
export interface GenerationCostOptions extends GenerationOptions {
  /** Seconds of the model's training. */
  readonly training: number;
  /** Is called as each of the two samplers is done. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}
