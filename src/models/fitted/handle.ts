import { type DType, type NDArray, ndarray, sizeOf } from "../../array.ts";
import { type Space, sites } from "../../data/space.ts";
import { stopIfAborted, usageError } from "../../error.ts";
import { keyOf, type SeedOrKey } from "../../random/seed.ts";
import type { EngineOptions } from "../../runtime/engine.ts";
import type { Program } from "../../runtime/program.ts";
import { storedRows } from "../arrays.ts";
import { contextFloats } from "../context.ts";
import type { ModelBase } from "../contract.ts";

/** Rows in one run of a graph: enough to keep the processor busy, few enough to stay in its caches. */
const CHUNK = 1000;
/** Numbers in one run of a graph: of narrower rows it takes more, or two threads would wait for each other. */
const NUMBERS = 8000;

/** What drawing independent samples may be given. */
export interface DrawOptions extends SeedOrKey {
  /** `[n, ...]`, a row of the model's context space for each sample. */
  readonly context?: NDArray | undefined;
  /** Is called with the samples drawn so far and the number of all. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Stops between chunks with AnsatzError (interrupted). */
  readonly signal?: AbortSignal | undefined;
}

/** Threads as an engine takes them: without a count its own default holds, since a page has one for all graphs. */
export const engineOptions = ({ threads }: EngineOptions): EngineOptions =>
  threads === undefined ? {} : { threads };

/** Rows of a space in one run of a graph. Words are counted by the row: what a graph holds of one grows with them. */
export function rowsAtOnce(space: Space): number {
  const ofNumbers = space.kind === "real" || space.kind === "circle";
  return ofNumbers ? Math.max(CHUNK, Math.floor(NUMBERS / sites(space))) : CHUNK;
}

/** Rows `start` … `end` − 1 of an array. */
export function floatRows({ data, shape }: NDArray<"f32">, start: number, end: number): NDArray<"f32"> {
  const width = sizeOf(shape.slice(1));
  return ndarray("f32", [end - start, ...shape.slice(1)], data.slice(start * width, end * width));
}

/** Rows `start` … `end` − 1 of a context, as one input of a graph; none without a context. */
export const contextRows = (
  context: NDArray<"f32"> | undefined,
  start: number,
  end: number,
): NDArray<"f32">[] => (context === undefined ? [] : [floatRows(context, start, end)]);

/** Throws AnsatzError (usage) unless a number of samples is a positive integer. */
export function requireCount(n: number): void {
  if (!Number.isInteger(n) || n < 1)
    throw usageError(`the number of samples is a positive integer, not ${n}`);
}

/** `n` independent rows of a model by its sampler's graph, a chunk at a time, as datasets store them. */
export async function drawIndependent(
  model: ModelBase,
  sampler: () => Promise<Program>,
  n: number,
  { onProgress, signal, ...options }: DrawOptions,
): Promise<{ readonly x: NDArray }> {
  requireCount(n);
  const context = contextFloats(model, options.context, n);
  const program = await sampler();
  const key = keyOf(options);
  const chunk = rowsAtOnce(model.space);
  const parts: NDArray<DType>[] = [];
  for (let start = 0; start < n; start += chunk) {
    stopIfAborted(signal, "sampling was interrupted");
    const end = Math.min(start + chunk, n);
    const keys = [key.fold(start / chunk)];
    const [rows] = await program.run(contextRows(context, start, end), { keys, batch: end - start });
    parts.push(rows as NDArray<DType>);
    onProgress?.(end, n);
  }
  return { x: storedRows(model.space, parts) };
}
