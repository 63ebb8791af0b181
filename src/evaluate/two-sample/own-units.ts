import { columnUnits } from "./features/column-moments.ts";
import type { FeatureTable } from "./features/feature.ts";

/**
 * Two tables with each column in units of its standard deviation over some `rows` of `x` (default: all of them); a column that is constant there keeps its
 * unit. Distances of `x` from `y` in these units follow from the rows alone, so that a jackknife sees that units have errors too.
 */
export function inUnitsOf(
  x: FeatureTable,
  y: FeatureTable,
  rows?: Uint32Array,
): readonly [FeatureTable, FeatureTable] {
  const unit = columnUnits(x, rows);
  const scaled = (table: FeatureTable): FeatureTable => ({
    ...table,
    values: table.values.map((v, i) => v / unit[i % unit.length]!),
  });
  return [scaled(x), scaled(y)];
}
