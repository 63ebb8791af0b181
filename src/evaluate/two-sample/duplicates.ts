import { bytesIn, type NDArray, sizeOf } from "../../array.ts";

/** Exact copies among rows. */
export interface Duplicates {
  /** Share of rows that repeat an earlier row of the same set. */
  readonly within: number;
  /** Share of rows that are rows of the other set. */
  readonly copied: number;
}

/** Counts rows of `x` that repeat each other, and that are rows of `reference`, value by value. */
export function duplicates(x: NDArray, reference: NDArray): Duplicates {
  const [own, others] = [rowKeys(x), new Set(rowKeys(reference))];
  return {
    within: 1 - new Set(own).size / own.length,
    copied: own.filter((key) => others.has(key)).length / own.length,
  };
}

function rowKeys(x: NDArray): string[] {
  const rows = x.shape[0] as number;
  const bytes = bytesIn(x.data);
  const width = bytes.length / Math.max(1, rows);
  // Latin-1: one character a byte.
  const decoder = new TextDecoder("latin1");
  return sizeOf(x.shape) === 0
    ? []
    : Array.from({ length: rows }, (_, row) =>
        decoder.decode(bytes.subarray(row * width, (row + 1) * width)),
      );
}
