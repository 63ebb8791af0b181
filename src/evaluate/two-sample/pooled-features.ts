import { symmetricEigen } from "../../stats/symmetric-eigen.ts";
import { columnMoments } from "./baselines/gaussian-table.ts";
import type { FeatureTable } from "./features/feature.ts";

/** Principal components that are compared. */
const mostComponents = 8;
/** Maximum number of columns for ranks and components. */
const mostColumns = 256;

/**
 * Returns features of two tables that depend on both, without using which row is of which: group by group,
 * first and second table.
 */
export function pooledFeatures(
  x: FeatureTable,
  y: FeatureTable,
): readonly { readonly name: string; readonly x: FeatureTable; readonly y: FeatureTable }[] {
  const width = x.names.length;
  if (width > mostColumns) return [];
  const values = new Float64Array(x.values.length + y.values.length);
  values.set(x.values);
  values.set(y.values, x.values.length);
  const all = { names: x.names, rows: x.rows + y.rows, values };
  const apart = (name: string, { names, values: v }: FeatureTable) => ({
    name,
    x: { names, rows: x.rows, values: v.slice(0, x.rows * names.length) },
    y: { names, rows: y.rows, values: v.slice(x.rows * names.length) },
  });
  return [apart("ranks", ranks(all)), ...(width > 1 ? [apart("principal components", components(all))] : [])];
}

/** The rank of each value in its column, from 0 to 1; equal values share their mean rank. */
function ranks({ names, rows, values }: FeatureTable): FeatureTable {
  const width = names.length;
  const out = new Float64Array(values.length);
  for (let c = 0; c < width; c++) {
    const at = (row: number) => values[row * width + c]!;
    const order = Uint32Array.from({ length: rows }, (_, row) => row).sort((a, b) => at(a) - at(b));
    for (let from = 0; from < rows; ) {
      let to = from;
      while (to < rows && at(order[to]!) === at(order[from]!)) to++;
      for (let i = from; i < to; i++) out[order[i]! * width + c] = (from + to - 1) / (2 * (rows - 1));
      from = to;
    }
  }
  return { names: names.map((name) => `rank of ${name}`), rows, values: out };
}

/** Scores on the leading principal components of both tables together, and their squares. */
function components(all: FeatureTable): FeatureTable {
  const { rows, values } = all;
  const width = all.names.length;
  const { mean, covariance } = columnMoments(all);
  const { vectors } = symmetricEigen(covariance, width);
  const count = Math.min(mostComponents, width);
  const out = new Float64Array(rows * 2 * count);
  for (let row = 0; row < rows; row++)
    for (let k = 0; k < count; k++) {
      let score = 0;
      for (let c = 0; c < width; c++)
        score += (values[row * width + c]! - mean[c]!) * vectors[k * width + c]!;
      out[row * 2 * count + k] = score;
      out[row * 2 * count + count + k] = score * score;
    }
  const names = Array.from({ length: count }, (_, k) => `component ${k}`);
  return { names: [...names, ...names.map((name) => `${name} squared`)], rows, values: out };
}
