import { type NDArray, rowsBetween, sizeOf, takeRows } from "../../array.ts";
import { autocorrelationTime } from "../../stats/autocorrelation.ts";
import { directProduct, transformedProducts } from "../../stats/autocovariance.ts";
import type { Space } from "../space.ts";
import { comesBack } from "./comes-back.ts";
import { equalRows, isSorted } from "./equal-rows.ts";
import { contextGroups, givenContext, isSortedBy, ranksWithin } from "./given-context.ts";
import { jumps } from "./jumps.ts";
import { ranks } from "./ranks.ts";
import { rowSeries } from "./row-series.ts";

/**
 * The structure in the order of rows:
 *
 * - `independent`: none, or the order of the contexts alone;
 * - `counts`: equal rows are adjacent, or all rows are sorted: a table of counts;
 * - `ordered`: rows drift, or are sorted by something such as a label; rows next to each other differ
 *   freely, or belong to small groups of similar rows that resemble other groups, as pictures in all their
 *   colours do;
 * - `chain`: each row resembles the one `chains` rows before it: Markov chains side by side, or one chain.
 *   `tau` is their longest integrated autocorrelation time, in rows of one chain.
 */
export type RowOrder =
  | {
      /** The structure, other than chains. */
      readonly kind: "independent" | "counts" | "ordered";
    }
  | {
      /** The rows are of Markov chains. */
      readonly kind: "chain";
      /** Number of chains that lie side by side. */
      readonly chains: number;
      /** Their longest integrated autocorrelation time, in rows of one chain. */
      readonly tau: number;
    };

/** Rows, and what each is conditioned on. */
export interface Rows {
  /** `[rows, ...sites]` as datasets store them. */
  readonly x: NDArray;
  /** The space of one row. */
  readonly space: Space;
  /** The context of each row, `[rows, ...]`; its effect on the rows is subtracted first. */
  readonly context?: NDArray | undefined;
}

/** Rows below which their order shows nothing. */
const fewest = 100;
/**
 * Maximum numbers of rows and of values examined, from the first row on: enough to decide, in less than a
 * second.
 */
const [mostRows, mostValues] = [2 ** 15, 2 ** 22];
/** An autocorrelation is suspicious if it is larger than both, the first in units of its error 1/√n. */
const [sigmas, least] = [6, 0.1];
/** The part of a chain that a running mean is taken over, and the fewest rows of it. */
const [windowShare, shortestWindow] = [50, 11];
/**
 * Autocorrelation of neighbours that a chain has left when its running mean is taken off: of the median series, or else of
 * one of them. Photographs by person and digits by writer have up to 0.15 and 0.26.
 */
const [leftOfMost, leftOfOne] = [0.2, 0.35];
/** The fraction of jumps from which on rows that come back are groups: of 20 rows on average, or fewer. */
const groupsFrom = 0.05;
/** Repeats of each row on average from which on a table of counts needs no other sign. */
const manyRepeats = 10;

/**
 * Finds out what the order of rows shows, by rank autocorrelations of {@link rowSeries} at lags up to a quarter of the rows,
 * given the contexts. Of independent rows the ranks are exchangeable, whatever their distribution, so that fewer than one
 * data set in a thousand looks like anything else. A chain that was shuffled shows nothing.
 */
export function findRowOrder(rows: Rows): RowOrder {
  if ((rows.x.shape[0] as number) < fewest) return { kind: "independent" };
  const seen = firstRows(rows);
  const suspicious = suspiciousSeries(seen);
  if (suspicious.length === 0) return { kind: "independent" };
  if (isTableOfCounts(seen)) return { kind: "counts" };
  const chains = chainsSideBySide(suspicious);
  const series = suspicious.map(({ values }) => values);
  const left = series.map((values) => leftAfterRunningMean(sideBySide(values, chains))).sort((a, b) => b - a);
  const staysNear = (left[0] as number) > leftOfOne || (left[left.length >> 1] as number) > leftOfMost;
  const isGrouped = () =>
    series.some((values) => comesBack(sideBySide(values, chains))) &&
    jumps(seen.x, seen.space, chains) > groupsFrom;
  if (staysNear && !isGrouped()) return { kind: "chain", chains, tau: longestTau(series, chains) };
  return { kind: isOrderOfContext(seen) ? "independent" : "ordered" };
}

/**
 * Rows that are known to be chains: how many lie side by side, if that is not given, and their longest autocorrelation
 * time, at least ½.
 */
export function measureChains(rows: Rows, given?: number): { readonly chains: number; readonly tau: number } {
  const seen = firstRows(rows);
  const chains = given ?? chainsSideBySide(suspiciousSeries(seen));
  return { chains, tau: longestTau(seriesOf(seen), chains) };
}

