import { type NDArray, sizeOf } from "../../array.ts";
import { numbers } from "../values.ts";
import { ranks } from "./ranks.ts";

/** Minimum number of rows per context for equal contexts to form groups with useful means. */
const groupSize = 4;
/** Values of a context beyond which a line through all of them is not fitted. */
const mostColumns = 32;

/**
 * Series of rows less what their contexts explain, so that rows sorted by context show no order: the mean of the rows
 * with the same context where contexts repeat, else a linear function of the context. Undefined if it has too many values
 * for that.
 *
 * @param context `[rows, ...]`.
 */
export function givenContext(series: readonly Float64Array[], context: NDArray): Float64Array[] | undefined {
  const rows = context.shape[0] as number;
  const groups = contextGroups(context);
  const count = groups.reduce((most, group) => Math.max(most, group + 1), 0);
  if (rows >= groupSize * count) return series.map((values) => lessMeans(values, groups, count));
  const width = sizeOf(context.shape.slice(1));
  if (width > Math.min(mostColumns, rows / groupSize)) return undefined;
  const basis = orthonormal(context, rows, width);
  return series.map((values) => basis.reduce(less, values));
}

/** The number of each row's context, in the order in which contexts first appear. */
export function contextGroups(context: NDArray): Int32Array {
  const rows = context.shape[0] as number;
  const width = sizeOf(context.shape.slice(1));
  const values = numbers(context);
  const known = new Map<string, number>();
  return Int32Array.from({ length: rows }, (_, r) => {
    const key = values.subarray(r * width, (r + 1) * width).join();
    const group = known.get(key) ?? known.size;
    known.set(key, group);
    return group;
  });
}

/** Whether one number of contexts never falls, or never rises, from row to row. */
export function isSortedBy(context: NDArray): boolean {
  const rows = context.shape[0] as number;
  const width = sizeOf(context.shape.slice(1));
  const values = numbers(context);
  return Array.from({ length: width }, (_, c) => c).some((c) =>
    [1, -1].some((way) => {
      const at = (row: number) => way * (values[row * width + c] as number);
      for (let row = 1; row < rows; row++) if (at(row) < at(row - 1)) return false;
      return at(0) !== at(rows - 1);
    }),
  );
}

/**
 * Returns the rank of each value among those of its own context, from −½ to ½; undefined if contexts do not
 * repeat.
 */
export function ranksWithin(values: Float64Array, context: NDArray): Float64Array | undefined {
  const groups = contextGroups(context);
  const members: number[][] = [];
  groups.forEach((group, row) => {
    members[group] ??= [];
    (members[group] as number[]).push(row);
  });
  if (values.length < groupSize * members.length) return undefined;
  const out = new Float64Array(values.length);
  for (const rows of members) {
    const own = ranks(Float64Array.from(rows, (row) => values[row] as number));
    rows.forEach((row, i) => {
      out[row] = (own[i] as number) / rows.length;
    });
  }
  return out;
}

function lessMeans(values: Float64Array, groups: Int32Array, count: number): Float64Array {
  const [sums, sizes] = [new Float64Array(count), new Float64Array(count)];
  values.forEach((value, r) => {
    const group = groups[r] as number;
    sums[group] = (sums[group] as number) + value;
    sizes[group] = (sizes[group] as number) + 1;
  });
  return values.map((value, r) => {
    const group = groups[r] as number;
    return value - (sums[group] as number) / (sizes[group] as number);
  });
}

/** 1 and the columns of a context as orthonormal vectors over rows (Gram and Schmidt). */
function orthonormal(context: NDArray, rows: number, width: number): Float64Array[] {
  const values = numbers(context);
  const columns = Array.from({ length: width }, (_, c) =>
    Float64Array.from({ length: rows }, (_, r) => values[r * width + c] as number),
  );
  const basis: Float64Array[] = [];
  for (const column of [new Float64Array(rows).fill(1), ...columns]) {
    const rest = basis.reduce(less, column);
    const length = Math.sqrt(dot(rest, rest));
    if (length > 1e-9 * Math.sqrt(dot(column, column))) basis.push(rest.map((value) => value / length));
  }
  return basis;
}

const less = (values: Float64Array, unit: Float64Array): Float64Array => {
  const along = dot(values, unit);
  return values.map((value, r) => value - along * (unit[r] as number));
};

const dot = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, value, r) => sum + value * (b[r] as number), 0);
