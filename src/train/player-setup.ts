import { type DType, type NDArray, ndarray } from "../array.ts";
import type { GradientPlayer, Parameters } from "../models/contract.ts";
import type { Key } from "../random/key.ts";
import { Spec } from "../runtime/trace.ts";
import { constant, reshape, slice, type Tensor } from "../tensor/index.ts";
import type { BatchData, Course, Source } from "./course.ts";
import type { Group, TrainingMemory } from "./memory.ts";
import type { TrainedTable } from "./tables.ts";

/** The parts of one player's updates. */
export interface PlayerSetup<P extends Parameters = Parameters> {
  /** The family of the model, for messages. */
  readonly family: string;
  readonly player: GradientPlayer<P>;
  readonly memory: TrainingMemory<P>;
  /** The player's own dense parameters. */
  readonly groups: readonly Group[];
  /** The player's own row-sparse parameters, by path. */
  readonly tables: ReadonlyMap<string, TrainedTable>;
  readonly source: Pick<Source<P>, "x" | "context" | "action"> | undefined;
  readonly batch: number;
  /** Names of the scalars of a step. */
  readonly knobs: readonly string[];
  readonly clip: number;
  readonly threads: number;
  /** Which of the player's graphs, if it has several. */
  readonly variant?: string | undefined;
}

/** Returns the setup of player number `index` of a course. */
export function playerSetup<P extends Parameters>(
  { model, source, batch, clip, threads, knobs }: Course<P>,
  memory: TrainingMemory<P>,
  player: GradientPlayer<P>,
  index: number,
): PlayerSetup<P> {
  return {
    family: model.family,
    ...{ player, memory, source, batch, clip, threads },
    groups: memory.groups.filter((group) => group.player === index),
    tables: new Map([...memory.tables].filter(([path]) => player.owns?.(path) ?? true)),
    knobs: Object.keys(knobs?.(0) ?? {}),
  };
}

/** Batches of consecutive updates and where they are taken. */
export interface UpdateInput {
  /** `[steps · batch, ...row]` row-major; undefined in a course without a source. */
  readonly x: BatchData | undefined;
  readonly context: BatchData | undefined;
  readonly action?: BatchData | undefined;
  /** `[steps, knobs]`. */
  readonly knobs: Float32Array;
  /** Learning rate of each update. */
  readonly lr: readonly number[];
  /** Number of the player's first update, from 1. */
  readonly t: number;
  readonly key: Key;
}

/** Results of updates. */
export interface UpdateResult {
  /** The loss of each before its update; the first that is not finite is the last. */
  readonly losses: Float64Array;
  /** `[steps]` each. */
  readonly parts: Readonly<Record<string, Float64Array>>;
  /** `[steps · batch]` each. */
  readonly seen: Readonly<Record<string, Float64Array>>;
}

/** Runs updates of one player, changing parameters, optimiser state and what else it moves in place. */
export interface Stepper {
  /** Updates in one call. */
  readonly steps: number;
  run(input: UpdateInput): Promise<UpdateResult>;
  release(): Promise<void>;
}

/** A type or an array for each input after parameters, state and key. */
export interface UpdateInputs<T> {
  readonly knobs: T | undefined;
  readonly x: T | undefined;
  readonly context: T | undefined;
  readonly action: T | undefined;
}

/** The types of {@link UpdateInputs}. */
export function inputSpecs(
  { source, batch, knobs }: Pick<PlayerSetup, "source" | "batch" | "knobs">,
  lead: readonly number[] = [],
): UpdateInputs<Spec> {
  const rows = (type: Source["x"] | undefined) =>
    type && new Spec([...lead, batch, ...type.shape], type.dtype);
  return {
    knobs: knobs.length > 0 ? new Spec([...lead, knobs.length]) : undefined,
    x: rows(source?.x),
    context: rows(source?.context),
    action: rows(source?.action),
  };
}

/** The arrays of {@link inputSpecs}, over the given elements. */
export function inputArrays(
  specs: UpdateInputs<Spec>,
  { knobs, x, context, action }: UpdateInput,
): UpdateInputs<NDArray<DType>> {
  const over = (spec: Spec | undefined, data: BatchData | undefined) =>
    spec && ({ shape: spec.shape, dtype: spec.dtype, data } as NDArray<DType>);
  return {
    knobs: over(specs.knobs, knobs),
    x: over(specs.x, x),
    context: over(specs.context, context),
    action: over(specs.action, action),
  };
}

/** The scalars of a step by name, of their vector inside a graph. */
export function knobsOf(names: readonly string[], vector: Tensor | undefined): Record<string, Tensor> {
  return Object.fromEntries(
    names.map((name, i) => [name, reshape(slice(vector as Tensor, 0, i, i + 1), [])]),
  );
}

/** The rows of a course without a source: none. */
export const noRows = (): Tensor => constant(ndarray("f32", [0]));

/** Returns the specs by which a traced function takes the state of a course. */
export function stateSpecs({ state }: Pick<TrainingMemory, "state">): Record<string, Spec> {
  return Object.fromEntries(
    Object.entries(state).map(([name, { shape, dtype }]) => [name, new Spec(shape, dtype)]),
  );
}
