import type { NDArray } from "../array.ts";
import { type Space, stateCount } from "../data/space.ts";

/** Maximum number of different values of a context with one bin each. */
const mostDistinct = 40;
/** Bins of a context with more values than that. */
const mostBins = 12;
/** Fewest rows of a bin of several values. */
const fewestRows = 20;
/** Numbers of a context that each get an axis; of more only contexts that are few as a whole. */
const mostNumbers = 3;
/** Maximum number of different contexts with more than three numbers for which bins are named. */
const mostNamed = 16;

/** Rows with similar contexts. */
export interface ContextBin {
  /** Mean of the context over `scored`; of named contexts their place among `names`. */
  readonly at: number;
  /** Row numbers among the scored rows. */
  readonly scored: Uint32Array;
  /** Row numbers among all rows: of one value all that have it, else none. */
  readonly all?: Uint32Array;
}

/** Rows by one number of their contexts, or by which of a few contexts they have. */
export interface ContextAxis {
  /** Which number of the context it is; undefined if the axis is of whole contexts. */
  readonly index?: number;
  /** Whether each bin has one value; else it has a range of them. */
  readonly distinct: boolean;
  /** Names of contexts that are no numbers, by their place on the axis. */
  readonly names?: readonly string[];
  /** The bins, in the order of the axis; two or more. */
  readonly bins: readonly ContextBin[];
}

/**
 * Sorts rows by their contexts. Contexts of up to three numbers have one axis per number. Up to 40 different
 * values have one bin each, with rows of any part. More values are cut into at most 12 bins of equally many
 * scored rows, at least 20 each; their data are the scored rows alone, so that the model's samples have the
 * same contexts row by row and a bin's width does not matter. Contexts of more numbers have an axis if there
 * are at most 16 of them. A number that is equal in all rows has no axis.
 *
 * `scored`, `all`: `[rows, n]`, the contexts of the scored rows and of all rows.
 */
export function contextAxes(space: Space, scored: NDArray<"f32">, all: NDArray<"f32">): ContextAxis[] {
  const width = scored.shape[1] as number;
  if (width > mostNumbers) return wholeAxis(scored, all);
  return Array.from({ length: width }, (_, index) => {
    const column = ({ data, shape: [rows = 0] }: NDArray<"f32">) =>
      Float64Array.from({ length: rows }, (_, row) => data[row * width + index] as number);
    return axisOf(column(scored), column(all), space, index);
  }).filter((axis) => axis !== undefined);
}

function axisOf(
  scored: Float64Array,
  all: Float64Array,
  space: Space,
  index: number,
): ContextAxis | undefined {
  const values = [...new Set(scored)].sort((a, b) => a - b);
  if (values.length < 2) return undefined;
  if (values.length > mostDistinct) return quantileAxis(scored, index);
  const states = stateCount(space);
  const names =
    states !== undefined && states <= mostNamed
      ? Array.from({ length: states }, (_, s) => `${s}`)
      : undefined;
  const bins = values.map((at) => ({ at, scored: rowsWith(scored, at), all: rowsWith(all, at) }));
  return { index, distinct: true, ...(names && { names }), bins };
}

function quantileAxis(scored: Float64Array, index: number): ContextAxis | undefined {
  const order = Uint32Array.from(scored.keys()).sort(
    (a, b) => (scored[a] as number) - (scored[b] as number) || a - b,
  );
  const count = Math.min(mostBins, Math.floor(order.length / fewestRows));
  if (count < 2) return undefined;
  const cut = (bin: number) => Math.floor((bin * order.length) / count);
  const bins = Array.from({ length: count }, (_, bin) => {
    const rows = order.slice(cut(bin), cut(bin + 1)).sort();
    return {
      at: rows.reduce((total, row) => total + (scored[row] as number), 0) / rows.length,
      scored: rows,
    };
  });
  return { index, distinct: false, bins };
}

/** Contexts as wholes, in the order of their first rows. */
function wholeAxis(scored: NDArray<"f32">, all: NDArray<"f32">): ContextAxis[] {
  const [own, every] = [wholes(scored), wholes(all)];
  const names = [...new Set(own)].sort((a, b) => b.localeCompare(a, "en", { numeric: true }));
  if (names.length < 2 || names.length > mostNamed) return [];
  const bins = names.map((name, at) => ({ at, scored: rowsWith(own, name), all: rowsWith(every, name) }));
  return [{ distinct: true, names: names.map((name) => nameOf(name)), bins }];
}

const wholes = ({ data, shape: [rows = 0, width = 0] }: NDArray<"f32">) =>
  Array.from({ length: rows }, (_, row) => data.subarray(row * width, (row + 1) * width).join());

/** The place of the only 1 of a context of zeros, else the context. */
function nameOf(context: string): string {
  const numbers = context.split(",");
  const isOneHot =
    numbers.filter((v) => v === "1").length === 1 && numbers.every((v) => v === "0" || v === "1");
  return isOneHot ? `${numbers.indexOf("1")}` : context;
}

function rowsWith<T>(values: ArrayLike<T>, value: T): Uint32Array {
  const rows: number[] = [];
  for (let row = 0; row < values.length; row++) if (values[row] === value) rows.push(row);
  return Uint32Array.from(rows);
}
