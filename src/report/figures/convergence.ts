import * as Plot from "@observablehq/plot";
import { domainOf, drawable, errorOf, type Measured, type Reference, renderChart } from "./chart.ts";
import { formatNumber } from "./format.ts";
import type { LegendEntry } from "./legend.ts";
import { emptyFigure } from "./svg.ts";
import { theme } from "./theme.ts";

/** A quantity at one moment of a solve. */
export interface ConvergencePoint extends Measured {
  /** Steps since the start. */
  readonly step: number;
}

/** What {@link convergence} draws. */
export interface ConvergenceData {
  /** In the field's words, with the unit: `log Z, lower bound`. */
  readonly quantity: string;
  /** The quantity at each look, in the order they are joined. */
  readonly points: readonly ConvergencePoint[];
  /** A known value, drawn as a horizontal line. */
  readonly exact?: Reference | undefined;
  /** Range of the quantity, if it has one: [0, 1] for a fraction. */
  readonly range?: readonly [number, number] | undefined;
}

/**
 * Draws a quantity of a solve against its steps, with the exact value if known. A steep beginning is cut off,
 * so that the end, which matters, is legible.
 */
export function convergence({ quantity, points, exact, range }: ConvergenceData): string {
  const shown = points.filter((p) => drawable(p.step, p.value));
  if (shown.length === 0) return emptyFigure(`no steps to draw ${quantity} of`);
  const known = exact && drawable(exact.value) ? exact : undefined;
  const colour = theme.colour.model;
  const legend: LegendEntry[] = [{ key: "line", colour, label: "one batch" }];
  if (known)
    legend.push({
      key: "dash",
      colour: theme.colour.exact,
      label: `${known.label ?? "exact"} ${formatNumber(known.value, 7)}`,
    });
  const last = shown.at(-1) as ConvergencePoint;
  return renderChart({
    description: `${quantity} against steps`,
    x: { label: "step", domain: [0, Math.max(1, last.step)], whole: true },
    y: { label: quantity, domain: range ?? yDomain(shown, known), grid: true },
    legend,
    marks: [
      ...(known
        ? [
            Plot.ruleY([known.value], {
              stroke: theme.colour.exact,
              strokeWidth: theme.lineWidth,
              strokeDasharray: theme.dash,
              className: "exact",
            }),
          ]
        : []),
      Plot.areaY(shown, {
        x: "step",
        y1: (p: ConvergencePoint) => p.value - (errorOf(p) ?? 0),
        y2: (p: ConvergencePoint) => p.value + (errorOf(p) ?? 0),
        fill: colour,
        fillOpacity: theme.bandOpacity,
        clip: true,
        className: "error",
      }),
      Plot.lineY(shown, {
        x: "step",
        y: "value",
        stroke: colour,
        strokeWidth: theme.lineWidth,
        clip: true,
        className: "convergence",
      }),
    ],
  });
}

/** All of the second half of the steps and the exact value, and as much again of what came before. */
function yDomain(points: readonly ConvergencePoint[], exact: Reference | undefined): [number, number] {
  const end = points.slice(Math.floor(points.length / 2)).map((p) => p.value);
  const near = exact ? [...end, exact.value] : end;
  const [low, high] = [Math.min(...near), Math.max(...near)];
  const room = high - low || Math.abs(high) * 0.01 || 1;
  const all = points.map((p) => p.value);
  return domainOf([
    Math.max(low - room, Math.min(...all, low)),
    Math.min(high + room, Math.max(...all, high)),
  ]);
}
