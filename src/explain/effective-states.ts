import type { NDArray } from "../array.ts";

/**
 * Returns the effective number of different configurations among rows: 1/Σ f² of the frequencies f of each.
 * It is the number of rows if all differ, and near 1 if almost all are equal.
 */
export function effectiveStates({ data, shape: [rows = 0] }: NDArray): number {
  const width = data.length / rows;
  const counts = new Map<string, number>();
  for (let row = 0; row < rows; row++) {
    const state = data.subarray(row * width, (row + 1) * width).join();
    counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  let squares = 0;
  for (const count of counts.values()) squares += count ** 2;
  return rows ** 2 / squares;
}
