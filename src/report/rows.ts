import { formatEstimate, sigmasFrom } from "../stats/estimate.ts";
import { formatNumber, trueMinus } from "./figures/format.ts";
import type { NumberRow } from "./report.ts";

/** Headings of the numbers table, in order. */
export const headings = ["quantity", "estimate", "reference", "difference", "note"] as const;

/** The texts of one row of the numbers table, under {@link headings}. */
export type RowTexts = readonly [
  name: string,
  estimate: string,
  reference: string,
  difference: string,
  note: string,
];

/** Text of an empty cell. */
export const nothing = "–";

/**
 * How far a row's estimate lies from its reference in units of the error of their difference, positive when the
 * estimate is above; undefined without a reference or without a positive, finite error beyond rounding.
 */
export function sigmasOf({ estimate, reference }: NumberRow): number | undefined {
  if (!reference) return undefined;
  return sigmasFrom(estimate, { value: reference.value, error: reference.error ?? 0 });
}

/** The texts of one row, not yet escaped for any medium. */
export function rowTexts(row: NumberRow): RowTexts {
  const sigma = sigmasOf(row);
  const signed = sigma === undefined ? nothing : `${sigma < 0 ? "−" : "+"}${Math.abs(sigma).toFixed(1)} σ`;
  return [row.name, trueMinus(formatEstimate(row.estimate)), referenceText(row), signed, row.note ?? ""];
}

function referenceText({ estimate, reference }: NumberRow): string {
  if (!reference) return nothing;
  const { value, error, source } = reference;
  const hasError = error !== undefined && error > 0;
  const number = hasError ? trueMinus(formatEstimate({ value, error })) : exactText(value, estimate.error);
  const origin = source ?? (hasError ? undefined : "exact");
  return origin ? `${number} (${origin})` : number;
}

/**
 * An exact value to two digits beyond the first of the estimate's error, or to six significant digits; a
 * whole number in full.
 */
function exactText(value: number, error: number): string {
  if (!(error > 0 && Number.isFinite(error)) || !Number.isFinite(value) || Number.isInteger(value))
    return formatNumber(value, 6);
  const places = Math.min(15, Math.max(0, 2 - Math.floor(Math.log10(error))));
  return trueMinus(value.toFixed(places).replace(/^-(?=[0.]*$)/, ""));
}
