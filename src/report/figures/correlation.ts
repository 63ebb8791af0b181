import * as Plot from "@observablehq/plot";
import { domainOf, drawable, errorOf, type Measured, renderChart } from "./chart.ts";
import type { LegendEntry } from "./legend.ts";
import { emptyFigure } from "./svg.ts";
import { theme } from "./theme.ts";

/** The two-point function at one distance. */
export interface CorrelationPoint extends Measured {
  /** Distance, in lattice spacings unless the axis has another label. */
  readonly r: number;
}

/** What {@link correlation} draws. */
export interface CorrelationData {
  /** The quantity (default "C(r)"). */
  readonly label?: string | undefined;
  /** The distance (default "distance r (lattice spacings)"). */
  readonly distance?: string | undefined;
  /** Measured on the data; not drawn if absent. */
  readonly data?: readonly CorrelationPoint[] | undefined;
  /** Measured on samples of the model; not drawn if absent. */
  readonly model?: readonly CorrelationPoint[] | undefined;
  /** Exact values, joined by a line. */
  readonly exact?: readonly CorrelationPoint[] | undefined;
  /**
   * Logarithmic C(r), on which an exponential decay is straight; values that are not positive are not drawn.
   */
  readonly log?: boolean | undefined;
}

/**
 * Draws the two-point function of data and model against distance, with one standard error, and the exact
 * one, if known, as a line. Points that are not finite are not drawn.
 */
export function correlation(input: CorrelationData): string {
  const label = input.label ?? "C(r)";
  const log = input.log ?? false;
  const visible = (points: readonly CorrelationPoint[] | undefined) =>
    (points ?? []).filter((p) => drawable(p.r, p.value) && (!log || p.value > 0));
  const data = visible(input.data);
  const model = visible(input.model);
  const exact = visible(input.exact).sort((a, b) => a.r - b.r);
  const all = [...data, ...model, ...exact];
  if (data.length + model.length === 0)
    return emptyFigure(`no ${log ? "positive " : ""}values of ${label} to draw`);

  const y = log ? logDomain(all) : linearDomain(all);
  const legend: LegendEntry[] = [];
  if (data.length > 0) legend.push({ key: "ring", colour: theme.colour.data, label: "data" });
  if (model.length > 0) legend.push({ key: "dot", colour: theme.colour.model, label: "model" });
  if (exact.length > 0) legend.push({ key: "dash", colour: theme.colour.exact, label: "exact" });
  // The pair at one distance stands a little apart, so that two error bars can be told from one.
  const apart = data.length > 0 && model.length > 0 ? 2 : 0;
  return renderChart({
    description: `${label} against ${input.distance ?? "distance"}`,
    x: {
      label: input.distance ?? "distance r (lattice spacings)",
      domain: domainOf(
        all.map((p) => p.r),
        0.04,
      ),
    },
    y: { label, domain: y, type: log ? "log" : "linear", grid: true },
    legend,
    marks: [
      ...(y[0] < 0 && y[1] > 0 ? [Plot.ruleY([0], { strokeOpacity: 0.35, className: "zero" })] : []),
      ...(exact.length > 0
        ? [
            Plot.lineY(exact, {
              x: "r",
              y: "value",
              stroke: theme.colour.exact,
              strokeWidth: theme.lineWidth,
              strokeDasharray: theme.dash,
              className: "exact",
            }),
          ]
        : []),
      ...pointMarks("data", data, -apart, y[0]),
      ...pointMarks("model", model, apart, y[0]),
    ],
  });
}

function pointMarks(
  name: "data" | "model",
  points: readonly CorrelationPoint[],
  dx: number,
  bottom: number,
): Plot.Markish[] {
  const stroke = theme.colour[name];
  return [
    Plot.ruleX(
      points.filter((p) => errorOf(p) !== undefined),
      {
        x: "r",
        // On a logarithmic axis a bar that reaches zero ends at the axis.
        y1: (p: CorrelationPoint) => Math.max(p.value - errorOf(p)!, bottom),
        y2: (p: CorrelationPoint) => p.value + errorOf(p)!,
        stroke,
        strokeWidth: theme.errorWidth,
        dx,
        className: `${name}-error`,
      },
    ),
    Plot.dot(points, {
      x: "r",
      y: "value",
      ...(name === "data" ? { stroke, strokeWidth: 1.4, r: 3.4 } : { fill: stroke, r: 2.8 }),
      dx,
      className: name,
    }),
  ];
}

function linearDomain(points: readonly CorrelationPoint[]): [number, number] {
  const ends = points.flatMap((p) => [p.value - (errorOf(p) ?? 0), p.value + (errorOf(p) ?? 0)]);
  const [low, high] = domainOf(ends);
  const [lowest, highest] = [Math.min(...ends), Math.max(...ends)];
  // Correlations decay to zero: show it unless all values are far from it.
  return lowest >= 0 && lowest < 0.5 * highest ? [0, high] : [low, high];
}

/** Down to the smallest value, not to the end of its error bar, which may be below zero. */
function logDomain(points: readonly CorrelationPoint[]): [number, number] {
  const low = Math.min(...points.map((p) => Math.max(p.value - (errorOf(p) ?? 0), p.value / 3)));
  const high = Math.max(...points.map((p) => p.value + (errorOf(p) ?? 0)));
  return [low / 1.15, high * 1.15];
}
