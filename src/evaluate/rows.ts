import { type NDArray, ndarray, sizeOf, takeRows } from "../array.ts";
import type { Dataset } from "../data/dataset.ts";
import { requireKnownSites } from "../data/mask.ts";
import { rowSpacing } from "../data/order/dataset-order.ts";
import { range, type SplitName } from "../data/splits.ts";
import { numbers } from "../data/values.ts";
import { inputError } from "../error.ts";
import type { Spacing } from "../stats/index.ts";

/** A part of a dataset to look at: one of its splits, or every row. */
export type Part = SplitName | "all";

/** Rows of one part of a dataset, with what belongs to them. */
export interface PartRows {
  /** [rows, ...sites], as datasets store them. */
  readonly x: NDArray;
  /** `[rows, n]`, one number per site of the context's space. */
  readonly context?: NDArray<"f32">;
  /** The Markov chain each row belongs to. */
  readonly chain?: Int32Array;
  /** The parent that each row was cut from; rows of one parent depend on each other. */
  readonly parent?: Int32Array;
  /** The τ and the thinning of those chains, if the dataset's meta has them. */
  readonly spacing?: Spacing;
}

/** Returns the test split if the dataset has one, else every row. */
export function defaultPart(dataset: Dataset): Part {
  return dataset.splits.test.length > 0 ? "test" : "all";
}

/** Returns the rows of one part; throws an input error if it is empty or some of its sites are unknown. */
export function partRows(dataset: Dataset, part: Part): PartRows {
  const { x, context, chain, parent, splits } = dataset;
  const spacing = rowSpacing(dataset);
  const which = part === "all" ? range(0, x.shape[0] as number) : splits[part];
  if (which.length === 0)
    throw inputError(`${dataset.name}: its ${part} split is empty (${splits.how}); choose another or all`);
  requireKnownSites(dataset, which, "a comparison");
  return {
    x: part === "all" ? x : takeRows(x, which),
    ...(context && { context: floats(takeRows(context, which)) }),
    ...(chain && { chain: Int32Array.from(which, (row) => chain[row] as number) }),
    ...(parent && { parent: Int32Array.from(which, (row) => parent[row] as number) }),
    ...(spacing && { spacing }),
  };
}

/** A context as a model takes it: `f32`, `[rows, n]`. */
export function floats(context: NDArray): NDArray<"f32"> {
  const rows = context.shape[0] as number;
  const width = sizeOf(context.shape) / (rows || 1);
  return ndarray("f32", [rows, width], Float32Array.from(numbers(context)));
}
