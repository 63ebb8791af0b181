import {
  type FreeEnergy,
  freeEnergyOf,
  type GenerationCost,
  type PartRows,
  type Weighted,
  weightedSamples,
} from "../evaluate/index.ts";
import type { FittedExact } from "../models/fitted/exact.ts";
import { Key } from "../random/key.ts";
import type { System } from "../systems/index.ts";
import type { TrainEvent } from "../train/event.ts";
import { generationOf } from "./generation.ts";
import { judgeSolved, leastJudged } from "./judge/judge-samples.ts";
import type { Judged } from "./judge/judged.ts";
import { hasSimulation, simulatedRows, simulationSeconds } from "./judge/simulated-rows.ts";
import { type LookOptions, lazily } from "./study.ts";

/** Samples of a solved model with their weights, and the results for the target. */
export interface Solved {
  /** The samples with their energies and weights. */
  readonly drawn: Weighted;
  /** Free energy, entropy and related quantities from the samples. */
  readonly free: FreeEnergy;
}

/** A model solved for a system: what panels of a solve look at. What several need is made once. */
export interface SolveSubject {
  /** The model with its parameters. */
  readonly fitted: FittedExact;
  /** The system that the model was trained for. */
  readonly target: System;
  /** Events of the training. */
  readonly events: readonly TrainEvent[];
  /** Rows of the system's own simulation, to hold the model's against. */
  readonly simulated: PartRows | undefined;
  /** Returns samples and the results from them; computed once, on first use. */
  solved(at: LookOptions): Promise<Solved>;
  /**
   * Returns the cost of effective samples next to that of the system's simulation; undefined if it is
   * unknown. Timed once.
   */
  generation(at: LookOptions): Promise<GenerationCost | undefined>;
  /**
   * Returns two-sample tests of samples, not reweighted, against rows of the system's own simulation:
   * `simulated`, or as many rows as take a few seconds. Undefined for a system without a simulation, and for
   * too few samples or rows. Computed once.
   */
  judged(at: LookOptions): Promise<Judged | undefined>;
}

/** Options of {@link solveSubject}. */
export interface SolveSubjectOptions {
  /** Samples to estimate from (default 10,000). */
  readonly samples?: number | undefined;
  /** Seed of the samples (default 0). */
  readonly seed?: number | undefined;
  /** Events of the training, for its curves and its facts (default none). */
  readonly events?: readonly TrainEvent[] | undefined;
  /** Rows of the system's own simulation, to hold the model's against (default none). */
  readonly simulated?: PartRows | undefined;
}

/** The subject of a solve. Samples are drawn by key 1 of the seed. */
export function solveSubject(
  fitted: FittedExact,
  target: System,
  { samples = 10_000, seed = 0, events = [], simulated }: SolveSubjectOptions = {},
): SolveSubject {
  const solved = lazily(async ({ signal, onProgress }: LookOptions) => {
    const drawn = await weightedSamples(fitted, target, {
      ...{ samples, key: Key.fromSeed(seed).fold(1), signal },
      onProgress: (done, total) => onProgress?.(`sample ${fitted.model.family}`, done, total),
    });
    return { drawn, free: freeEnergyOf(target.beta, drawn) };
  });
  const judged = async (at: LookOptions): Promise<Judged | undefined> => {
    if (samples < leastJudged || (!simulated && !hasSimulation(target))) return undefined;
    const real = simulated ?? (await simulatedRows(target, Key.fromSeed(seed).fold(5), at));
    if (!real)
      return {
        notes: [
          `no two-sample tests: the simulation of ${target.name} has no equilibrium rows within ${simulationSeconds} s; give --simulate 500 to wait for it`,
        ],
      };
    if ((real.x.shape[0] as number) < leastJudged) return undefined;
    const { drawn } = await solved(at);
    const notes: string[] = [];
    const judgement = await judgeSolved({
      ...{ target, simulated: real, seed, note: (line: string) => notes.push(line), ...at },
      drawn: [{ name: fitted.model.family, x: drawn.x }],
    });
    return { judgement, notes };
  };
  return {
    ...{ fitted, target, events, simulated, solved },
    judged: lazily(judged),
    generation: lazily((at: LookOptions) => generationOf({ fitted, system: target, events }, seed, at)),
  };
}
