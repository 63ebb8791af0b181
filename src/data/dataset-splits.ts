import type { NDArray } from "../array.ts";
import { inputError } from "../error.ts";
import type { Key } from "../random/key.ts";
import type { DatasetMeta } from "./meta.ts";
import { type ChainRows, spacingOf } from "./order/dataset-order.ts";
import type { Part } from "./parts.ts";
import { blockSplits, chainSplits, holdOut, holdOutBlocks, range, type Splits } from "./splits.ts";
import { numbers } from "./values.ts";

/** Splits of rows that are found to be chains: those side by side whole, as any others; within equal contexts by time. */
export function foundSplits(found: ChainRows, chain: Int32Array, key: Key): Splits {
  const isByContext = chain.some((id) => id >= found.chains);
  return isByContext ? blockSplits(chain, spacingOf(found)) : chainSplits(chain, key, spacingOf(found));
}

/** Splits as the file gives them; a missing `valid` is a tenth of `train`, of chains its last tenth in time. */
export function givenSplits(
  parts: readonly Part[],
  key: Key,
  chains?: { readonly found: ChainRows; readonly chain: Int32Array },
): Splits {
  let end = 0;
  const rows = { train: range(0, 0), valid: range(0, 0), test: range(0, 0) };
  for (const { part, raw } of parts) {
    const start = end;
    end += raw.shape[0] as number;
    rows[part] = range(start, end);
  }
  const by = "given";
  const how = `given: ${parts.map((part) => part.part).join(", ")}`;
  if (rows.valid.length > 0) return { ...rows, by, how };
  const { kept, held } = chains
    ? holdOutBlocks(chains.chain.subarray(0, rows.train.length), spacingOf(chains.found))
    : holdOut(rows.train, key);
  const tenth = chains ? "the last tenth of train" : "a tenth of train at random";
  return {
    train: kept,
    valid: held,
    test: rows.test,
    by,
    how: `${how}; valid is ${tenth}`,
  };
}

/**
 * Returns the chain of each row; `array` has one entry per row, or one for each block of equally many rows.
 */
export function chainIds(
  array: NDArray | undefined,
  meta: DatasetMeta | undefined,
  rows: number,
  name: string,
): Int32Array | undefined {
  // Without ids, rows of a chain (or of several, side by side or one after the other) are cut as one sequence.
  if (!array) return meta?.chain ? new Int32Array(rows) : undefined;
  const ids = numbers(array);
  const block = rows / ids.length;
  if (array.shape.length !== 1 || !Number.isInteger(block))
    throw inputError(
      `${name}: chain has shape [${array.shape.join(", ")}]; give one entry for each of the ${rows} rows`,
    );
  return Int32Array.from({ length: rows }, (_, r) => ids[Math.floor(r / block)] as number);
}

/** The parent of each row, by its number; undefined if the file names none. */
export function parentIds(array: NDArray | undefined, rows: number, name: string): Int32Array | undefined {
  if (!array) return undefined;
  if (array.shape.length !== 1 || array.shape[0] !== rows)
    throw inputError(
      `${name}: parent has shape [${array.shape.join(", ")}]; give one entry for each of the ${rows} rows`,
    );
  return Int32Array.from(numbers(array));
}
