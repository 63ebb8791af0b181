import type { NDArray } from "../array.ts";
import { type Space, sites } from "../data/space.ts";
import { numbers } from "../data/values.ts";
import { columnName, columnNames } from "./column-names.ts";

/** Training rows that columns are looked at by, and numbers of them in all, at most. */
const MOST = { rows: 4096, numbers: 1 << 22 };
/** Single precision may round values by this share of their standard deviation before it matters. */
const ROUNDED = 0.01;
/** Rows have one sum if its variance is at most this share of what independent columns would give. */
const ONE_SUM = 1e-8;

/**
 * Returns warnings about columns of a density's training rows that make its likelihood uninformative: values
 * that mostly repeat, as whole numbers do, and columns equal to others (a density has no upper limit on
 * either); and offsets so large that single precision rounds what varies. A model's `doubtsTraining`.
 */
export function doubtfulColumns(
  space: Space,
): (x: NDArray, rows: Uint32Array, names?: readonly string[]) => string[] {
  const n = sites(space);
  return (x, rows, names) => {
    const values = numbers(x);
    const some = evenly(rows, Math.min(MOST.rows, Math.ceil(MOST.numbers / n)));
    const columns = Array.from({ length: n }, (_, c) =>
      Float64Array.from(some, (row) => values[row * n + c]!),
    );
    const rounded = columns.flatMap((column, c) => (isRounded(column) ? [c] : []));
    const repeated = columns.flatMap((column, c) =>
      !rounded.includes(c) && new Set(column).size < column.length / 2 ? [c] : [],
    );
    const equal = equalColumns(columns, names);
    return [
      ...(rounded.length > 0
        ? [
            `${columnNames(rounded, names)}: these numbers are so large that single precision rounds their spread; subtract an offset first`,
          ]
        : []),
      ...(repeated.length > 0
        ? [
            `${columnNames(repeated, names)}: most values repeat, where a density is unbounded, so the likelihood says little; ` +
              advice(columns),
          ]
        : []),
      ...(equal.length > 0
        ? [
            `columns ${equal.join(", ")}: equal in all training rows, where a density is unbounded, so the ` +
              "likelihood says little; leave out all but one",
          ]
        : []),
      ...(haveOneSum(columns)
        ? [
            "all training rows have the same sum (as maps without their mean do), where a density is unbounded, so the " +
              "likelihood says little",
          ]
        : []),
    ];
  };
}

function evenly(rows: Uint32Array, most: number): Uint32Array {
  if (rows.length <= most) return rows;
  return Uint32Array.from({ length: most }, (_, i) => rows[Math.floor((i * rows.length) / most)]!);
}

/** Whether the step between single-precision numbers is a large share of what varies. */
function isRounded(column: Float64Array): boolean {
  const mean = column.reduce((sum, v) => sum + v, 0) / column.length;
  const spread = Math.sqrt(column.reduce((sum, v) => sum + (v - mean) ** 2, 0) / column.length);
  return spread > 0 && Math.abs(mean) * 2 ** -23 > ROUNDED * spread;
}

/** Whether the sum of a row varies by no more than rounding; false for constant columns, which are refused elsewhere. */
function haveOneSum(columns: readonly Float64Array[]): boolean {
  const rows = columns[0]?.length ?? 0;
  if (columns.length < 2 || rows < 2) return false;
  const sums = new Float64Array(rows);
  let [scale, size] = [0, 0];
  for (const column of columns) {
    const mean = column.reduce((sum, v) => sum + v, 0) / rows;
    for (let row = 0; row < rows; row++) {
      sums[row] = sums[row]! + column[row]!;
      scale += (column[row]! - mean) ** 2 / rows;
      size += column[row]! ** 2 / rows;
    }
  }
  const mean = sums.reduce((sum, v) => sum + v, 0) / rows;
  const spread = sums.reduce((sum, v) => sum + (v - mean) ** 2, 0) / rows;
  // Single precision rounds each value by 2⁻²⁴ of its size.
  return spread <= ONE_SUM * scale && spread <= 4 * 2 ** -48 * size;
}

/** What to do about values that repeat: whole numbers from 0 may be grey levels. */
function advice(columns: readonly Float64Array[]): string {
  const isCount = columns.every((column) => column.every((v) => v >= 0 && v === Math.floor(v)));
  if (!isCount) return "leave these columns out, or add noise of the size of their steps";
  const high = columns.reduce((most, column) => column.reduce((a, b) => Math.max(a, b), most), 0);
  // Bytes of pictures, the brightest of which need not occur.
  const count = high >= 128 && high < 256 ? 256 : high + 1;
  return `take them as grey levels (--space levels:${count}) or as symbols (--space categorical:${high + 1})`;
}

/** Groups of equal columns, such as `1 = 3`. */
function equalColumns(columns: readonly Float64Array[], names?: readonly string[]): string[] {
  const groups = new Map<string, number[]>();
  columns.forEach((column, c) => {
    // A few values tell columns apart that are not equal; those they do not are compared in full.
    const start = column.subarray(0, 64).join();
    const group = groups.get(start) ?? [];
    groups.set(start, [...group, c]);
  });
  return [...groups.values()].flatMap((group) => {
    const [first = 0] = group;
    const same = group.filter((c) => columns[c]!.every((v, i) => v === columns[first]![i]));
    return same.length > 1 ? [same.map((column) => columnName(column, names)).join(" = ")] : [];
  });
}
