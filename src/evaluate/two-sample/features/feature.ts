import type { NDArray } from "../../../array.ts";

/** Numbers that describe rows, a few for each row. */
export interface FeatureTable {
  /** Names of the columns. */
  readonly names: readonly string[];
  /**
   * Position of each column on the axis of a curve, such as a wave number or a level; absent if they are no
   * curve.
   */
  readonly at?: readonly number[] | undefined;
  /** Number of rows. */
  readonly rows: number;
  /** `[rows, names.length]`, row by row. */
  readonly values: Float64Array;
}

/** Features of one kind, such as a power spectrum: together they make one joint test. */
export interface FeatureGroup {
  /** Name of the group in tables: `spectrum`. */
  readonly name: string;
  /** The features of rows `x`, [rows, ...sites], as datasets store them. */
  of(x: NDArray): FeatureTable;
}

/** Tables of the same rows, column next to column. */
export function joined(tables: readonly FeatureTable[]): FeatureTable {
  const [first] = tables;
  if (first && tables.length === 1) return first;
  const rows = first?.rows ?? 0;
  const names = tables.flatMap((table) => table.names);
  const values = new Float64Array(rows * names.length);
  let at = 0;
  for (const table of tables) {
    const width = table.names.length;
    for (let row = 0; row < rows; row++)
      values.set(table.values.subarray(row * width, (row + 1) * width), row * names.length + at);
    at += width;
  }
  return { names, rows, values };
}

/** The rows `which` of a table, copied. */
export function takeFeatures({ names, at, values }: FeatureTable, which: ArrayLike<number>): FeatureTable {
  const width = names.length;
  const out = new Float64Array(which.length * width);
  for (let i = 0; i < which.length; i++) {
    const row = which[i] as number;
    out.set(values.subarray(row * width, (row + 1) * width), i * width);
  }
  return { names, at, rows: which.length, values: out };
}

/** Tables of the same columns, rows after rows. */
export function concatFeatures(tables: readonly FeatureTable[]): FeatureTable {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const names = tables[0]?.names ?? [];
  const values = new Float64Array(rows * names.length);
  let at = 0;
  for (const table of tables) {
    values.set(table.values, at);
    at += table.values.length;
  }
  return { names, rows, values };
}
