import type { Key } from "../../random/key.ts";
import { normal } from "../../random/normal.ts";
import type { FeatureTable } from "./features/feature.ts";
import { type PermutationTest, permutationTest } from "./permutations.ts";
import type { TestGroups } from "./test-groups.ts";

/** See {@link slicedWasserstein}. */
export interface SlicedWassersteinOptions {
  /** The random key of directions and permutations. */
  readonly key: Key;
  /** Random directions that rows are projected on (default 50). */
  readonly directions?: number | undefined;
  /** Permutations of the groups (default 399). */
  readonly permutations?: number | undefined;
}

/**
 * The sliced Wasserstein distance: the mean over random directions of the W₁ distance ∫|F − G| of the projections, in the units of
 * the columns, with a permutation test that exchanges whole groups.
 *
 * Source: Bonneel et al., J. Math. Imaging Vis. 51 (2015) 22.
 */
export function slicedWasserstein(
  x: FeatureTable,
  y: FeatureTable,
  groups: TestGroups,
  { key, directions = 50, permutations }: SlicedWassersteinOptions,
): PermutationTest {
  const width = x.names.length;
  const total = x.rows + y.rows;
  const group = new Int32Array(total);
  groups.x.forEach((rows, g) => {
    for (const row of rows) group[row] = g;
  });
  groups.y.forEach((rows, g) => {
    for (const row of rows) group[x.rows + row] = groups.x.length + g;
  });
  const draws = normal(key.fold(0), directions * width, "f64");
  const lines = Array.from({ length: directions }, (_, d) => {
    const direction = draws.subarray(d * width, (d + 1) * width);
    const length = Math.sqrt(direction.reduce((sum, v) => sum + v * v, 0));
    const at = Float64Array.from({ length: total }, (_, row) => {
      const [values, from] = row < x.rows ? [x.values, row * width] : [y.values, (row - x.rows) * width];
      let sum = 0;
      for (let c = 0; c < width; c++) sum += direction[c]! * values[from + c]!;
      return sum / length;
    });
    const order = Uint32Array.from(at.keys()).sort((a, b) => at[a]! - at[b]!);
    return {
      group: Int32Array.from(order, (row) => group[row]!),
      gaps: Float64Array.from(order, (row, i) => (i + 1 < total ? at[order[i + 1]!]! - at[row]! : 0)),
    };
  });
  const sizes = new Int32Array(groups.x.length + groups.y.length);
  for (const g of group) sizes[g] = sizes[g]! + 1;
  return permutationTest(
    (isFirst) => {
      let first = 0;
      for (let g = 0; g < sizes.length; g++) if (isFirst[g] === 1) first += sizes[g]!;
      const [up, down] = [1 / first, 1 / (total - first)];
      let sum = 0;
      for (const line of lines) {
        let difference = 0;
        for (let i = 0; i < total; i++) {
          difference += isFirst[line.group[i]!] === 1 ? up : -down;
          sum += Math.abs(difference) * line.gaps[i]!;
        }
      }
      return sum / directions;
    },
    groups.x.length,
    sizes.length,
    key.fold(1),
    permutations,
  );
}
