import * as Plot from "@observablehq/plot";
import { domainOf, drawable, errorOf, type Measured, renderChart } from "./chart.ts";
import { emptyFigure } from "./svg.ts";
import { theme } from "./theme.ts";

/** One point of a curve. */
export interface CurveDifference extends Measured {
  /** Where it stands on the axis. */
  readonly at: number;
}

/** What {@link curveDifferences} draws. */
export interface CurveDifferencesData {
  /** What the curves are against, with the unit. */
  readonly axis: string;
  /** What is drawn: a difference from real rows. */
  readonly label: string;
  /** Half the width of the band of real rows against real rows at each point, two standard errors. */
  readonly band: readonly { readonly at: number; readonly half: number }[];
  /** The difference of each set of rows from real ones, with its standard error. */
  readonly series: readonly { readonly name: string; readonly points: readonly CurveDifference[] }[];
}

/**
 * Draws curves of several sets of rows minus that of real rows, with the band in which real rows differ from
 * real rows.
 */
export function curveDifferences({ axis, label, band, series }: CurveDifferencesData): string {
  const shown = series.map((own) => ({ ...own, points: own.points.filter((p) => drawable(p.at, p.value)) }));
  const points = shown.flatMap((own) => own.points);
  if (points.length === 0) return emptyFigure(`no values of ${label} to draw`);
  const edges = band.map(({ at, half }) => ({ at, low: -half, high: half }));
  const colourOf = (i: number) => theme.categories[1 + (i % (theme.categories.length - 1))] as string;
  return renderChart({
    description: `${label} against ${axis}`,
    x: {
      label: axis,
      domain: domainOf(
        points.map((p) => p.at),
        0.03,
      ),
    },
    y: {
      label,
      domain: domainOf([...points.map((p) => p.value), ...edges.flatMap(({ low, high }) => [low, high])]),
      grid: true,
    },
    legend: [
      { key: "bar", colour: theme.colour.train, label: "real against real, ±2 σ" },
      ...shown.map(({ name }, i) => ({ key: "line" as const, colour: colourOf(i), label: name })),
    ],
    marks: [
      Plot.areaY(edges, {
        x: "at",
        y1: "low",
        y2: "high",
        fill: theme.colour.train,
        fillOpacity: theme.bandOpacity * 1.5,
      }),
      Plot.ruleY([0], { strokeOpacity: 0.4 }),
      ...shown.flatMap(({ points: own }, i) => [
        Plot.lineY(own, { x: "at", y: "value", stroke: colourOf(i), strokeWidth: theme.lineWidth }),
        Plot.ruleX(
          own.filter((p) => errorOf(p) !== undefined),
          {
            x: "at",
            y1: (p: CurveDifference) => p.value - (errorOf(p) as number),
            y2: (p: CurveDifference) => p.value + (errorOf(p) as number),
            stroke: colourOf(i),
            strokeWidth: theme.errorWidth,
          },
        ),
      ]),
    ],
  });
}
