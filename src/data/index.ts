/**
 * Spaces, datasets, splits, batches, symmetries and file formats.
 *
 * @module ansatz/data
 */

export { takeRows } from "../array.ts";
export * from "./batches.ts";
export { admits, check } from "./check.ts";
export * from "./dataset.ts";
export * from "./encoding.ts";
export { fileOf } from "./file.ts";
export * from "./formats/index.ts";
export { requireKnownSites } from "./mask.ts";
export * from "./measurements/index.ts";
export * from "./meta.ts";
export { addOffsets, columnOffsets, subtractOffsets } from "./offset.ts";
export type { ChainRows, DatasetOrder, RowsRequest } from "./order/dataset-order.ts";
export { findRowOrder, type RowOrder, type Rows } from "./order/row-order.ts";
export { encodePartial, type Partial } from "./partial.ts";
export * from "./sequence.ts";
export * from "./space.ts";
export * from "./space-schema.ts";
export * from "./splits.ts";
export * from "./symmetry.ts";
