import { type NDArray, ndarray, sizeOf } from "../array.ts";
import { inputError } from "../error.ts";
import { check } from "./check.ts";
import type { DataFile } from "./formats/format.ts";
import { describe, parseSpace, real, type Space, siteShape, sites } from "./space.ts";
import type { SplitName } from "./splits.ts";
import { numbers, place } from "./values.ts";

/**
 * Returns the contexts of the rows, [rows, ...]: the array `context`, or `train_context` and so on for rows
 * that came split. Integers and booleans become `i32`, others `f32`. Throws input errors for a wrong number
 * of rows, for a split without its context, and for NaN and infinities.
 */
export function contextOf(
  arrays: DataFile["arrays"],
  parts: readonly (readonly [part: SplitName, rows: number])[],
  name: string,
): NDArray | undefined {
  const rows = parts.reduce((sum, [, n]) => sum + n, 0);
  const whole = arrays.context;
  if (whole) return converted([whole], [rows], `${name} (context)`);
  const own = parts.map(([part]) => arrays[`${part}_context`]);
  if (own.every((array) => array === undefined)) return undefined;
  const present = own.map((array, i) => {
    if (!array) throw inputError(`${name}: has contexts, but none called ${parts[i]?.[0]}_context`);
    return array;
  });
  return converted(
    present,
    parts.map(([, n]) => n),
    `${name} (context)`,
  );
}

/**
 * The space of the rows of `context`: `asked`, or the space it names, else real numbers of its shape. Throws an input error
 * for rows of another size, and for the first value that the space does not hold.
 */
export function contextSpaceOf(context: NDArray, asked: string | Space | undefined, name: string): Space {
  const [rows = 0, ...own] = context.shape;
  const shape = own.length > 0 ? own : [1];
  const space =
    asked === undefined ? real(shape) : typeof asked === "string" ? parseSpace(asked, shape) : asked;
  const where = `${name} (context)`;
  if (sites(space) !== sizeOf(shape))
    throw inputError(
      `${where}: rows have ${sizeOf(shape)} values; its space, ${describe(space)}, has ${sites(space)}`,
    );
  check(space, { ...context, shape: [rows, ...siteShape(space)] } as NDArray, where, true);
  return space;
}

function converted(pieces: readonly NDArray[], rows: readonly number[], name: string): NDArray {
  const shape = (pieces[0] as NDArray).shape.slice(1);
  pieces.forEach((piece, i) => {
    if (piece.shape[0] !== rows[i])
      throw inputError(`${name}: has ${piece.shape[0] ?? 0} rows for ${rows[i]} rows of data`);
    if (piece.shape.slice(1).join() !== shape.join())
      throw inputError(`${name}: its shapes differ between the splits`);
  });
  const dtype = pieces.some((piece) => piece.dtype === "f32" || piece.dtype === "f64") ? "f32" : "i32";
  const total = rows.reduce((sum, n) => sum + n, 0);
  const out = ndarray<"f32" | "i32">(dtype, [total, ...shape]);
  let at = 0;
  for (const piece of pieces) {
    const values = numbers(piece);
    for (let i = 0; i < values.length; i++) {
      const v = values[i] as number;
      out.data[at + i] = v;
      if (Number.isFinite(dtype === "f32" ? out.data[at + i] : v) && (dtype === "f32" || v === (v | 0)))
        continue;
      throw inputError(`${name}: ${place(at + i, shape)} is ${v}, which ${dtype} cannot hold`);
    }
    at += sizeOf(piece.shape);
  }
  return out;
}
