import { z } from "zod";
import { type NDArray, ndarray } from "../array.ts";
import { readSafetensors, writeSafetensors } from "../data/formats/safetensors.ts";
import { inputError } from "../error.ts";
import type { RowTable } from "../optim/index.ts";
import type { ParameterCopy, TrainingMemory } from "./memory.ts";

const count = z.int().min(0);

/** Everything a fit needs to go on to the same bits, beside the vectors. Plain JSON. */
const progressSchema = z.object({
  /** Epochs completed. */
  epoch: count,
  /** Steps taken, over all epochs. */
  step: count,
  /** Sum and number of the training losses of the epoch under way. */
  lossSum: z.number(),
  lossCount: count,
  bestEpoch: count,
  /** Validation NLL of the best parameters, nats a row; null before the first epoch ends. */
  bestValid: z.number().nullable(),
  plateau: z.object({ scale: z.number(), best: z.number().nullable(), stale: count }),
  /** Seconds spent fitting so far. */
  seconds: z.number(),
  finished: z.enum(["epochs", "patience"]).nullable(),
});

/** Where a fit is; see {@link writeCheckpoint}. */
export type Progress = z.output<typeof progressSchema>;

/** Where a fit starts. */
export const start: Progress = {
  epoch: 0,
  step: 0,
  lossSum: 0,
  lossCount: 0,
  bestEpoch: 0,
  bestValid: null,
  plateau: { scale: 1, best: null, stale: 0 },
  seconds: 0,
  finished: null,
};

/**
 * A checkpoint as the bytes of one safetensors file: parameters, optimiser state, best parameters and progress; those of
 * each row-sparse table under its path.
 */
export function writeCheckpoint(memory: TrainingMemory, best: ParameterCopy, progress: Progress): Uint8Array {
  const tensors: Record<string, NDArray> = {};
  for (const [name, vector] of vectorsOf(memory, best))
    tensors[name] = ndarray("f32", [vector.length], vector);
  return writeSafetensors(tensors, { progress: JSON.stringify(progress) });
}

/** Every vector of a checkpoint by its name, where it lies. */
function* vectorsOf({ flat, tables }: TrainingMemory, best: ParameterCopy): Iterable<[string, Float32Array]> {
  type Part = readonly [prefix: string, Pick<RowTable, "params" | "state">, best: Float32Array];
  const parts: Part[] = [["", flat, best.flat]];
  for (const [path, table] of tables)
    parts.push([`tables.${path}.`, table, best.tables.get(path) as Float32Array]);
  for (const [prefix, { params, state }, copy] of parts) {
    yield [`${prefix}params`, params];
    yield [`${prefix}best`, copy];
    for (const [i, vector] of state.entries()) yield [`${prefix}state.${i}`, vector];
  }
}

/** Puts a checkpoint's vectors back; throws AnsatzError (input) when it belongs to another model or is damaged. */
export function readCheckpoint(
  bytes: Uint8Array,
  memory: TrainingMemory,
  best: ParameterCopy,
  name = "checkpoint",
): Progress {
  const { tensors, metadata } = readSafetensors(bytes, name);
  // All is checked before anything is put back.
  const found = [...vectorsOf(memory, best)].map(([key, into]) => {
    const array = tensors[key];
    if (array?.dtype !== "f32" || array.data.length !== into.length)
      throw inputError(`${name}: is of another model (its ${key} does not have ${into.length} numbers)`);
    if (!(array.data as Float32Array).every(Number.isFinite))
      throw inputError(`${name}: its ${key} holds values that are not finite`);
    return { into, from: array.data as Float32Array };
  });
  for (const { into, from } of found) into.set(from);
  const parsed = progressSchema.safeParse(parseJson(metadata.progress));
  if (!parsed.success) throw inputError(`${name}: does not say where the fit stood; start it again`);
  return parsed.data;
}

function parseJson(text = ""): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
