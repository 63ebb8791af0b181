import type { FeatureTable } from "./feature.ts";

/** The mean of each column, over some `rows` (default: all of them). */
export function columnMeans(table: FeatureTable, rows?: Uint32Array): Float64Array {
  return averaged(table, rows, (v) => v);
}

/** The standard deviation of each column over some `rows` (default: all of them); 1 for a column that is constant there. */
export function columnUnits(table: FeatureTable, rows?: Uint32Array): Float64Array {
  const mean = columnMeans(table, rows);
  const square = averaged(table, rows, (v, c) => (v - mean[c]!) ** 2);
  // Rounding alone is no spread.
  return square.map((s, c) => (s > (1e-9 * mean[c]!) ** 2 && s > 0 ? Math.sqrt(s) : 1));
}

/** The mean of `of` each value of a column. */
function averaged(
  { names, rows: all, values }: FeatureTable,
  rows: Uint32Array | undefined,
  of: (value: number, column: number) => number,
): Float64Array {
  const [width, count] = [names.length, rows?.length ?? all];
  const out = new Float64Array(width);
  for (let i = 0; i < count; i++) {
    const at = (rows ? rows[i]! : i) * width;
    for (let c = 0; c < width; c++) out[c] = out[c]! + of(values[at + c]!, c) / count;
  }
  return out;
}
