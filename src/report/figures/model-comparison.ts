import * as Plot from "@observablehq/plot";
import { domainOf, drawable, errorOf, type Measured, type Reference, renderChart } from "./chart.ts";
import { formatNumber } from "./format.ts";
import type { LegendEntry } from "./legend.ts";
import { emptyFigure } from "./svg.ts";
import { theme } from "./theme.ts";

/** What {@link modelComparison} draws. */
export interface ModelComparisonData {
  /** What the values are, with the unit: `NLL per site (nats)`. */
  readonly quantity: string;
  /** One row of the figure for each: its name, value and error. */
  readonly models: readonly (Measured & { readonly name: string })[];
  /** What no model can beat. */
  readonly exact?: Reference | undefined;
}

/**
 * Draws one value with its standard error for each of several models, side by side, with the exact value if
 * known.
 */
export function modelComparison({ quantity, models, exact }: ModelComparisonData): string {
  const shown = models.filter(({ value }) => drawable(value));
  if (shown.length === 0) return emptyFigure("no comparison: no finite values");
  const points = shown.map((model, x) => {
    const error = errorOf(model) ?? 0;
    return { x, y: model.value, low: model.value - error, high: model.value + error };
  });
  const heights = points.flatMap(({ low, high }) => [low, high]);
  const floor = exact && drawable(exact.value) ? exact : undefined;
  if (floor) heights.push(floor.value);
  const legend: LegendEntry[] = floor
    ? [
        {
          key: "dash",
          colour: theme.colour.exact,
          label: `${floor.label ?? "exact"} ${formatNumber(floor.value)}`,
        },
      ]
    : [];
  return renderChart({
    description: `${quantity} of ${shown.map(({ name }) => name).join(", ")}`,
    x: { label: "model", domain: [-0.6, shown.length - 0.4], names: shown.map(({ name }) => name) },
    y: { label: quantity, domain: domainOf(heights), grid: true },
    legend,
    marks: [
      ...(floor
        ? [
            Plot.ruleY([floor.value], {
              stroke: theme.colour.exact,
              strokeWidth: theme.lineWidth,
              strokeDasharray: theme.dash,
            }),
          ]
        : []),
      Plot.ruleX(points, {
        x: "x",
        y1: "low",
        y2: "high",
        stroke: theme.colour.model,
        strokeWidth: theme.errorWidth,
      }),
      Plot.dot(points, { x: "x", y: "y", r: 4, fill: theme.colour.model }),
    ],
  });
}
