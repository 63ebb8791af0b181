import { type NDArray, sizeOf } from "../array.ts";
import type { Encoding } from "../data/encoding.ts";
import { levelCount, type Space, sites } from "../data/space.ts";
import { isTable } from "../data/table.ts";
import { numbers } from "../data/values.ts";
import type { Observable } from "./observable.ts";
import { latticeMean, siteLattice } from "./site-lattice.ts";

/** Maximum number of states to list frequencies for. */
const mostStates = 6;
/** Maximum number of columns of real numbers that are worth two rows each. */
export const mostColumns = 6;

/**
 * Returns the observables of rows of which only the space is known. Spins (binary data of `encoding` pm1):
 * the magnetisation m, the mean of ±1, and |m|. Other bits: the fraction of ones. Up to six categorical
 * states: the fraction of sites in each, since their labels have no mean. Up to six real columns, or a table
 * of up to twelve: each column. More real values: the mean, and on a lattice the mean square. Grey levels:
 * the mean of the levels. Angles, sequences and many states have no observables. Without a space: the mean of
 * the stored values. `offset` was subtracted from the columns, and is added here.
 */
export function siteObservables(
  space?: Space,
  encoding?: Encoding,
  offset?: Float64Array,
): Readonly<Record<string, Observable>> {
  // Noise between levels is a model's own affair.
  if (space && levelCount(space) !== undefined) return { mean: siteMean(Math.floor) };
  const ones = siteMean((v) => v);
  if (space?.kind === "real" && (sites(space) <= mostColumns || isTable(space)))
    return eachColumn(sites(space), offset);
  const shift = offset ? offset.reduce((sum, v) => sum + v, 0) / offset.length : 0;
  if (space === undefined || space.kind === "real") {
    const mean: Observable = shift === 0 ? ones : (x) => ones(x).map((v) => v + shift);
    const lattice = siteLattice({ space, encoding, offset });
    return lattice ? { mean, meanSquare: latticeMean(lattice, (v) => v * v) } : { mean };
  }
  if (space.kind === "binary") {
    if (encoding !== "pm1") return { ones };
    const magnetisation = siteMean((v) => 2 * v - 1);
    return { magnetisation, absMagnetisation: (x) => magnetisation(x).map(Math.abs) };
  }
  if (space.kind !== "categorical" || space.states > mostStates) return {};
  const states = Array.from({ length: space.states }, (_, state) => state);
  return Object.fromEntries(states.map((state) => [`state${state}`, siteMean((v) => (v === state ? 1 : 0))]));
}

/** The mean of `of` each stored value over the sites of every row. */
function siteMean(of: (value: number) => number): Observable {
  return (x: NDArray) => {
    const rows = x.shape[0] as number;
    const width = sizeOf(x.shape) / (rows || 1);
    const values = numbers(x);
    return Float64Array.from({ length: rows }, (_, row) => {
      let total = 0;
      for (let i = row * width; i < (row + 1) * width; i++) total += of(values[i] as number);
      return total / width;
    });
  };
}

/** Each of `n` columns, `column0` and so on. */
function eachColumn(n: number, offset: Float64Array | undefined): Readonly<Record<string, Observable>> {
  const column =
    (i: number): Observable =>
    (x) => {
      const values = numbers(x);
      return Float64Array.from(
        { length: x.shape[0] as number },
        (_, row) => (values[row * n + i] as number) + (offset?.[i] ?? 0),
      );
    };
  return Object.fromEntries(Array.from({ length: n }, (_, i) => [`column${i}`, column(i)]));
}
