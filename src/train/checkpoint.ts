import * as z from "zod";
import { firstNonFinite, type NDArray, ndarray } from "../array.ts";
import { readSafetensors, writeSafetensors } from "../data/formats/safetensors.ts";
import { inputError } from "../error.ts";
import { isArray } from "../models/arrays.ts";
import type { Parameters } from "../models/contract.ts";
import { leavesWithPaths, mapTree } from "../tensor/tree.ts";
import type { Course, Settled } from "./course.ts";
import { type Measures, measureSchema } from "./measure.ts";
import type { ParameterCopy, TrainingMemory } from "./memory.ts";
import { readProgress, type Standing } from "./progress.ts";

/** What a checkpoint keeps of a course: its memory, and the best parameters if the course keeps them. */
export interface Kept {
  readonly memory: TrainingMemory;
  readonly best: ParameterCopy | undefined;
}

/**
 * Returns a checkpoint as the bytes of one safetensors file: parameters, optimiser state, the best parameters
 * if training keeps them, state that is not trained by gradients, row-sparse tables under their paths, the
 * parameters of courses that have ended, and the progress of the training as plain JSON.
 */
export function writeCheckpoint(kept: Kept, progress: Standing, ended: readonly Settled[] = []): Uint8Array {
  const tensors: Record<string, NDArray> = {};
  for (const [name, array] of arraysOf(kept)) tensors[name] = array;
  ended.forEach(({ parameters }, i) => {
    for (const [path, array] of leavesWithPaths(parameters, isArray)) tensors[`ended.${i}.${path}`] = array;
  });
  const told = { ...progress, ended: ended.map(({ measures }) => measures) };
  return writeSafetensors(tensors, { progress: JSON.stringify(told) });
}

/** Every array of a checkpoint with its name, not copied. */
function* arraysOf({ memory, best }: Kept): Iterable<[string, NDArray]> {
  const vector = (data: Float32Array) => ndarray("f32", [data.length], data);
  const tables = [...memory.tables].map(
    ([path, table]) => [`tables.${path}.`, table, best?.tables.get(path)] as const,
  );
  const groups = memory.groups.map(({ prefix, flat }, i) => [prefix, flat, best?.groups[i]] as const);
  for (const [prefix, { params, state }, copy] of [...groups, ...tables]) {
    yield [`${prefix}params`, vector(params)];
    if (copy) yield [`${prefix}best`, vector(copy)];
    for (const [i, data] of state.entries()) yield [`${prefix}state.${i}`, vector(data)];
  }
  for (const [name, array] of Object.entries(memory.state)) yield [`${CARRIED}${name}`, array];
}

/** Before the names of the objective's state. */
const CARRIED = "carried.";

/** The contents of a checkpoint, read but not yet put anywhere. */
export class Checkpoint {
  readonly #tensors: Readonly<Record<string, NDArray>>;
  readonly #json: unknown;
  readonly #name: string;

  /** Throws AnsatzError (input) for bytes that are damaged. */
  constructor(bytes: Uint8Array, name = "checkpoint") {
    const { tensors, metadata } = readSafetensors(bytes, name);
    this.#tensors = tensors as Readonly<Record<string, NDArray>>;
    this.#json = parseJson(metadata.progress);
    this.#name = name;
  }

  /** Which course of its plan was under way. */
  get course(): number {
    const course = (this.#json as { course?: unknown } | undefined)?.course;
    return typeof course === "number" ? course : 0;
  }

  /**
   * Returns how course number `i` ended, with parameters in a tree shaped like `like`; throws as
   * {@link Checkpoint.restore}.
   */
  ended(i: number, like: Parameters): Settled {
    const found = (this.#json as { ended?: readonly Record<string, unknown>[] }).ended?.[i];
    if (!found) throw this.#unclear();
    const parameters = mapTree(like, isArray, ({ shape }, path) => {
      const array = this.#tensors[`ended.${i}.${path}`];
      if (array?.dtype !== "f32" || array.shape.join() !== shape.join())
        throw inputError(`${this.#name}: is of another plan (its ended.${i}.${path})`);
      return array;
    }) as Parameters;
    const measures = z.record(z.string(), measureSchema).safeParse(found);
    if (!measures.success) throw this.#unclear();
    return { parameters, measures: measures.data as Measures };
  }

  /**
   * Puts everything back and returns how far the course had come. Throws AnsatzError (input) if the
   * checkpoint belongs to another model or kind of training, or holds numbers that are not finite (state of
   * the objective may be non-finite, as it may in training).
   */
  restore(kept: Kept, course: Pick<Course, "round" | "policy" | "objective">): Standing {
    // All is checked before anything is put back.
    const found = [...arraysOf(kept)].map(([key, into]) => {
      const array = this.#tensors[key];
      if (array?.dtype !== into.dtype || array.data.length !== into.data.length)
        throw inputError(
          `${this.#name}: is of another model (its ${key} does not have ${into.data.length} numbers)`,
        );
      if (
        !key.startsWith(CARRIED) &&
        array.dtype !== "i32" &&
        firstNonFinite(array.data as Float32Array) >= 0
      )
        throw inputError(`${this.#name}: its ${key} holds values that are not finite`);
      return { into, from: array };
    });
    const { objective, round, policy } = course;
    const progress = readProgress(this.#json, { loss: objective.players[0].name, round });
    const state = policy.schema.safeParse(progress?.policy);
    if (!progress || !state.success) throw this.#unclear();
    for (const { into, from } of found) (into.data as Float32Array).set(from.data as Float32Array);
    return { ...progress, policy: state.data };
  }

  #unclear() {
    return inputError(`${this.#name}: does not say where the training stood; start it again`);
  }
}

function parseJson(text = ""): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
