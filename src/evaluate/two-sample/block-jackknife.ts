import type { TestGroups } from "./test-groups.ts";

/** Number of blocks, each omitted in turn. */
const blocks = 10;

/**
 * Returns the standard error of a statistic of two sets of rows: the jackknife over ten blocks of groups of
 * both sets, each omitted once (fewer blocks if there are fewer groups). `of` takes the row numbers that are
 * kept. The error of m blocks is enlarged by 1 + 1/(m − 1): Student's distribution of m − 1 degrees of
 * freedom then has the coverage of a normal one within one and two errors.
 *
 * Source: Efron & Tibshirani, "An Introduction to the Bootstrap" (1993), section 11.5.
 */
export function blockJackknife<K extends string>(
  groups: TestGroups,
  of: (x: Uint32Array, y: Uint32Array) => Readonly<Record<K, number>>,
): Record<K, number> {
  const count = Math.min(blocks, groups.x.length, groups.y.length);
  const kept = (own: readonly Uint32Array[], out: number) =>
    Uint32Array.from(own.filter((_, g) => g % count !== out).flatMap((rows) => [...rows]));
  const values = Array.from({ length: count }, (_, b) => of(kept(groups.x, b), kept(groups.y, b)));
  const names = Object.keys(values[0] as object) as K[];
  return Object.fromEntries(
    names.map((name) => {
      const mean = values.reduce((sum, v) => sum + v[name], 0) / count;
      const squares = values.reduce((sum, v) => sum + (v[name] - mean) ** 2, 0);
      return [name, (count / (count - 1)) * Math.sqrt(((count - 1) / count) * squares)];
    }),
  ) as Record<K, number>;
}
