import { usageError } from "../error.ts";
import { arena } from "../kernels/arena.ts";
import { type OptimiserKernel, optimiserKernel } from "../kernels/optimiser.ts";
import { noteKernel } from "./average.ts";
import { checkInteger } from "./check.ts";
import type { Region } from "./rule.ts";

/** Elements `start` up to, not including, `end`. */
export interface Stretch {
  /** The first element, counted from 0. */
  readonly start: number;
  /** One beyond the last element. */
  readonly end: number;
}

/** A stretch of parameters that weight decay acts on, or spares. */
export interface Segment extends Stretch {
  /** Whether weight decay acts on it. */
  readonly decays: boolean;
}

/**
 * A model's parameters, their gradient and the optimiser's state: flat f32 vectors of one length in one
 * WebAssembly memory. The arrays are views that stay valid, so ONNX Runtime can read `params` and write `grads`
 * (or stretches of them, by `subarray`) with no copies.
 */
export interface FlatParameters {
  /** Number of parameters, the length of each vector. */
  readonly size: number;
  /** The parameters; updates change them in place. */
  readonly params: Float32Array;
  /** Their gradient, which an update reads. */
  readonly grads: Float32Array;
  /** One vector per name in the optimiser's `stateVectors`. */
  readonly state: readonly Float32Array[];
  /** Factor on every element of the gradient, 0 or 1: weights that start at 0 under a 0 stay there. */
  readonly mask?: Float32Array;
  /** Other vectors in the same memory, of whatever they are for. */
  readonly beside: readonly Float32Array[];
  /** The whole vector cut by what weight decay acts on. */
  readonly segments: readonly Segment[];
  /** The WebAssembly over the memory that the vectors lie in. */
  readonly kernel: OptimiserKernel;
}

/** Options of {@link flatParameters}. */
export interface FlatOptions {
  /** Number of parameters. */
  readonly size: number;
  /** The optimiser's state vectors (`optimiser.stateVectors`), or how many. */
  readonly stateVectors: readonly string[] | number;
  /** Also allocate a mask, filled with 1. */
  readonly masked?: boolean;
  /** Stretches that weight decay acts on, in order and disjoint (default: everything). */
  readonly decayed?: readonly Stretch[];
  /** Numbers of elements of other vectors to allocate in the same memory. */
  readonly beside?: readonly number[];
}

/**
 * Allocates the flat vectors, filled with 0 (the mask with 1).
 *
 * @throws AnsatzError (`usage`) for ranges that overlap, are out of order or leave the vector; (`failure`) when
 *   the vectors do not fit in WebAssembly's 4 GiB.
 */
export function flatParameters(options: FlatOptions): FlatParameters {
  const { size, stateVectors, masked = false, decayed, beside = [] } = options;
  checkInteger("size", size, 0);
  const states = typeof stateVectors === "number" ? stateVectors : stateVectors.length;
  const segments = segmentsOf(size, decayed ?? [{ start: 0, end: size }]);
  const lengths = [...new Array<number>(2 + states + (masked ? 1 : 0)).fill(size), ...beside];
  const { memory, offsets } = arena(lengths.map((length) => length * 4));
  const views = offsets.map((offset, i) => new Float32Array(memory.buffer, offset, lengths[i]));
  const [params, grads, ...rest] = views as [Float32Array, Float32Array, ...Float32Array[]];
  const flat = {
    size,
    params,
    grads,
    state: rest.slice(0, states),
    beside: rest.slice(rest.length - beside.length),
    segments,
    kernel: noteKernel(memory, optimiserKernel(memory)),
  };
  return masked ? { ...flat, mask: (rest[states] as Float32Array).fill(1) } : flat;
}

function segmentsOf(size: number, decayed: readonly Stretch[]): Segment[] {
  const segments: Segment[] = [];
  let end = 0;
  for (const range of decayed) {
    checkInteger("start of a decayed range", range.start, end);
    checkInteger("end of a decayed range", range.end, range.start);
    if (range.end > size) throw usageError(`a decayed range ends at ${range.end} of ${size} parameters`);
    segments.push({ start: end, end: range.start, decays: false }, { ...range, decays: true });
    end = range.end;
  }
  segments.push({ start: end, end: size, decays: false });
  return segments.filter((segment) => segment.end > segment.start);
}

/** The kernel's view of elements `start` up to `end`. */
export function regionOf(flat: FlatParameters, start: number, end: number): Region {
  const at = (vector: Float32Array) => vector.byteOffset + start * 4;
  return {
    params: at(flat.params),
    grads: at(flat.grads),
    state: flat.state.map(at),
    mask: flat.mask ? at(flat.mask) : 0,
    length: end - start,
  };
}

/** Number of gradient elements that are NaN or infinite. */
export function countNonFinite(flat: FlatParameters): number {
  return flat.kernel.countNonFinite(flat.grads.byteOffset, flat.size) >>> 0;
}

/** A copy of what a checkpoint must hold, in addition to the step's number. */
export interface Snapshot {
  /** A copy of the parameters. */
  readonly params: Float32Array;
  /** Copies of the optimiser's state vectors, in the order of its `stateVectors`. */
  readonly state: readonly Float32Array[];
}

/** Copies parameters and optimiser state out. */
export function snapshot(flat: Pick<FlatParameters, "params" | "state">): Snapshot {
  return { params: flat.params.slice(), state: flat.state.map((vector) => vector.slice()) };
}

/**
 * Copies parameters and optimiser state back, to the same bits.
 *
 * @throws AnsatzError (`usage`) when the snapshot has other lengths.
 */
export function restore(flat: Pick<FlatParameters, "params" | "state">, saved: Snapshot): void {
  const into = [flat.params, ...flat.state];
  const from = [saved.params, ...saved.state];
  const lengths = (vectors: readonly Float32Array[]) => vectors.map((v) => v.length).join(", ");
  if (lengths(into) !== lengths(from))
    throw usageError(`cannot restore vectors of [${lengths(from)}] elements into [${lengths(into)}]`);
  for (const [i, vector] of into.entries()) vector.set(from[i] as Float32Array);
}