/** As many rows from the first on as are looked at. */
function firstRows({ x, space, context }: Rows): Rows {
  const rows = x.shape[0] as number;
  const sites = sizeOf(x.shape.slice(1));
  const count = Math.min(rows, mostRows, Math.max(2000, Math.floor(mostValues / sites)));
  if (count === rows) return { x, space, context };
  return { x: rowsBetween(x, 0, count), space, ...(context && { context: rowsBetween(context, 0, count) }) };
}

/** Ranks of the numbers of each row, if they vary; none if contexts are too rich to be taken into account. */
function seriesOf({ x, space, context }: Rows): Float64Array[] {
  const raw = rowSeries(x, space);
  const series = context ? givenContext(raw, context) : raw;
  return (series ?? []).map(ranks).filter((values) => values.some((value) => value !== 0));
}

interface Suspicion {
  readonly values: Float64Array;
  /** The first lag with the largest autocorrelation; `rho` is that autocorrelation. */
  readonly lag: number;
  readonly rho: number;
}

/**
 * Whether the rows show the order of their contexts, if subtracting means or a line does not remove it:
 * spreads and skews differ, and trends are curved.
 */
function isOrderOfContext({ x, space, context }: Rows): boolean {
  if (!context) return false;
  const within = rowSeries(x, space).map((values) => ranksWithin(values, context));
  return within.every((values) => values !== undefined)
    ? suspicionsOf(within).length === 0
    : isSortedBy(context);
}

const suspiciousSeries = (rows: Rows): Suspicion[] => suspicionsOf(seriesOf(rows));

function suspicionsOf(series: readonly Float64Array[]): Suspicion[] {
  return series.flatMap((values) => {
    const n = values.length;
    const products = transformedProducts([values]);
    const variance = (products[0] as number) / n;
    const rho = (lag: number) => (products[lag] as number) / (n - lag) / variance;
    let largest = 0;
    for (let lag = 1; lag <= n / 4; lag++)
      if (rho(lag) > least && rho(lag) * Math.sqrt(n - lag) > sigmas) largest = Math.max(largest, rho(lag));
    if (largest === 0) return [];
    let lag = 1;
    while (rho(lag) < largest - 2 / Math.sqrt(n)) lag++;
    return [{ values, lag, rho: rho(lag) }];
  });
}

/** The number of chains side by side, by the most suspicious series; 1 if there is only one. */
function chainsSideBySide(suspicious: readonly Suspicion[]): number {
  const most = Math.max(...suspicious.map(({ rho }) => rho));
  return suspicious.find(({ rho }) => rho === most)?.lag ?? 1;
}

/**
 * Whether the rows are a table of counts, or several one after the other: every distinct row has one run, or
 * rows are repeated many times, and nothing is left without the repeats; or the rows are sorted. A chain that
 * rejects proposals repeats rows too, but is a chain without its repeats.
 */
function isTableOfCounts({ x, space, context }: Rows): boolean {
  const groups = context && contextGroups(context);
  const { starts, distinct } = equalRows(x, groups);
  const rows = x.shape[0] as number;
  if (isSorted(x, groups)) return true;
  const isOften = starts.length * manyRepeats <= rows;
  if (starts.length !== distinct ? !isOften : distinct === rows) return false;
  if (starts.length === distinct && (isOften || isByFrequency(starts, rows))) return true;
  const once = { x: takeRows(x, starts), space, ...(context && { context: takeRows(context, starts) }) };
  return isOften ? findRowOrder(once).kind !== "chain" : suspiciousSeries(once).length === 0;
}

/** Whether runs become no longer, or no shorter, from each to the next. */
function isByFrequency(starts: Uint32Array, rows: number): boolean {
  const lengths = Array.from(starts, (start, i) => (starts[i + 1] ?? rows) - start);
  return [1, -1].some((way) =>
    lengths.every((length, i) => i === 0 || way * (length - (lengths[i - 1] as number)) >= 0),
  );
}

/** Every `chains`-th value, from each of the first ones on. */
function sideBySide(values: Float64Array, chains: number): Float64Array[] {
  return Array.from({ length: chains }, (_, c) => values.filter((_, r) => r % chains === c));
}

/** The autocorrelation of neighbours in chains once a running mean is taken off each. */
function leftAfterRunningMean(chains: readonly Float64Array[]): number {
  const left = chains.map((values) => {
    const half = Math.max(shortestWindow, Math.round(values.length / windowShare)) >> 1;
    const sums = new Float64Array(values.length + 1);
    values.forEach((value, i) => {
      sums[i + 1] = (sums[i] as number) + value;
    });
    return values.map((value, i) => {
      const [from, to] = [Math.max(0, i - half), Math.min(values.length, i + half + 1)];
      return value - ((sums[to] as number) - (sums[from] as number)) / (to - from);
    });
  });
  return directProduct(left, 1) / directProduct(left, 0);
}

function longestTau(series: readonly Float64Array[], chains: number): number {
  const taus = series.map((values) => autocorrelationTime(sideBySide(values, chains)).tau);
  return Math.max(0.5, ...taus.filter(Number.isFinite));
}
