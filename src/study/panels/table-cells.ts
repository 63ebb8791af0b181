import type { Space } from "../../data/space.ts";
import { sites } from "../../data/space.ts";
import { numbers } from "../../data/values.ts";
import type { PartRows } from "../../evaluate/index.ts";

/**
 * Returns a function that scales rows of a table for a colour map, each column separately: 0 at the 1st
 * percentile of the column over `rows` and 1 at the 99th, values beyond clipped. Columns of all units can
 * then be seen in one map.
 */
export function columnScales(space: Space, rows: PartRows["x"]): (values: ArrayLike<number>) => Float64Array {
  const n = sites(space);
  const all = numbers(rows);
  const ends = Array.from({ length: n }, (_, c) => {
    const sorted = Float64Array.from(
      { length: all.length / n },
      (_, row) => all[row * n + c] as number,
    ).sort();
    const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
    return [at(0.01), at(0.99)] as const;
  });
  return (values) =>
    Float64Array.from(values, (v, i) => {
      const [low, high] = ends[i % n] as readonly [number, number];
      return high > low ? Math.min(1, Math.max(0, (v - low) / (high - low))) : 0.5;
    });
}
