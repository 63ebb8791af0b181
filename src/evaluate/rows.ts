import { type NDArray, ndarray, sizeOf } from "../array.ts";
import { type Dataset, takeRows } from "../data/dataset.ts";
import { type ChainSpacing, range, type SplitName } from "../data/splits.ts";
import { numbers } from "../data/values.ts";
import { inputError } from "../error.ts";
import { chainMean, type Estimate, independentMean, mean } from "../stats/index.ts";

/** A part of a dataset to look at: one of its splits, or every row. */
export type Part = SplitName | "all";

/** Rows of one part of a dataset, with what belongs to them. */
export interface PartRows {
  /** [rows, ...sites], as datasets store them. */
  readonly x: NDArray;
  /** `[rows, n]`, one number a site of the context's space. */
  readonly context?: NDArray<"f32">;
  /** The Markov chain each row belongs to. */
  readonly chain?: Int32Array;
  /** The τ and the thinning of those chains, where the dataset's meta tells them. */
  readonly spacing?: ChainSpacing;
}

/** The test split where a dataset has one, else every row. */
export function defaultPart(dataset: Dataset): Part {
  return dataset.splits.test.length > 0 ? "test" : "all";
}

/** The rows of one part; throws an input error where it is empty. */
export function partRows(dataset: Dataset, part: Part): PartRows {
  const { x, context, chain, splits, meta } = dataset;
  const which = part === "all" ? range(0, x.shape[0] as number) : splits[part];
  if (which.length === 0)
    throw inputError(`${dataset.name}: its ${part} split is empty (${splits.how}); choose another or all`);
  return {
    x: part === "all" ? x : takeRows(x, which),
    ...(context && { context: floats(takeRows(context, which)) }),
    ...(chain && { chain: Int32Array.from(which, (row) => chain[row] as number) }),
    ...(meta?.chain && { spacing: meta.chain }),
  };
}

/** A context as a model takes it: `f32`, `[rows, n]`. */
export function floats(context: NDArray): NDArray<"f32"> {
  const rows = context.shape[0] as number;
  const width = sizeOf(context.shape) / (rows || 1);
  return ndarray("f32", [rows, width], Float32Array.from(numbers(context)));
}

/** Chains from which on the spread of their means tells the error of the mean of all. */
export const enoughChains = 8;
/** Sweeps between rows, in τ, from which on rows count as independent where nothing better is known. */
const independentThinning = 2;

/**
 * The mean of one value a row, with the error that the rows' origin allows:
 *
 * - rows of no chain are independent;
 * - rows of chains have error² = 2τ var/n where the chains are long enough to tell τ ({@link chainMean}). Where
 *   `spacing` says that they were thinned by 2τ or more, the error of independent rows stands in for it where τ is
 *   not told, and bounds it from below;
 * - of other rows whose τ is not told, eight chains or more give an error by the spread of their means,
 *   error² = m/(m − 1) Σ_c (n_c/n)² (x̄_c − x̄)² over the m chains;
 * - else the error is NaN, unknown: that of independent rows would be too small.
 */
export function rowMean(values: Float64Array, chain?: Int32Array, spacing: ChainSpacing = {}): Estimate {
  const independent = independentMean(values);
  if (!chain) return independent;
  const chains = byChain(values, chain);
  const { value, error, reliable, tau } = chainMean(chains);
  if (isThinned(spacing))
    return reliable ? { value, error: Math.max(error, independent.error) } : independent;
  if (reliable) return { value, error };
  // Chains that do not move, τ being NaN, agree without being right.
  const known = chains.length >= enoughChains && !Number.isNaN(tau);
  return { value: independent.value, error: known ? errorBetween(chains, independent.value) : Number.NaN };
}

/** Whether rows of chains were thinned by so many τ that they count as independent where nothing better is known. */
export function isThinned({ tau, thinning }: ChainSpacing): boolean {
  return tau !== undefined && thinning !== undefined && thinning >= independentThinning * tau;
}

/** The error of the mean `value` over all rows, from the means of independent chains. */
function errorBetween(chains: readonly Float64Array[], value: number): number {
  const rows = chains.reduce((total, chain) => total + chain.length, 0);
  const squares = chains.reduce(
    (total, chain) => total + ((chain.length / rows) * (mean(chain) - value)) ** 2,
    0,
  );
  return Math.sqrt((chains.length / (chains.length - 1)) * squares);
}

/** Values by chain, each in the order of its rows. */
export function byChain(values: Float64Array, chain: Int32Array): Float64Array[] {
  const members = new Map<number, number[]>();
  values.forEach((value, row) => {
    const id = chain[row] as number;
    const series = members.get(id);
    if (series) series.push(value);
    else members.set(id, [value]);
  });
  return [...members.values()].map((series) => Float64Array.from(series));
}
