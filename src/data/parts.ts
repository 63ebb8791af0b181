import { type NDArray, sizeOf } from "../array.ts";
import { inputError } from "../error.ts";
import type { DataFile } from "./formats/format.ts";
import type { SplitName } from "./splits.ts";

/** Rows of a file as written: those of one split, or all. */
export interface Part {
  readonly part: SplitName;
  readonly raw: NDArray;
  readonly name: string;
}

/** The arrays of a file, completions of one row taken as a row each; throws an input error for rows that come twice. */
export function apart({ arrays, meta }: DataFile, name: string): DataFile["arrays"] {
  for (const [whole, suffix] of [
    ["x", ""],
    ["context", "_context"],
  ] as const) {
    const part = (["train", "valid", "test"] as const).find((split) => arrays[`${split}${suffix}`]);
    if (arrays[whole] && part)
      throw inputError(
        `${name}: has both ${whole} and ${part}${suffix}; save the rows in one piece or split, not both`,
      );
  }
  const { x } = arrays;
  if (!x || meta?.completions === undefined) return arrays;
  const [rows = 0, each, ...sites] = x.shape;
  if (each !== meta.completions)
    throw inputError(
      `${name}: has shape [${x.shape.join(", ")}]; by its meta.json each row has ${meta.completions} completions`,
    );
  return { ...arrays, x: { ...x, shape: [rows * each, ...sites] } as NDArray };
}

/**
 * Returns the rows of a file by split, in the order train, valid, test; for a file without splits, all rows
 * as `train` with `isGiven` false. `names` are the names of the splits' own files. Throws an input error for
 * arrays that are not rows.
 */
export function partsOf(
  arrays: DataFile["arrays"],
  name: string,
  names: { readonly [P in SplitName]?: string | undefined } | undefined,
): { readonly parts: readonly Part[]; readonly isGiven: boolean } {
  const given = (["train", "valid", "test"] as const).flatMap((part) => {
    const raw = arrays[part];
    return raw ? [{ part, raw, name: names?.[part] ?? `${name} (${part})` }] : [];
  });
  const isGiven = given.length > 0;
  const parts = isGiven ? given : arrays.x ? [{ part: "train" as const, raw: arrays.x, name }] : [];
  for (const { raw, name } of parts) checkRows(raw, name);
  return { parts, isGiven };
}

function checkRows(raw: NDArray, name: string): void {
  const shape = `[${raw.shape.join(", ")}]`;
  if (raw.shape.length < 2)
    throw inputError(`${name}: has shape ${shape}; data is [rows, ...sites] (reshape it to rows first)`);
  if (sizeOf(raw.shape) === 0) throw inputError(`${name}: has shape ${shape}, which holds no values`);
}
