import { type GenerationCost, generationCost } from "../evaluate/index.ts";
import type { FittedExact } from "../models/fitted/exact.ts";
import { type AnyFitted, byKind } from "../models/fitted/fitted.ts";
import { Key } from "../random/key.ts";
import type { System } from "../systems/index.ts";
import type { TrainEvent } from "../train/event.ts";
import type { LookOptions } from "./study.ts";

/** Input of {@link generationOf}. */
interface Trained {
  readonly fitted: AnyFitted;
  readonly system: System | undefined;
  readonly events: readonly TrainEvent[];
}

/** Whether a model can be compared with its system's simulation: Metropolis corrects samples of a likelihood that is exact and has every configuration. */
export const generates = ({ fitted: { model }, system, events }: Trained): boolean =>
  system !== undefined &&
  model.kind === "exact" &&
  !model.context &&
  !model.refuses &&
  trainingOf(events) !== undefined;

/**
 * Returns the cost of effective samples from a model and from its system's simulation; undefined if they
 * cannot be compared.
 */
export async function generationOf(
  trained: Trained,
  seed: number,
  { signal, onProgress }: LookOptions,
): Promise<GenerationCost | undefined> {
  const { fitted, system, events } = trained;
  if (!generates(trained)) return undefined;
  const options = {
    ...{ training: trainingOf(events) as number, key: Key.fromSeed(seed).fold(4), signal },
    onProgress: (done: number, total: number) => onProgress?.("time samplers", done, total),
  };
  return byKind<Promise<GenerationCost> | undefined>(fitted, {
    exact: (model: FittedExact) => generationCost(model, system as System, options),
    bounded: () => undefined,
    energy: () => undefined,
    implicit: () => undefined,
  });
}

/** Seconds of the training, if its events record them. */
function trainingOf(events: readonly TrainEvent[]): number | undefined {
  const done = events.findLast(({ type }) => type === "done");
  return done?.type === "done" ? done.seconds : undefined;
}
