import * as Plot from "@observablehq/plot";
import { domainOf, drawable, errorOf, type Measured, renderChart } from "./chart.ts";
import type { LegendEntry } from "./legend.ts";
import { emptyFigure } from "./svg.ts";
import { theme } from "./theme.ts";

/** A number at one context. */
export interface ContextCurvePoint {
  /** Where it is drawn: the context, or its place among names. */
  readonly at: number;
  /** The model's value. */
  readonly model: Measured;
  /** The value from data. */
  readonly data?: Measured | undefined;
  /** The exact value. */
  readonly exact?: number | undefined;
}

/** What {@link contextCurve} draws. */
export interface ContextCurveData {
  /** The number with its unit. */
  readonly label: string;
  /** What the rows were conditioned on, with its unit. */
  readonly context: string;
  /** In the order of the axis. */
  readonly points: readonly ContextCurvePoint[];
  /** What the rings are (default data). */
  readonly dataLabel?: string | undefined;
  /** Names of contexts, by their place. */
  readonly names?: readonly string[] | undefined;
}

/** Distance between data and model in px, so that two error bars can be distinguished. */
const apart = 2;

/**
 * Draws a quantity of data and model against the context of the rows, with one standard error, and exact
 * values, if known, as a dashed line. Points that are not finite are not drawn.
 */
export function contextCurve({
  label,
  context,
  points,
  names,
  dataLabel = "data",
}: ContextCurveData): string {
  const model = marked(points, ({ model }) => model);
  const data = marked(points, ({ data }) => data);
  const exact = marked(points, ({ exact }) => (exact === undefined ? undefined : { value: exact }));
  const all = [...data, ...model, ...exact];
  if (all.length === 0) return emptyFigure(`no values of ${label} to draw`);
  const legend: LegendEntry[] = [];
  if (data.length > 0) legend.push({ key: "ring", colour: theme.colour.data, label: dataLabel });
  if (model.length > 0) legend.push({ key: "dot", colour: theme.colour.model, label: "model" });
  if (exact.length > 0) legend.push({ key: "dash", colour: theme.colour.exact, label: "exact" });
  const ends = all.flatMap((p) => [p.value - (errorOf(p) ?? 0), p.value + (errorOf(p) ?? 0)]);
  const shift = data.length > 0 && model.length > 0 ? apart : 0;
  return renderChart({
    description: `${label} against ${context}`,
    x: {
      label: context,
      domain: names
        ? [-0.5, names.length - 0.5]
        : domainOf(
            all.map(({ at }) => at),
            0.04,
          ),
      ...(names && { names }),
    },
    y: { label, domain: domainOf(ends), grid: true },
    legend,
    marks: [
      ...(exact.length > 1 && !names
        ? [
            Plot.lineY(exact, {
              ...{ x: "at", y: "value", stroke: theme.colour.exact, strokeWidth: theme.lineWidth },
              ...{ strokeDasharray: theme.dash, className: "exact" },
            }),
          ]
        : [
            Plot.dot(exact, {
              x: "at",
              y: "value",
              symbol: "times",
              stroke: theme.colour.exact,
              className: "exact",
            }),
          ]),
      ...pointMarks("data", data, -shift),
      ...pointMarks("model", model, shift),
    ],
  });
}

interface Marked extends Measured {
  readonly at: number;
}

function marked(
  points: readonly ContextCurvePoint[],
  of: (point: ContextCurvePoint) => Measured | undefined,
): Marked[] {
  return points.flatMap((point) => {
    const own = of(point);
    return own && drawable(point.at, own.value) ? [{ at: point.at, value: own.value, error: own.error }] : [];
  });
}

function pointMarks(name: "data" | "model", points: readonly Marked[], dx: number): Plot.Markish[] {
  const stroke = theme.colour[name];
  return [
    Plot.ruleX(
      points.filter((p) => errorOf(p) !== undefined),
      {
        x: "at",
        y1: (p: Marked) => p.value - errorOf(p)!,
        y2: (p: Marked) => p.value + errorOf(p)!,
        ...{ stroke, strokeWidth: theme.errorWidth, dx, className: `${name}-error` },
      },
    ),
    Plot.dot(points, {
      ...{ x: "at", y: "value", dx, className: name },
      ...(name === "data" ? { stroke, strokeWidth: 1.4, r: 3.4 } : { fill: stroke, r: 2.8 }),
    }),
  ];
}
