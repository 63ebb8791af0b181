import { sizeOf } from "../array.ts";
import type { MeanStatistic } from "../systems/system.ts";
import type { TwoPoint } from "./observables.ts";
import type { PartRows } from "./rows.ts";
import { type RowsOfSites, type SiteLattice, siteLattice } from "./site-lattice.ts";
import { rowStatistic } from "./statistic.ts";
import { everyNth } from "./thinned-rows.ts";

/** Maximum number of values over all rows; rows beyond it are not used. */
const mostValues = 10_000_000;
/** Distances beyond which only some are measured. */
const mostDistances = 32;

/**
 * Returns the connected two-point function G(r) = ⟨φ_x φ_{x+r}⟩ − ⟨φ_x⟩⟨φ_{x+r}⟩ of rows without a known
 * system, for r up to half the longest side, averaged over all axes of that length; undefined for rows on no
 * lattice (`siteLattice`). Only pairs within the lattice count, since its boundary conditions are unknown.
 * Errors are those of {@link rowStatistic}.
 */
export function siteTwoPoint(known: RowsOfSites, rows: PartRows): TwoPoint[] | undefined {
  const lattice = siteLattice(known);
  if (!lattice) return undefined;
  const few = everyNth(rows, mostValues / sizeOf(lattice.shape));
  const values = lattice.values(few.x);
  const longest = Math.max(...lattice.shape);
  const half = Math.floor(longest / 2);
  const step = Math.ceil(half / mostDistances);
  const distances = Array.from({ length: Math.floor(half / step) + 1 }, (_, k) => k * step);
  return distances.map((r) => ({ r, ...rowStatistic(covariance(lattice, values, longest, r), few) }));
}

/** The covariance of both sites of all pairs at a distance. */
function covariance({ shape }: SiteLattice, values: Float64Array, longest: number, r: number): MeanStatistic {
  const n = sizeOf(shape);
  const [first, second] = pairs(shape, longest, r);
  const mean = (of: (row: number, pair: number) => number) =>
    Float64Array.from({ length: values.length / n }, (_, row) => {
      let total = 0;
      for (let pair = 0; pair < first.length; pair++) total += of(row * n, pair);
      return total / first.length;
    });
  const at = (i: number) => values[i] as number;
  return {
    columns: () => [
      mean((row, pair) => at(row + (first[pair] as number)) * at(row + (second[pair] as number))),
      mean((row, pair) => at(row + (first[pair] as number))),
      mean((row, pair) => at(row + (second[pair] as number))),
    ],
    of: ([product = Number.NaN, a = Number.NaN, b = Number.NaN]) => product - a * b,
  };
}

/** The sites of all pairs at distance r along the longest axes, within the lattice. */
function pairs(shape: readonly number[], longest: number, r: number): [Int32Array, Int32Array] {
  const [first, second]: [number[], number[]] = [[], []];
  shape.forEach((side, axis) => {
    if (side !== longest) return;
    const stride = sizeOf(shape.slice(axis + 1));
    for (let site = 0; site < sizeOf(shape); site++) {
      if ((Math.floor(site / stride) % side) + r >= side) continue;
      first.push(site);
      second.push(site + r * stride);
    }
  });
  return [Int32Array.from(first), Int32Array.from(second)];
}
