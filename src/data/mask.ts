import { type NDArray, ndarray, sizeOf } from "../array.ts";
import { counted } from "../counted.ts";
import { inputError } from "../error.ts";
import { numbers } from "./values.ts";

/** The rows that a mask belongs to. */
export interface Masked {
  /** Shape of the rows as the file has them, and as the space does: `[rows, ...sites]`. */
  readonly raw: readonly number[];
  readonly shape: readonly number[];
  /** Whether a mask of one row may apply to all rows. */
  readonly oneForAll?: boolean;
}

/**
 * Returns a mask as one 0 (unknown) or 1 (known) per site, `[rows, ...sites]`. It has the shape of the rows,
 * or of one row that applies to all. Throws input errors for another shape, including a transposed one, and
 * for other values.
 */
export function readMask(
  mask: NDArray,
  { raw, shape, oneForAll = false }: Masked,
  name: string,
): NDArray<"bool"> {
  const [rows = 0, ...sites] = shape;
  const width = sizeOf(sites);
  const is = (wanted: readonly number[]) => wanted.join() === mask.shape.join();
  const single = oneForAll && [raw.slice(1), sites, [width], [1, ...sites], [1, width]].some(is);
  if (!single && ![raw, shape, [rows, width]].some(is))
    throw inputError(
      `${name}: the mask has shape [${mask.shape.join(", ")}]; it needs one value for each of the ${rows} × ${width} ` +
        `sites${oneForAll ? `, or for the ${width} of one row` : ""}, in the shape of the data, [${shape.join(", ")}]`,
    );
  const values = numbers(mask);
  const other = values.findIndex((v: number) => v !== 0 && v !== 1);
  if (other >= 0)
    throw inputError(`${name}: the mask holds ${values[other]}; it is 1 (known) or 0 (unknown)`);
  const known = new Uint8Array(rows * width);
  for (let i = 0; i < known.length; i++) known[i] = values[single ? i % width : i] as number;
  return ndarray("bool", shape, known);
}

/**
 * Throws an input error if sites of a dataset's `rows` are unknown by its mask: their stored values are
 * meaningless. `who` accepts only complete rows.
 */
export function requireKnownSites(
  { name, mask, x }: { readonly name: string; readonly mask?: NDArray; readonly x: NDArray },
  rows: Iterable<number>,
  who: string,
): void {
  if (!mask) return;
  const known = numbers(mask);
  const width = sizeOf(x.shape.slice(1));
  let [incomplete, unknown, first] = [0, 0, -1];
  for (const row of rows) {
    let gaps = 0;
    for (let i = row * width; i < (row + 1) * width; i++) if (known[i] === 0) gaps++;
    if (gaps === 0) continue;
    if (first < 0) first = row;
    incomplete++;
    unknown += gaps;
  }
  if (incomplete > 0)
    throw inputError(
      `${name}: by its mask ${unknown} site${unknown === 1 ? " is" : "s are"} unknown in ${counted(incomplete, "row")}, ` +
        `the first in row ${first}; ${who} takes whole rows alone: leave these out, and draw what they lack by a fitted ` +
        "model (ansatz fill)",
    );
}
