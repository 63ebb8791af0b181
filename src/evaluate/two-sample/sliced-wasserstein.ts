import type { Key } from "../../random/key.ts";
import { normal } from "../../random/normal.ts";
import { blockJackknife } from "./block-jackknife.ts";
import type { FeatureTable } from "./features/feature.ts";
import { inUnitsOf } from "./own-units.ts";
import { type PermutationTest, permutationTest } from "./permutations.ts";
import { groupOfRows, type TestGroups } from "./test-groups.ts";

/** See {@link slicedWasserstein}. */
export interface SlicedWassersteinOptions {
  /** The random key of directions and permutations. */
  readonly key: Key;
  /** Random directions that rows are projected on (default 50). */
  readonly directions?: number | undefined;
  /** Permutations of the groups (default 399). */
  readonly permutations?: number | undefined;
  /** Whether the columns are in units of the rows of `x`, which then add to the error (default false). */
  readonly ownUnits?: boolean | undefined;
}

/**
 * The sliced Wasserstein distance: the mean over random directions of the W₁ distance ∫|F − G| of the projections, in the units of
 * the columns, with a permutation test that exchanges whole groups, and the error of the jackknife over blocks of groups.
 *
 * Source: Bonneel et al., J. Math. Imaging Vis. 51 (2015) 22.
 */
export function slicedWasserstein(
  x: FeatureTable,
  y: FeatureTable,
  groups: TestGroups,
  { key, directions = 50, permutations, ownUnits = false }: SlicedWassersteinOptions,
): PermutationTest & { readonly error: number } {
  const total = x.rows + y.rows;
  const lines = projections(x, y, directions, key.fold(0));
  const group = groupOfRows(groups, x.rows, y.rows);
  // What each row adds to F − G.
  const steps = new Float64Array(total);
  const tested = permutationTest(
    (isFirst) => {
      let first = 0;
      for (const g of group) first += isFirst[g]!;
      for (let row = 0; row < total; row++)
        steps[row] = isFirst[group[row]!] === 1 ? 1 / first : -1 / (total - first);
      return meanDistance(lines, steps);
    },
    groups.x.length,
    groups.x.length + groups.y.length,
    key.fold(1),
    permutations,
  );
  const { error } = blockJackknife(groups, (ofX, ofY) => {
    steps.fill(0);
    for (const row of ofX) steps[row] = 1 / ofX.length;
    for (const row of ofY) steps[x.rows + row] = -1 / ofY.length;
    // Rows that are left out have no step, whatever their place.
    const kept = ownUnits ? projections(...inUnitsOf(x, y, ofX), directions, key.fold(0)) : lines;
    return { error: meanDistance(kept, steps) };
  });
  return { ...tested, error };
}

/** The rows of two tables in the order of their projections on one direction, and the gaps between neighbours. */
interface Line {
  readonly order: Uint32Array;
  readonly gaps: Float64Array;
}

/** The mean of ∫|F − G| over lines, where `steps` are what each row adds to F − G. */
function meanDistance(lines: readonly Line[], steps: Float64Array): number {
  let sum = 0;
  for (const { order, gaps } of lines) {
    let difference = 0;
    for (let i = 0; i < order.length; i++) {
      difference += steps[order[i]!]!;
      sum += Math.abs(difference) * gaps[i]!;
    }
  }
  return sum / lines.length;
}

/** The rows of both tables along random directions. */
function projections(x: FeatureTable, y: FeatureTable, directions: number, key: Key): Line[] {
  const width = x.names.length;
  const total = x.rows + y.rows;
  const draws = normal(key, directions * width, "f64");
  return Array.from({ length: directions }, (_, d) => {
    const direction = draws.subarray(d * width, (d + 1) * width);
    const length = Math.sqrt(direction.reduce((sum, v) => sum + v * v, 0));
    const at = new Float64Array(total);
    const project = ({ values, rows }: FeatureTable, from: number) => {
      for (let row = 0; row < rows; row++) {
        let sum = 0;
        for (let c = 0; c < width; c++) sum += direction[c]! * values[row * width + c]!;
        at[from + row] = sum / length;
      }
    };
    project(x, 0);
    project(y, x.rows);
    const order = Uint32Array.from({ length: total }, (_, row) => row).sort((a, b) => at[a]! - at[b]!);
    const gaps = Float64Array.from(order, (row, i) => (i + 1 < total ? at[order[i + 1]!]! - at[row]! : 0));
    return { order, gaps };
  });
}
