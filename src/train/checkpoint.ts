import type * as z from "zod";
import { firstNonFinite, type NDArray, ndarray } from "../array.ts";
import { readSafetensors, writeSafetensors } from "../data/formats/safetensors.ts";
import { inputError } from "../error.ts";
import type { RowTable } from "../optim/index.ts";
import type { ParameterCopy, TrainingMemory } from "./memory.ts";

/**
 * A checkpoint as the bytes of one safetensors file: parameters, optimiser state, the best parameters where training keeps
 * them, what an objective carries from step to step, those of each row-sparse table under its path, and where the training stands, plain JSON.
 */
export function writeCheckpoint(
  memory: TrainingMemory,
  best: ParameterCopy | undefined,
  progress: unknown,
): Uint8Array {
  const tensors: Record<string, NDArray> = {};
  for (const [name, vector] of vectorsOf(memory, best))
    tensors[name] = ndarray("f32", [vector.length], vector);
  return writeSafetensors(tensors, { progress: JSON.stringify(progress) });
}

/** Every vector of a checkpoint by its name, where it lies. */
function* vectorsOf(
  { flat, tables, carried }: TrainingMemory,
  best: ParameterCopy | undefined,
): Iterable<[string, Float32Array]> {
  type Part = readonly [prefix: string, Pick<RowTable, "params" | "state">, best: Float32Array | undefined];
  const parts: Part[] = [["", flat, best?.flat]];
  for (const [path, table] of tables) parts.push([`tables.${path}.`, table, best?.tables.get(path)]);
  for (const [prefix, { params, state }, copy] of parts) {
    yield [`${prefix}params`, params];
    if (copy) yield [`${prefix}best`, copy];
    for (const [i, vector] of state.entries()) yield [`${prefix}state.${i}`, vector];
  }
  for (const [name, { data }] of Object.entries(carried)) yield [`carried.${name}`, data];
}

/**
 * Puts a checkpoint's vectors back and says where the training stood, by its `schema`; throws AnsatzError (input) when it
 * belongs to another model or kind of training, or is damaged.
 */
export function readCheckpoint<S extends z.ZodType>(
  bytes: Uint8Array,
  memory: TrainingMemory,
  best: ParameterCopy | undefined,
  schema: S,
  name = "checkpoint",
): z.output<S> {
  const { tensors, metadata } = readSafetensors(bytes, name);
  // All is checked before anything is put back.
  const found = [...vectorsOf(memory, best)].map(([key, into]) => {
    const array = tensors[key];
    if (array?.dtype !== "f32" || array.data.length !== into.length)
      throw inputError(`${name}: is of another model (its ${key} does not have ${into.length} numbers)`);
    if (firstNonFinite(array.data as Float32Array) >= 0)
      throw inputError(`${name}: its ${key} holds values that are not finite`);
    return { into, from: array.data as Float32Array };
  });
  const parsed = schema.safeParse(parseJson(metadata.progress));
  if (!parsed.success) throw inputError(`${name}: does not say where the training stood; start it again`);
  for (const { into, from } of found) into.set(from);
  return parsed.data;
}

function parseJson(text = ""): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
