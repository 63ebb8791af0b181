import { type NDArray, ndarray, sizeOf } from "../array.ts";
import { usageError } from "../error.ts";
import type { Key } from "../random/key.ts";
import { permutation } from "../random/permutation.ts";
import { numbers } from "./values.ts";

/** `rows` in the order epoch `epoch` visits them: a permutation by `key.fold(epoch)`, whatever came before. */
export function epochOrder(key: Key, epoch: number, rows: Uint32Array): Uint32Array {
  return permutation(key.fold(epoch), rows.length).map((i) => rows[i] as number);
}

/**
 * Writes the rows `indices` of `x` [rows, ...sites], converted to the element type of `into`, one after another
 * from element `offset` of `into`. Indices must be in range. Throws a usage error where `into` is too short.
 */
export function gatherRows(
  x: NDArray,
  indices: Uint32Array,
  into: Float32Array | Int32Array,
  offset = 0,
): void {
  const stride = sizeOf(x.shape) / (x.shape[0] || 1);
  if (into.length - offset < indices.length * stride)
    throw usageError(
      `a buffer of ${into.length - offset} elements cannot take ${indices.length} rows of ${stride}`,
    );
  const source = numbers(x);
  // The engine's own conversion between element types is ten times faster than a loop over elements.
  for (let r = 0, to = offset; r < indices.length; r++, to += stride) {
    const from = (indices[r] as number) * stride;
    into.set(source.subarray(from, from + stride), to);
  }
}

/** Returns a copy of rows of an array as single-precision numbers. */
export function floatRows(array: NDArray, rows: Uint32Array): NDArray<"f32"> {
  const shape = [rows.length, ...array.shape.slice(1)];
  const gathered = ndarray("f32", shape, new Float32Array(sizeOf(shape)));
  gatherRows(array, rows, gathered.data);
  return gathered;
}
