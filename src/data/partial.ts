import { allocate, type NDArray, ndarray, sizeOf } from "../array.ts";
import { inputError } from "../error.ts";
import { type Encoding, encode } from "./encoding.ts";
import { describe, type Space, siteShape } from "./space.ts";
import { numbers, place } from "./values.ts";

/** Configurations of which some sites are not known. */
export interface Partial {
  /** `[rows, ...sites]` as datasets store them; the unknown sites hold some value of the space. */
  readonly values: NDArray;
  /** `[rows, ...sites]`: 1 where the site is known, 0 where it is not. */
  readonly known: NDArray<"f32">;
}

/**
 * Configurations with gaps from raw data: unknown sites are NaN, or those where `mask` is 0 or false (`[rows, ...]`, or
 * one row for all). Known sites are checked and encoded as {@link encode} does. Throws input errors for a mask of
 * another shape, and where every site is known.
 */
export function encodePartial(
  raw: NDArray,
  mask: NDArray | undefined,
  { space, encoding, name }: { readonly space: Space; readonly encoding: Encoding; readonly name: string },
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
  const masked = mask && maskValues(mask, rows, width, name);
  const known = ndarray("f32", [rows, ...shape]);
  const filled = allocate("f64", given.length);
  const filler = encoding === "pm1" ? -1 : 0;
  let gaps = 0;
  for (let i = 0; i < given.length; i++) {
    const v = given[i] as number;
    const isKnown = masked ? masked(i) : !Number.isNaN(v);
    if (isKnown && Number.isNaN(v))
      throw inputError(`${name}: ${place(i, shape)} is NaN, but the mask says that it is known`);
    known.data[i] = isKnown ? 1 : 0;
    filled[i] = isKnown ? v : filler;
    if (!isKnown) gaps++;
  }
  if (gaps === 0)
    throw inputError(
      `${name}: every site is known: there is nothing to fill (unknown sites are NaN, or 0 in --mask)`,
    );
  return { values: encode(ndarray("f64", [rows, ...shape], filled), space, encoding, name, true), known };
}

/** A mask as a function of the flat site: of every row, or of one row that stands for all. */
function maskValues(mask: NDArray, rows: number, width: number, name: string): (i: number) => boolean {
  const values = numbers(mask);
  if (values.length !== rows * width && values.length !== width)
    throw inputError(
      `${name}: the mask has shape [${mask.shape.join(", ")}]; it needs one value for each of the ${rows} × ${width} ` +
        `sites, or for the ${width} of one row`,
    );
  const other = values.findIndex((v: number) => v !== 0 && v !== 1);
  if (other >= 0)
    throw inputError(`${name}: the mask holds ${values[other]}; it is 1 (known) or 0 (unknown)`);
  return (i) => values[i % values.length] === 1;
}
