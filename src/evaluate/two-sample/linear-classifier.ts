import { Cholesky } from "../../stats/cholesky.ts";
import { columnMeans } from "./features/column-moments.ts";
import { type FeatureTable, takeFeatures } from "./features/feature.ts";
import { type Roc, roc } from "./roc.ts";
import { scatter } from "./scatter.ts";
import type { TestGroups } from "./test-groups.ts";

/** Groups of rows in two halves: what a classifier learns from, and what it is asked. */
export interface HeldOut {
  readonly learn: TestGroups;
  readonly ask: TestGroups;
}

/** Holds out every second group. The caller puts groups in random order; independent groups have no order. */
export function heldOutHalves({ x, y }: TestGroups): HeldOut {
  const half = (which: number) => ({
    x: x.filter((_, g) => g % 2 === which),
    y: y.filter((_, g) => g % 2 === which),
  });
  return { learn: half(0), ask: half(1) };
}

/** A classifier's area under the curve from the numbers it gives to the rows of both sets. */
export function askedRoc(ofX: Float64Array, ofY: Float64Array, ask: TestGroups): Roc {
  const taken = (values: Float64Array, groups: readonly Uint32Array[]) =>
    Float64Array.from(
      groups.flatMap((rows) => [...rows]),
      (row) => values[row]!,
    );
  const places = (groups: readonly Uint32Array[]) => {
    let at = 0;
    return groups.map((rows) => rows.map(() => at++));
  };
  return roc(taken(ofX, ask.x), taken(ofY, ask.y), { x: places(ask.x), y: places(ask.y) });
}

/**
 * The classifier two-sample test with a linear classifier: Fisher's discriminant with a ridge, learned from half of the
 * groups, and the area under its curve on the other half. One half is held out, not each in turn: two halves that learn from each other
 * give areas that are not independent, and the error of their mean would be too small.
 *
 * Source: Lopez-Paz & Oquab, ICLR 2017 (arXiv:1610.06545).
 */
export function linearClassifierTest(x: FeatureTable, y: FeatureTable, groups: TestGroups): Roc {
  const { learn, ask } = heldOutHalves(groups);
  const rowsOf = (own: readonly Uint32Array[]) => own.flatMap((rows) => [...rows]);
  const [a, b] = [takeFeatures(x, rowsOf(learn.x)), takeFeatures(y, rowsOf(learn.y))];
  const direction = discriminant(a, b);
  const project = ({ values, rows, names }: FeatureTable) =>
    Float64Array.from({ length: rows }, (_, row) => {
      let sum = 0;
      for (let c = 0; c < names.length; c++) sum += direction[c]! * values[row * names.length + c]!;
      return sum;
    });
  return askedRoc(project(x), project(y), ask);
}

/** The direction (S + λ)⁻¹ (ȳ − x̄) of columns in their own units. */
function discriminant(a: FeatureTable, b: FeatureTable): Float64Array {
  const width = a.names.length;
  const [ma, mb] = [columnMeans(a), columnMeans(b)];
  const centred = new Float64Array((a.rows + b.rows) * width);
  const put = (table: FeatureTable, mean: Float64Array, from: number) =>
    table.values.forEach((v, i) => {
      centred[from + i] = v - mean[i % width]!;
    });
  put(a, ma, 0);
  put(b, mb, a.values.length);
  const total = a.rows + b.rows;
  const units = new Float64Array(width);
  centred.forEach((v, i) => {
    units[i % width] = units[i % width]! + v * v;
  });
  const scale = units.map((square) => (square > 0 ? Math.sqrt(total / square) : 0));
  centred.forEach((v, i) => {
    centred[i] = v * scale[i % width]!;
  });
  const s = scatter(centred, total, width).map((v) => v / total);
  const ridge = Math.max(1e-3, (0.2 * width) / total);
  for (let c = 0; c < width; c++) s[c * width + c] = s[c * width + c]! + ridge;
  const step = Float64Array.from(mb, (v, c) => (v - ma[c]!) * scale[c]!);
  return new Cholesky(s, width).solve(step).map((v, c) => v * scale[c]!);
}
