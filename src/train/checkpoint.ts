import { z } from "zod";
import { ndarray } from "../array.ts";
import { readSafetensors, writeSafetensors } from "../data/formats/safetensors.ts";
import { inputError } from "../error.ts";
import { type FlatParameters, restore, snapshot } from "../optim/index.ts";

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

/** A checkpoint as the bytes of one safetensors file: parameters, optimiser state, best parameters and progress. */
export function writeCheckpoint(flat: FlatParameters, best: Float32Array, progress: Progress): Uint8Array {
  const { params, state } = snapshot(flat);
  const vector = (data: Float32Array) => ndarray("f32", [data.length], data);
  const tensors = {
    params: vector(params),
    best: vector(best),
    ...Object.fromEntries(state.map((v, i) => [`state.${i}`, vector(v)])),
  };
  return writeSafetensors(tensors, { progress: JSON.stringify(progress) });
}

/** Puts a checkpoint's vectors back; throws AnsatzError (input) when it belongs to another model or is damaged. */
export function readCheckpoint(
  bytes: Uint8Array,
  flat: FlatParameters,
  best: Float32Array,
  name = "checkpoint",
): Progress {
  const { tensors, metadata } = readSafetensors(bytes, name);
  const vector = (key: string) => {
    const array = tensors[key];
    if (array?.dtype !== "f32" || array.data.length !== flat.size)
      throw inputError(`${name}: is of another model (its ${key} does not have ${flat.size} numbers)`);
    if (!(array.data as Float32Array).every(Number.isFinite))
      throw inputError(`${name}: its ${key} holds values that are not finite`);
    return array.data as Float32Array;
  };
  restore(flat, { params: vector("params"), state: flat.state.map((_, i) => vector(`state.${i}`)) });
  best.set(vector("best"));
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
