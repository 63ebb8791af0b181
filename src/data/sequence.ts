import { allocate, type NDArray, ndarray } from "../array.ts";
import { usageError } from "../error.ts";
import { type SpaceOf, storageOf } from "./space.ts";
import { numbers } from "./values.ts";

/**
 * Rows of varying length as one array [rows, maxLength]: each row's symbols, then the end marker `states` up to
 * the longest length. Throws a usage error for a row that is too long.
 */
export function packSequences(
  rows: readonly ArrayLike<number>[],
  space: SpaceOf<"sequence">,
): NDArray<"u8" | "i32"> {
  const dtype = storageOf(space) === "u8" ? "u8" : "i32";
  const data = allocate(dtype, rows.length * space.maxLength);
  data.fill(space.states);
  rows.forEach((row, r) => {
    if (row.length > space.maxLength)
      throw usageError(`row ${r} has ${row.length} symbols; the longest allowed has ${space.maxLength}`);
    for (let i = 0; i < row.length; i++) data[r * space.maxLength + i] = row[i] as number;
  });
  return ndarray(dtype, [rows.length, space.maxLength], data as Uint8Array & Int32Array);
}

/** The rows of `x` [rows, maxLength] up to their end markers; undoes {@link packSequences}. */
export function unpackSequences(x: NDArray, space: SpaceOf<"sequence">): number[][] {
  const values = numbers(x);
  return Array.from({ length: x.shape[0] ?? 0 }, (_, r) => {
    const row: number[] = [];
    for (let i = r * space.maxLength; i < (r + 1) * space.maxLength; i++) {
      if (values[i] === space.states) break;
      row.push(values[i] as number);
    }
    return row;
  });
}
