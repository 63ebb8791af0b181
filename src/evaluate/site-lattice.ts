import type { Encoding } from "../data/encoding.ts";
import { levelCount, type Space, siteShape, sites } from "../data/space.ts";
import { isTable } from "../data/table.ts";
import { numbers } from "../data/values.ts";
import type { RowFunction } from "../systems/system.ts";
import type { PartRows } from "./rows.ts";

/** Argument of {@link siteLattice}: the space of rows and their encoding. */
export interface RowsOfSites {
  /** The space of a row. */
  readonly space?: Space | undefined;
  /** Encoding of binary values in the data: as bits, or as spins. */
  readonly encoding?: Encoding | undefined;
  /** The number subtracted from each column. */
  readonly offset?: Float64Array | undefined;
}

/** The lattice of rows, as far as it follows from their space. */
export interface SiteLattice {
  /** Spins of ±1, bits of 0 and 1, a real field, or grey levels, which have no natural zero. */
  readonly kind: "spins" | "bits" | "field" | "levels";
  /** The sides of the lattice. */
  readonly shape: readonly number[];
  /** The values of rows in their own units, `[rows, sites]`: spins as ±1, columns with their offset, levels as whole numbers. */
  readonly values: (x: PartRows["x"]) => Float64Array;
}

/**
 * The lattice that rows without a known system lie on: spins of any shape, and bits, fields and grey levels of two dimensions
 * or more; a single row of more than 12 real numbers is a chain. Undefined for tables, lists of bits, states, angles
 * and sequences.
 */
export function siteLattice({ space, encoding, offset }: RowsOfSites): SiteLattice | undefined {
  if (!space) return undefined;
  const shape = siteShape(space);
  const n = sites(space);
  const row = shape.length === 1;
  const as = (of: (v: number, site: number) => number) => (x: PartRows["x"]) =>
    Float64Array.from(numbers(x), (v, i) => of(v, i % n));
  if (space.kind === "binary") {
    if (encoding === "pm1") return { kind: "spins", shape, values: as((v) => 2 * v - 1) };
    return row ? undefined : { kind: "bits", shape, values: as((v) => v) };
  }
  if (space.kind !== "real" || isTable(space)) return undefined;
  if (levelCount(space) !== undefined)
    return row ? undefined : { kind: "levels", shape, values: as(Math.floor) };
  return { kind: "field", shape, values: as((v, site) => v + (offset?.[site] ?? 0)) };
}

/** The mean of `of` each value over the sites of every row of a lattice. */
export function latticeMean({ shape, values }: SiteLattice, of: (value: number) => number): RowFunction {
  const n = shape.reduce((product, side) => product * side, 1);
  return (x) => {
    const all = values(x);
    return Float64Array.from({ length: all.length / n }, (_, row) => {
      let total = 0;
      for (let i = row * n; i < (row + 1) * n; i++) total += of(all[i] as number);
      return total / n;
    });
  };
}
