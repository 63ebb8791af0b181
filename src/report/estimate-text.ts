import { type Estimate, formatEstimate, type Range } from "../stats/index.ts";
import { trueMinus } from "./figures/format.ts";

/** Why an estimate has no error. */
const oneRow = "one row tells no error";

/** Counts things of a kind in words; for a single one, adds that it gives no error. */
export const countOf = (n: number, what: string) => (n === 1 ? `1 ${what}: ${oneRow}` : `${n} ${what}s`);

/**
 * Returns an estimate for readers: a true minus sign, and for an unknown error the reason (too few `rows`).
 */
export function estimateText(estimate: Estimate, rows?: number): string {
  const text = trueMinus(formatEstimate(estimate));
  return rows === 1 && Number.isNaN(estimate.error) ? `${text} (${oneRow})` : text;
}

/** A range as text: `between 0.54 ± 0.01 and 0.56 ± 0.02`. */
export function betweenText({ lower, upper }: Range): string {
  return `between ${estimateText(lower)} and ${estimateText(upper)}`;
}
