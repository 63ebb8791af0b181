import type { Key } from "../../random/key.ts";
import { blockJackknife } from "./block-jackknife.ts";
import { concatFeatures, type FeatureTable, takeFeatures } from "./features/feature.ts";
import { frechetDistance } from "./frechet.ts";
import type { TestResult } from "./judgement.ts";
import type { MeasuredRows } from "./measured-rows.ts";
import { inUnitsOf } from "./own-units.ts";
import { halfRows } from "./some-rows.ts";
import { squaredDistances, submatrix, supportOverlap } from "./support.ts";
import { testGroups } from "./test-groups.ts";

/** Times that real rows are divided anew for the spread of real against real. */
const divisions = 10;

const names = {
  frechet: "Fréchet distance",
  precision: "precision",
  recall: "recall",
  density: "density",
  coverage: "coverage",
} as const;
type DistanceName = keyof typeof names;

/** Distances of real rows from equally many other real rows: means and spreads over random divisions. */
export type RealDistances = Record<DistanceName, { readonly value: number; readonly error: number }>;

/** Distances between the features of two sets of real rows, divided anew ten times with whole parents. */
export function realDistances(a: MeasuredRows, b: MeasuredRows, key: Key): RealDistances {
  const all = concatFeatures([a.joint, b.joint]);
  const shift = 1 + (a.set.parent?.reduce((most, id) => Math.max(most, id), 0) ?? 0);
  const parent =
    a.set.parent &&
    b.set.parent &&
    Int32Array.from([...a.set.parent, ...b.set.parent.map((id) => id + shift)]);
  const parents = { name: a.set.name, rows: all.rows, parent };
  const between = comparison(all);
  const found = Array.from({ length: divisions }, (_, i) => between(...halfRows(parents, key.fold(i))));
  return Object.fromEntries(
    (Object.keys(names) as DistanceName[]).map((name) => {
      const value = found.reduce((sum, d) => sum + d[name], 0) / divisions;
      const square = found.reduce((sum, d) => sum + (d[name] - value) ** 2, 0) / (divisions - 1);
      return [name, { value, error: Math.sqrt(square) }];
    }),
  ) as RealDistances;
}

/**
 * Returns distances of candidates from equally many real rows, in features, with the distances of real rows
 * for comparison.
 */
export function distanceResults(
  real: MeasuredRows,
  candidates: MeasuredRows,
  floor: RealDistances,
): TestResult[] {
  const groups = testGroups(real.parents, candidates.parents);
  const n = real.joint.rows;
  const between = comparison(concatFeatures([real.joint, candidates.joint]));
  const beyond = (rows: Uint32Array) => rows.map((row) => row + n);
  const all = (count: number) => Uint32Array.from({ length: count }, (_, row) => row);
  const values = between(all(n), beyond(all(candidates.joint.rows)));
  const errors = blockJackknife(groups, (x, y) => between(x, beyond(y)));
  return (Object.keys(names) as DistanceName[]).map((name) => {
    const value = { value: values[name], error: Math.max(errors[name], name === "frechet" ? 0 : 1 / n) };
    // Divisions of one set of real rows are alike: other real rows would differ by the error of a distance as well.
    const spread = Math.hypot(value.error, floor[name].error);
    const sigmas = spread > 0 ? (value.value - floor[name].value) / spread : 0;
    return {
      ...{ test: names[name], on: "features", value, real: floor[name] },
      sigmas: name === "frechet" ? sigmas : Math.abs(sigmas),
    };
  });
}

/**
 * Returns a function for the distances between some rows of a table and others; all pairs are measured once.
 */
function comparison(all: FeatureTable) {
  const { rows } = all;
  const squares = squaredDistances(all, all);
  const part = (of: Uint32Array, to: Uint32Array) => submatrix(squares, rows, of, to);
  return (x: Uint32Array, y: Uint32Array): Record<DistanceName, number> => ({
    frechet: frechetDistance(...inUnitsOf(takeFeatures(all, x), takeFeatures(all, y))),
    ...supportOverlap(part(x, x), part(y, y), part(x, y), x.length, y.length),
  });
}
