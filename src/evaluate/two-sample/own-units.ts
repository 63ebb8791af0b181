import type { FeatureTable } from "./features/feature.ts";

/**
 * Two tables with each column in units of its standard deviation over some `rows` of `x` (default: all of them); a column that is constant there keeps its
 * unit. Distances of `x` from `y` in these units follow from the rows alone, so that a jackknife sees that units have errors too.
 */
export function inUnitsOf(
  x: FeatureTable,
  y: FeatureTable,
  rows: Uint32Array = Uint32Array.from({ length: x.rows }, (_, row) => row),
): readonly [FeatureTable, FeatureTable] {
  const width = x.names.length;
  const [mean, square] = [new Float64Array(width), new Float64Array(width)];
  const eachValue = (of: (value: number, column: number) => void) => {
    for (const row of rows) for (let c = 0; c < width; c++) of(x.values[row * width + c]!, c);
  };
  eachValue((v, c) => {
    mean[c] = mean[c]! + v / rows.length;
  });
  eachValue((v, c) => {
    square[c] = square[c]! + (v - mean[c]!) ** 2 / rows.length;
  });
  const unit = square.map((s, c) => (s > (1e-9 * mean[c]!) ** 2 && s > 0 ? Math.sqrt(s) : 1));
  const scaled = (table: FeatureTable): FeatureTable => ({
    ...table,
    values: table.values.map((v, i) => v / unit[i % width]!),
  });
  return [scaled(x), scaled(y)];
}
