import * as Plot from "@observablehq/plot";
import { errorOf, type Measured, renderChart } from "./chart.ts";
import type { LegendEntry } from "./legend.ts";
import { emptyFigure } from "./svg.ts";
import { theme } from "./theme.ts";

/** What {@link eigenvalues} draws. */
export interface EigenvaluesData {
  /** Eigenvalues of the estimate, largest first, with errors if known. */
  readonly estimate: readonly Measured[];
  /** Of the target, largest first. */
  readonly target?: readonly number[] | undefined;
}

/** Eigenvalues that are shown: later ones are smaller. */
const most = 16;
/** Values below this share of the axis end at it. */
const least = 1e-4;

/**
 * Draws the eigenvalues of a density matrix with one standard error, on a logarithmic axis, and those of a
 * target as rings.
 */
export function eigenvalues({ estimate, target }: EigenvaluesData): string {
  const shown = estimate.slice(0, most).map((one, k) => {
    const error = errorOf(one) ?? 0;
    return {
      k: k + 1,
      value: Math.max(one.value, least),
      low: Math.max(one.value - error, least),
      high: Math.max(one.value + error, least),
      isBelow: one.value <= least,
    };
  });
  if (shown.length === 0 || shown.some(({ value }) => !Number.isFinite(value)))
    return emptyFigure("no eigenvalues to draw");
  const wanted = (target ?? [])
    .slice(0, most)
    .map((value, k) => ({ k: k + 1, value }))
    .filter(({ value }) => value > least);
  const legend: LegendEntry[] = [{ key: "dot", colour: theme.colour.model, label: "estimate" }];
  if (wanted.length > 0) legend.push({ key: "ring", colour: theme.colour.exact, label: "target" });
  return renderChart({
    description: "eigenvalues of the density matrix, largest first",
    x: { label: "eigenvalue, largest first", domain: [0.4, shown.length + 0.6], whole: true },
    y: { label: "eigenvalue (10⁻⁴: or less)", domain: [least * 0.8, 1.3], type: "log", grid: true },
    legend,
    marks: [
      Plot.ruleX(
        shown.filter(({ low, high }) => high > low),
        { x: "k", y1: "low", y2: "high", stroke: theme.colour.model, strokeWidth: theme.errorWidth },
      ),
      Plot.dot(shown, {
        x: "k",
        y: "value",
        r: 4,
        fill: (one: (typeof shown)[number]) => (one.isBelow ? "none" : theme.colour.model),
        stroke: theme.colour.model,
        className: "estimate",
      }),
      Plot.dot(wanted, {
        ...{ x: "k", y: "value", r: 6, stroke: theme.colour.exact, strokeWidth: 1.4, className: "target" },
      }),
    ],
  });
}
