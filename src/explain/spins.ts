import type { NDArray } from "../array.ts";
import { numbers } from "../data/values.ts";

/** Rows of spins as columns, one per site, which sums over rows read in order. */
export interface Spins {
  readonly sites: number;
  readonly rows: number;
  /** `[sites, rows]` of −1 and +1. */
  readonly columns: Int8Array;
}

/** Successive rows: from the first to the one before the second. */
export type RowRange = readonly [start: number, end: number];

/** Rows of bits `x: [rows, ...sites]`, 0 for −1 and 1 for +1, as columns of spins; `order` is which row comes where. */
export function spinColumns(x: NDArray, order?: Uint32Array): Spins {
  const bits = numbers(x);
  const rows = order?.length ?? (x.shape[0] as number);
  const sites = bits.length / (x.shape[0] as number);
  const columns = new Int8Array(sites * rows);
  for (let row = 0; row < rows; row++) {
    const from = (order?.[row] ?? row) * sites;
    for (let site = 0; site < sites; site++) columns[site * rows + row] = 2 * bits[from + site]! - 1;
  }
  return { sites, rows, columns };
}

/** Rows that are worked on at once: their columns stay in the processor's caches. */
export const blockRows = 512;

/** Cuts ranges into blocks of at most {@link blockRows} rows; with a `stride`, only every so manieth of them. */
export function* blocksOf(ranges: readonly RowRange[], stride = 1): Generator<RowRange> {
  let block = 0;
  for (const [start, end] of ranges)
    for (let from = start; from < end; from += blockRows, block++)
      if (block % stride === 0) yield [from, Math.min(end, from + blockRows)];
}

/** Number of rows in the blocks of {@link blocksOf}. */
export function rowsIn(ranges: readonly RowRange[], stride = 1): number {
  let rows = 0;
  for (const [start, end] of blocksOf(ranges, stride)) rows += end - start;
  return rows;
}

/** Writes the spins of a block of rows as real numbers, site by site, {@link blockRows} apart. */
export function loadBlock({ sites, rows, columns }: Spins, [start, end]: RowRange, into: Float64Array): void {
  for (let site = 0; site < sites; site++) {
    const from = site * rows + start;
    const to = site * blockRows;
    for (let r = 0; r < end - start; r++) into[to + r] = columns[from + r]!;
  }
}
