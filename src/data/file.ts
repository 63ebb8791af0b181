import { type NDArray, ndarray } from "../array.ts";
import { type Dataset, takeRows } from "./dataset.ts";
import { decode } from "./encoding.ts";
import type { DataFile, DataKey } from "./formats/format.ts";
import { metaVersion } from "./meta.ts";
import type { Space } from "./space.ts";

/** The arrays and meta from which `makeDataset` makes the same dataset again. */
export function fileOf(dataset: Dataset): DataFile {
  const { x, space, encoding, splits, context, contextSpace, mask, chain, meta } = dataset;
  const arrays: { [K in DataKey]?: NDArray } = {};
  if (splits.by === "given") {
    for (const part of ["train", "valid", "test"] as const) {
      const rows = splits[part];
      if (rows.length === 0) continue;
      arrays[part] = decode(takeRows(x, rows), encoding);
      if (context) arrays[`${part}_context`] = takeRows(context, rows);
    }
    // Rows were perhaps moved from train to valid: what goes with them follows.
    const order = Uint32Array.from([...splits.train, ...splits.valid, ...splits.test]);
    if (chain) arrays.chain = takeRows(ndarray("i32", [chain.length], chain), order);
    if (mask) arrays.mask = takeRows(mask, order);
  } else {
    arrays.x = decode(x, encoding);
    if (context) arrays.context = context;
    if (chain) arrays.chain = ndarray("i32", [chain.length], chain);
    if (mask) arrays.mask = mask;
  }
  // Completions are rows by now.
  const { completions: _, ...rest } = meta ?? {};
  const said = contextSpace && !isPlain(contextSpace) && { context: contextSpace };
  return { arrays, meta: { ...rest, version: metaVersion, space, encoding, ...said } };
}

/** Whether a space is what contexts are taken for where a file does not say. */
const isPlain = (space: Space) => space.kind === "real" && !space.bounds;
