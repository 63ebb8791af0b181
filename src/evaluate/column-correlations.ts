import type { Space } from "../data/space.ts";
import { sites } from "../data/space.ts";
import { isTable } from "../data/table.ts";
import { numbers } from "../data/values.ts";
import { type Estimate, mean, variance } from "../stats/index.ts";
import type { MeanStatistic } from "../systems/system.ts";
import type { PartRows } from "./rows.ts";
import { rowStatistic } from "./statistic.ts";

/** The correlation of two columns. */
export interface ColumnCorrelation {
  /** The column with the smaller number. */
  readonly first: number;
  /** The other column. */
  readonly second: number;
  /** Pearson's coefficient; NaN if a column does not vary. */
  readonly estimate: Estimate;
}

/**
 * Pearson's correlation of every pair of columns of a table, with the jackknife errors of {@link rowStatistic}; undefined for rows
 * that are no table.
 */
export function columnCorrelations(space: Space, rows: PartRows): ColumnCorrelation[] | undefined {
  if (!isTable(space)) return undefined;
  const n = sites(space);
  const values = numbers(rows.x);
  const columns = Array.from({ length: n }, (_, c) =>
    standardised(Float64Array.from({ length: values.length / n }, (_, row) => values[row * n + c] as number)),
  );
  return columns.flatMap((x, first) =>
    columns.flatMap((y, second) =>
      second <= first ? [] : [{ first, second, estimate: rowStatistic(pearson(x, y), rows) }],
    ),
  );
}

/** In units of its deviation from its mean: products of columns of any scale then keep their digits. */
function standardised(column: Float64Array): Float64Array {
  const [centre, spread] = [mean(column), Math.sqrt(variance(column))];
  return column.map((v) => (v - centre) / spread);
}

function pearson(x: Float64Array, y: Float64Array): MeanStatistic {
  return {
    columns: () => [x, y, x.map((v) => v * v), y.map((v) => v * v), x.map((v, i) => v * (y[i] as number))],
    of: ([a = Number.NaN, b = Number.NaN, aa = Number.NaN, bb = Number.NaN, ab = Number.NaN]) =>
      (ab - a * b) / Math.sqrt((aa - a * a) * (bb - b * b)),
  };
}
