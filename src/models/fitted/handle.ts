import { type NDArray, ndarray, sizeOf } from "../../array.ts";
import { type Space, sites } from "../../data/space.ts";
import { usageError } from "../../error.ts";
import type { SeedOrKey } from "../../random/seed.ts";
import type { EngineOptions } from "../../runtime/engine.ts";

/** Rows in one run of a graph: enough to keep the processor busy, few enough to stay in its caches. */
const CHUNK = 1000;
/** Numbers in one run of a graph: of narrower rows it takes more, or two threads would wait for each other. */
const NUMBERS = 8000;
/** Most numbers in one run: of wider rows it takes fewer, as networks of pictures hold a hundred times as many between layers. */
const MOST_NUMBERS = 2 ** 20;

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

/**
 * Rows of a space in one run of a graph, at most as many as a model asks for. Words are counted by the row: what a graph holds of
 * one grows with them.
 */
export function rowsAtOnce(space: Space, asked = Number.POSITIVE_INFINITY): number {
  return Math.min(asked, rowsOfSpace(space));
}

function rowsOfSpace(space: Space): number {
  const ofNumbers = space.kind === "real" || space.kind === "circle";
  if (!ofNumbers) return CHUNK;
  const most = Math.max(1, Math.floor(MOST_NUMBERS / sites(space)));
  return Math.min(most, Math.max(CHUNK, Math.floor(NUMBERS / sites(space))));
}

/** Rows `start` … `end` − 1 of an array. */
export function rowsInRange({ data, shape }: NDArray<"f32">, start: number, end: number): NDArray<"f32"> {
  const width = sizeOf(shape.slice(1));
  return ndarray("f32", [end - start, ...shape.slice(1)], data.slice(start * width, end * width));
}

/** Rows `start` … `end` − 1 of a context, as one input of a graph; none without a context. */
export const contextRows = (
  context: NDArray<"f32"> | undefined,
  start: number,
  end: number,
): NDArray<"f32">[] => (context === undefined ? [] : [rowsInRange(context, start, end)]);

/** Throws AnsatzError (usage) unless a number of samples is a positive integer. */
export function requireCount(n: number): void {
  if (!Number.isInteger(n) || n < 1)
    throw usageError(`the number of samples is a positive integer, not ${n}`);
}

/** Throws AnsatzError (usage) unless a temperature is a positive number. */
export function checkTemperature(temperature: number): void {
  if (!(temperature > 0 && Number.isFinite(temperature)))
    throw usageError(`the temperature is a positive number, not ${temperature}`);
}
