import * as Plot from "@observablehq/plot";
import { renderChart } from "./chart.ts";
import { theme } from "./theme.ts";

/** Draws the losses of several starts of a fit, in nats, as dots above the least. */
export function restarts(losses: readonly number[]): string {
  const least = Math.min(...losses);
  const points = losses.map((loss, at) => ({ at, value: loss - least }));
  const highest = Math.max(...points.map(({ value }) => value));
  return renderChart({
    description: "held-out negative log-likelihood of each start of the fit",
    x: {
      label: "start",
      domain: [-0.5, losses.length - 0.5],
      names: losses.map((_, k) => String(k + 1)),
    },
    y: { label: "held-out NLL above the best (nats)", domain: [0, highest * 1.08 || 1], grid: true },
    legend: [],
    marks: [Plot.dot(points, { x: "at", y: "value", r: 4, fill: theme.colour.model, className: "model" })],
  });
}
