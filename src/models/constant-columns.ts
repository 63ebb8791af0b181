import type { NDArray } from "../array.ts";
import { type Space, sites } from "../data/space.ts";
import { numbers } from "../data/values.ts";
import { columnNames } from "./column-names.ts";

/** Of larger numbers single precision may hide what varies. */
const LARGE = 1e5;

/**
 * Why rows of real numbers cannot be trained on: the columns that never vary over them, which have no density. A model's
 * `refusesTraining`.
 */
export function constantColumns(
  space: Space,
): (x: NDArray, rows: Uint32Array, names?: readonly string[]) => string | undefined {
  const n = sites(space);
  return (x, rows, names) => {
    const values = numbers(x);
    const first = (rows[0] as number) * n;
    const constant: number[] = [];
    for (let column = 0; column < n; column++)
      if (rows.every((row) => values[row * n + column] === values[first + column])) constant.push(column);
    if (constant.length === 0) return undefined;
    const is = constant.length === 1 ? "is" : "are";
    const offset = constant.some((column) => Math.abs(values[first + column] as number) > LARGE)
      ? " (in single precision; if the numbers in the file vary, subtract an offset first)"
      : "";
    return `${columnNames(constant, names)} ${is} constant over the training rows, so there is no density; leave constant columns out${offset}${advice(values)}`;
  };
}

/** Suggests what the rows may be instead: bytes of pictures, with dark edges that never vary. */
function advice(values: ArrayLike<number>): string {
  let high = 0;
  for (let i = 0; i < values.length; i++) {
    const v = values[i] as number;
    if (!(v >= 0 && v < 256 && v === Math.floor(v))) return "";
    high = Math.max(high, v);
  }
  return high >= 128 ? "; for grey levels of pictures give --space levels:256" : "";
}
