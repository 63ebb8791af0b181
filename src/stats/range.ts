import { type Estimate, perSite } from "./estimate.ts";

/** A number that lies between two estimates; both are the same if it is known up to its own error. */
export interface Range {
  /** The lower end with its standard error. */
  readonly lower: Estimate;
  /** The upper end with its standard error. */
  readonly upper: Estimate;
}

/** The two ends in order: sides that meet may have passed each other by chance. */
export function between(a: Estimate, b: Estimate): Range {
  return a.value <= b.value ? { lower: a, upper: b } : { lower: b, upper: a };
}

/** A range of a total as the share of each of `n` sites. */
export function rangePerSite({ lower, upper }: Range, n: number): Range {
  return { lower: perSite(lower, n), upper: perSite(upper, n) };
}
