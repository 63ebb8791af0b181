import { type NDArray, rowsBetween } from "../../array.ts";
import { usageError } from "../../error.ts";
import type { Spacing } from "../../stats/index.ts";
import { contextGroups } from "./given-context.ts";
import { findRowOrder, measureChains, type RowOrder, type Rows } from "./row-order.ts";

/**
 * Dependence between the rows of a file, as its reader knows it: `independent`; Markov chains, `chains` of
 * them side by side (row r is of chain r mod `chains`), with a `tau` in rows of one chain; or `stored`, only
 * the chains that the file names. Omitted numbers are measured.
 */
export type RowsRequest =
  | "independent"
  | "stored"
  | {
      /** Number of chains side by side (default: measured). */
      readonly chains?: number | undefined;
      /** Integrated autocorrelation time, in rows of one chain (default: measured). */
      readonly tau?: number | undefined;
    };

/** Rows of Markov chains, `chains` of them side by side; `tau` is in rows of one. */
export interface ChainRows {
  /** These rows are of Markov chains. */
  readonly rows: "chain";
  /** Number of chains: row r is of chain r mod `chains`. */
  readonly chains: number;
  /** Integrated autocorrelation time, in rows of one chain; ½ for independent rows. */
  readonly tau: number;
  /** One line for people: what is so, and what follows. */
  readonly note: string;
}

/** The order of a dataset's rows, as found or as declared. */
export type DatasetOrder =
  | ChainRows
  | {
      /** Rows do not depend on one another. */
      readonly rows: "independent";
    }
  | {
      /** Rows drift or are sorted, but are no chains that errors could allow for. */
      readonly rows: "ordered";
      /** One line for people: what was seen, and what follows. */
      readonly note: string;
    };

/** Rows in τ below which errors are unknown. */
const enoughTaus = 50;
/** Rows of equal context in a run from which on each run is a chain. */
const enoughInRun = 20;

/**
 * Returns the spacing of the rows in a dataset's chains, from its file or from their order; undefined if
 * nothing is known.
 */
export function rowSpacing({
  meta,
  order,
}: {
  readonly meta?: { readonly chain?: Spacing | undefined } | undefined;
  readonly order?: DatasetOrder | undefined;
}): Spacing | undefined {
  return meta?.chain ?? (order?.rows === "chain" ? spacingOf(order) : undefined);
}

/** Returns the autocorrelation of chains in the form that splits and errors take. */
export function spacingOf({ tau }: ChainRows): Spacing {
  return { tau, thinning: 1, isMeasured: true };
}

/**
 * The order of rows that came in parts of `sizes` rows, each looked at by itself; undefined if it shows nothing. Throws a
 * usage error for a request for more chains than rows.
 */
export function orderOf(
  rows: Rows,
  sizes: readonly number[],
  options: { readonly name: string; readonly isGiven: boolean; readonly request?: RowsRequest },
): DatasetOrder | undefined {
  const { request, name, isGiven } = options;
  if (request === "stored") return undefined;
  if (request === "independent") return { rows: "independent" };
  const parts = partsOf(rows, sizes);
  if (request) {
    const most = Math.max(...sizes);
    if (request.chains !== undefined && !(Number.isInteger(request.chains) && request.chains >= 1))
      throw usageError(`chains: a whole number of at least 1, not ${request.chains}`);
    if (request.chains !== undefined && request.chains > most)
      throw usageError(`${name}: has ${most} rows, too few for ${request.chains} chains`);
    const { chains = 1, tau: known } = request;
    if (request.chains !== undefined && known !== undefined)
      return chainRows({ chains, tau: known }, sizes, options);
    const all = parts.map((part) => measureChains(part, request.chains));
    return chainRows({ chains: longest(all, sizes).chains, tau: known ?? longestTau(all) }, sizes, options);
  }
  const found = parts.map(findRowOrder);
  const chains = found.flatMap((order, i) =>
    order.kind === "chain" ? [{ order, rows: sizes[i] as number }] : [],
  );
  if (chains.length > 0) {
    const all = chains.map(({ order }) => order);
    const { chains: count } = longest(
      all,
      chains.map((part) => part.rows),
    );
    return chainRows({ chains: count, tau: longestTau(all) }, sizes, options);
  }
  if (isGiven || !found.some((order: RowOrder) => order.kind === "ordered")) return undefined;
  return {
    rows: "ordered",
    note:
      `note: the rows of ${name} are sorted, grouped or drift. They are split at random, so similar rows ` +
      "may be in both training and test data",
  };
}

const longestTau = (all: readonly { readonly tau: number }[]) => Math.max(...all.map(({ tau }) => tau));
const longest = <T>(all: readonly T[], sizes: readonly number[]): T =>
  all[sizes.indexOf(Math.max(...sizes))] as T;

function chainRows(
  { chains, tau }: { readonly chains: number; readonly tau: number },
  sizes: readonly number[],
  {
    name,
    isGiven,
    request,
  }: { readonly name: string; readonly isGiven: boolean; readonly request?: RowsRequest },
): ChainRows {
  const rows = sizes.reduce((sum, size) => sum + size, 0);
  const what = chains === 1 ? "one Markov chain" : `${chains} Markov chains side by side`;
  const is = request ? "are" : "look like";
  const time = tau < 10 ? Number(tau.toPrecision(2)) : Math.round(tau);
  const few =
    rows < enoughTaus * tau ? `; they span ${Math.floor(rows / tau)} τ, too few to estimate errors` : "";
  const split = isGiven ? "split as given" : "split in blocks of time";
  const otherwise = request ? "" : " (--rows independent splits at random)";
  return {
    rows: "chain",
    chains,
    tau,
    note: `note: the rows of ${name} ${is} ${what}, τ = ${time} rows: ${split}, errors by autocorrelation${few}${otherwise}`,
  };
}

/** The rows of each part. */
function partsOf({ x, space, context }: Rows, sizes: readonly number[]): Rows[] {
  let end = 0;
  return sizes.map((size) => {
    const from = end;
    end += size;
    return {
      x: rowsBetween(x, from, end),
      space,
      ...(context && { context: rowsBetween(context, from, end) }),
    };
  });
}

/**
 * The chain of each row, numbered from 0: `chains` of them side by side in each part, and in each long run of rows with
 * equal contexts.
 */
export function chainIdsOf(
  { chains }: Pick<ChainRows, "chains">,
  sizes: readonly number[],
  context?: NDArray,
): Int32Array {
  const rows = sizes.reduce((sum, size) => sum + size, 0);
  const groups = context && contextGroups(context);
  const starts: number[] = [];
  let end = 0;
  for (const size of sizes) {
    starts.push(end);
    end += size;
  }
  if (groups) {
    const changes = Array.from({ length: rows }, (_, r) => r).filter(
      (r) => r > 0 && groups[r] !== groups[r - 1],
    );
    if (rows / (changes.length + 1) >= enoughInRun)
      starts.splice(0, starts.length, ...[...new Set([...starts, ...changes])].sort((a, b) => a - b));
  }
  const ids = new Int32Array(rows);
  starts.forEach((start, piece) => {
    const stop = starts[piece + 1] ?? rows;
    for (let r = start; r < stop; r++) ids[r] = piece * chains + ((r - start) % chains);
  });
  return ids;
}
