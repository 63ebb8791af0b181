import { allocate, type NDArray, ndarray, sizeOf } from "../array.ts";
import { inputError } from "../error.ts";
import { type Encoding, encode } from "./encoding.ts";
import { readMask } from "./mask.ts";
import { describe, type Space, siteShape } from "./space.ts";
import { numbers, place } from "./values.ts";

/** Configurations with some unknown sites. */
export interface Partial {
  /** `[rows, ...sites]` as datasets store them; the unknown sites hold some value of the space. */
  readonly values: NDArray;
  /** `[rows, ...sites]`: 1 for a known site, 0 for an unknown one. */
  readonly known: NDArray<"f32">;
}

/**
 * Returns configurations with gaps from raw data: unknown sites are NaN, or those with `mask` 0 or false
 * (`[rows, ...]`, or one row for all; see {@link readMask}). Known sites are checked and encoded by
 * {@link encode}. Throws input errors for a mask of another shape, and if every site is known.
 */
export function encodePartial(
  raw: NDArray,
  mask: NDArray | undefined,
  {
    space,
    encoding,
    name,
    offset = [],
  }: {
    readonly space: Space;
    readonly encoding: Encoding;
    readonly name: string;
    /** The number subtracted from each column; empty for none. */
    readonly offset?: readonly number[];
  },
): Partial {
  const given = numbers(raw);
  const rows = raw.shape[0] ?? 0;
  const shape = siteShape(space);
  const width = sizeOf(shape);
  if (rows === 0) throw inputError(`${name}: holds no rows; there is nothing to fill`);
  if (rows * width !== given.length)
    throw inputError(
      `${name}: a row has ${given.length / Math.max(1, rows)} values; ${describe(space)} needs ${width}`,
    );
  const masked =
    mask && readMask(mask, { raw: raw.shape, shape: [rows, ...shape], oneForAll: true }, name).data;
  const known = ndarray("f32", [rows, ...shape]);
  const filled = allocate("f64", given.length);
  const filler = encoding === "pm1" ? -1 : 0;
  let gaps = 0;
  for (let i = 0; i < given.length; i++) {
    const v = given[i] as number;
    const isKnown = masked ? masked[i] === 1 : !Number.isNaN(v);
    if (isKnown && Number.isNaN(v))
      throw inputError(`${name}: ${place(i, shape)} is NaN, but the mask says that it is known`);
    known.data[i] = isKnown ? 1 : 0;
    filled[i] = isKnown ? v - (offset[i % width] ?? 0) : filler;
    if (!isKnown) gaps++;
  }
  if (gaps === 0)
    throw inputError(
      `${name}: every site is known; there is nothing to fill (unknown sites are NaN, or 0 in --mask)`,
    );
  return { values: encode(ndarray("f64", [rows, ...shape], filled), space, encoding, name, true), known };
}
