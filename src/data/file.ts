import { type NDArray, ndarray, takeRows } from "../array.ts";
import type { Dataset } from "./dataset.ts";
import { decode } from "./encoding.ts";
import type { DataFile, DataKey } from "./formats/format.ts";
import { type DatasetMeta, metaVersion } from "./meta.ts";
import { addOffsets } from "./offset.ts";
import { isPlain } from "./space.ts";

/** The rows of a dataset as its file holds them: decoded, and with what was subtracted from columns. */
export function rowsAsWritten({
  x,
  encoding,
  offset,
}: Pick<StoredRows, "x" | "encoding" | "offset">): NDArray {
  return offset?.length ? addOffsets(x, offset) : decode(x, encoding);
}

/** Rows as stored in memory, with all their arrays except the splits. */
export interface StoredRows
  extends Pick<
    Dataset,
    "x" | "space" | "encoding" | "columns" | "context" | "contextSpace" | "mask" | "chain" | "parent" | "meta"
  > {
  /** The number that was subtracted from each column; empty if nothing was. */
  readonly offset?: ArrayLike<number>;
}

/** The arrays and meta from which `makeDataset` makes the same dataset again. */
export function fileOf(dataset: Dataset): DataFile {
  const { x, splits, context, mask, chain, parent } = dataset;
  if (splits.by !== "given") return fileOfRows(dataset);
  const arrays: { [K in DataKey]?: NDArray } = {};
  for (const part of ["train", "valid", "test"] as const) {
    const rows = splits[part];
    if (rows.length === 0) continue;
    arrays[part] = rowsAsWritten({ ...dataset, x: takeRows(x, rows) });
    if (context) arrays[`${part}_context`] = takeRows(context, rows);
  }
  // Rows were perhaps moved from train to valid: what goes with them follows.
  const order = Uint32Array.from([...splits.train, ...splits.valid, ...splits.test]);
  if (chain) arrays.chain = takeRows(ndarray("i32", [chain.length], chain), order);
  if (parent) arrays.parent = takeRows(ndarray("i32", [parent.length], parent), order);
  if (mask) arrays.mask = takeRows(mask, order);
  return { arrays, meta: metaOf(dataset) };
}

/** The arrays and meta of rows that are not split, such as those that a model drew. */
export function fileOfRows(rows: StoredRows): DataFile {
  const { context, mask, chain, parent } = rows;
  return {
    arrays: {
      x: rowsAsWritten(rows),
      ...(context && { context }),
      ...(chain && { chain: ndarray("i32", [chain.length], chain) }),
      ...(parent && { parent: ndarray("i32", [parent.length], parent) }),
      ...(mask && { mask }),
    },
    meta: metaOf(rows),
  };
}

function metaOf({ space, encoding, columns, contextSpace, meta }: StoredRows): DatasetMeta {
  // Completions are rows by now.
  const { completions: _, ...rest } = meta ?? {};
  const said = contextSpace && !isPlain(contextSpace) && { context: contextSpace };
  return {
    ...rest,
    version: metaVersion,
    space,
    encoding,
    ...(columns && { columns: [...columns] }),
    ...said,
  };
}
