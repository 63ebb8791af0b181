import { usageError } from "../error.ts";
import { arena } from "../kernels/arena.ts";
import { type OptimiserKernel, optimiserKernel } from "../kernels/optimiser.ts";
import { checkInteger } from "./check.ts";
import type { Coefficients, UpdateRule } from "./rule.ts";

/** A gradient that is 0 except in some rows. */
export interface RowGradient {
  /** Row ids: [count]; one may occur more than once, its gradients then add. */
  readonly ids: Int32Array;
  /** Gradient rows: [count, width]. */
  readonly grads: Float32Array;
  /** Numbers in a row. */
  readonly width: number;
  /** True if no id occurs twice, so that nothing needs summing. */
  readonly distinct?: boolean;
}

/**
 * A table of parameters, such as an embedding, with a gradient that touches few rows; in one WebAssembly
 * memory.
 */
export interface RowTable {
  /** Number of rows. */
  readonly rows: number;
  /** Numbers in a row. */
  readonly width: number;
  /** [rows, width]. */
  readonly params: Float32Array;
  /** One [rows, width] vector per name in the optimiser's `stateVectors`. */
  readonly state: readonly Float32Array[];
  /** Buffer of gradient rows for the kernel, a chunk at a time: [chunk, width]. */
  readonly staging: Float32Array;
  /** Whether weight decay acts on the rows touched. */
  readonly decays: boolean;
  /** The WebAssembly over the memory that the table lies in. */
  readonly kernel: OptimiserKernel;
}

/** Options of {@link rowTable}. */
export interface RowTableOptions {
  /** Number of rows, at least 1. */
  readonly rows: number;
  /** Numbers in a row, at least 1. */
  readonly width: number;
  /** The optimiser's state vectors (`optimiser.stateVectors`), or how many. */
  readonly stateVectors: readonly string[] | number;
  /** Whether weight decay acts on the rows touched; true. */
  readonly decays?: boolean;
}

const stagingRows = 256;

/**
 * Allocates a table filled with 0, without a dense gradient.
 *
 * @throws AnsatzError (`usage`) for sizes below 1; (`failure`) when the table does not fit in 4 GiB.
 */
export function rowTable(options: RowTableOptions): RowTable {
  const { rows, width, stateVectors, decays = true } = options;
  checkInteger("rows", rows, 1);
  checkInteger("width", width, 1);
  const states = typeof stateVectors === "number" ? stateVectors : stateVectors.length;
  const lengths = [stagingRows * width, ...new Array<number>(1 + states).fill(rows * width)];
  const { memory, offsets } = arena(lengths.map((length) => length * 4));
  const views = offsets.map((offset, i) => new Float32Array(memory.buffer, offset, lengths[i]));
  const [staging, params, ...state] = views as [Float32Array, Float32Array, ...Float32Array[]];
  return { rows, width, params, state, staging, decays, kernel: optimiserKernel(memory) };
}

/**
 * Sums the gradients of rows that occur more than once; ids keep the order of their first occurrence. Returns
 * the same object when all ids differ.
 *
 * @throws AnsatzError (`usage`) when `grads` is not `ids.length` rows of `width`.
 */
export function coalesceRows(gradient: RowGradient): RowGradient {
  const { ids, grads, width, distinct = false } = gradient;
  if (distinct) return gradient;
  if (grads.length !== ids.length * width)
    throw usageError(`${ids.length} row ids need ${ids.length * width} gradients; got ${grads.length}`);
  const slots = new Map<number, number>();
  const slotOf = ids.map((id) => {
    const slot = slots.get(id) ?? slots.size;
    if (slot === slots.size) slots.set(id, slot);
    return slot;
  });
  if (slots.size === ids.length) return gradient;
  const sums = new Float32Array(slots.size * width);
  for (let i = 0; i < ids.length; i++) {
    const [from, into] = [i * width, slotOf[i]! * width];
    for (let j = 0; j < width; j++) sums[into + j]! += grads[from + j]!;
  }
  return { ids: Int32Array.from(slots.keys()), grads: sums, width, distinct: true };
}

/** Applies a rule to the rows a coalesced gradient names, by chunks through the staging area. */
export function updateRows(rule: UpdateRule, table: RowTable, gradient: RowGradient, c: Coefficients): void {
  const { rows, width, kernel, staging } = table;
  const { ids, grads } = gradient;
  if (gradient.width !== width)
    throw usageError(`gradient rows have width ${gradient.width}; those of the table have ${width}`);
  // All ids are checked before any row changes.
  for (const [i, id] of ids.entries())
    if (id < 0 || id >= rows) throw usageError(`row id ${id} at position ${i}; the table has ${rows} rows`);
  const rowBytes = width * 4;
  for (let from = 0; from < ids.length; from += stagingRows) {
    const chunk = ids.subarray(from, from + stagingRows);
    staging.set(grads.subarray(from * width, (from + chunk.length) * width));
    for (const [i, id] of chunk.entries()) {
      const region = {
        params: table.params.byteOffset + id * rowBytes,
        grads: staging.byteOffset + i * rowBytes,
        state: table.state.map((vector) => vector.byteOffset + id * rowBytes),
        mask: 0,
        length: width,
      };
      rule.update(kernel, region, c);
    }
  }
}
