import { type Estimate, formatEstimate, perSite } from "../stats/index.ts";
import { type MeasureTraits, measureName } from "./measure.ts";

/** Errors of the held-out mean before training that a measure must rise by to count as worse. */
const SIGMAS = 3;

/** The watched measure before the first step of a fit and at its end; smaller is better. */
export interface WholeCourse {
  /** Before the first step. */
  readonly first: Estimate;
  /** For the kept parameters. */
  readonly kept: number;
  /** For the last parameters. */
  readonly last: number;
}

/** Names of the measure for the text of {@link divergence}. */
export interface WatchedBy {
  readonly name: string;
  readonly unit?: MeasureTraits["unit"] | undefined;
  readonly bound?: MeasureTraits["bound"] | undefined;
  /** Sites per row: nats are reported per site. */
  readonly sites: number;
}

/**
 * One line for a fit that ended worse on held-out rows than it began, or that was worse at the end than at the start although
 * better parameters are kept; undefined for all others.
 */
export function divergence({ first, kept, last }: WholeCourse, by: WatchedBy): string | undefined {
  const slack = Number.isFinite(first.error) ? SIGMAS * first.error : 0;
  const isWorse = (value: number) => value > first.value + slack;
  if (!Number.isFinite(first.value) || !(isWorse(kept) || isWorse(last))) return undefined;
  const isNats = by.unit === "nats";
  const n = isNats ? by.sites : 1;
  const what = `validation ${measureName(by.name, by.bound ? { bound: by.bound } : {})}${isNats ? " per site" : ""}`;
  const before = formatEstimate(perSite(first, n));
  const number = (value: number) => Number((value / n).toPrecision(5));
  return isWorse(kept)
    ? `training diverged: the ${what} is ${number(kept)}, and was ${before} before the first step; use a smaller learning rate, and check the units of the data`
    : `training went astray: the ${what} ended at ${number(last)}, above ${before} before the first step; the best parameters are kept (${number(kept)}); use a smaller learning rate`;
}
