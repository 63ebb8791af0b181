import { takeRows } from "../array.ts";
import type { PartRows } from "./rows.ts";

/** Every n-th of the rows, n as small as leaves at most `most` (one at least), with the chains, the parents and the spacing of those left. */
export function everyNth(rows: PartRows, most: number): PartRows {
  const count = rows.x.shape[0] as number;
  const n = Math.ceil(count / Math.max(1, most));
  if (n <= 1) return rows;
  const which = Uint32Array.from({ length: Math.ceil(count / n) }, (_, i) => i * n);
  const { chain, parent, spacing } = rows;
  return {
    x: takeRows(rows.x, which),
    ...(chain && { chain: Int32Array.from(which, (row) => chain[row] as number) }),
    ...(parent && { parent: Int32Array.from(which, (row) => parent[row] as number) }),
    ...(spacing && {
      spacing: { ...spacing, ...(spacing.thinning !== undefined && { thinning: n * spacing.thinning }) },
    }),
  };
}
