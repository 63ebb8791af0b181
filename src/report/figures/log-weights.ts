import * as Plot from "@observablehq/plot";
import { domainOf, drawable, renderChart } from "./chart.ts";
import { formatNumber } from "./format.ts";
import { emptyFigure } from "./svg.ts";
import { theme } from "./theme.ts";

/** What {@link logWeights} draws: samples of a model of a system's distribution e^{−βE}/Z. */
export interface LogWeightsData {
  /** log q of each sample, nats. */
  readonly logProb: ArrayLike<number>;
  /** −βE of each sample, nats: minus the action. */
  readonly minusAction: ArrayLike<number>;
  /** log Z, by importance sampling or exact, and how the legend calls it. */
  readonly logZ: { readonly value: number; readonly label?: string | undefined };
  /** Maximum number of samples (default 2,000). */
  readonly count?: number | undefined;
}

/**
 * −βE against log q, a point a sample: of a perfect model all lie on the line −βE = log q + log Z, and how far they lie
 * from it is their log-weight.
 */
export function logWeights({ logProb, minusAction, logZ, count = 2000 }: LogWeightsData): string {
  const points: { q: number; s: number }[] = [];
  for (let i = 0; i < logProb.length && points.length < count; i++) {
    const [q, s] = [logProb[i] as number, minusAction[i] as number];
    if (drawable(q, s)) points.push({ q, s });
  }
  if (points.length === 0) return emptyFigure("no samples to draw weights of");
  const x = domainOf(points.map(({ q }) => q));
  const y = domainOf(points.map(({ s }) => s));
  const colour = theme.colour.model;
  const line = x.map((q) => ({ q, s: q + logZ.value }));
  return renderChart({
    description: "minus the action of samples against their log-probability",
    x: { label: "log q (nats)", domain: x },
    y: { label: "−βE (nats)", domain: y, grid: true },
    legend: [
      { key: "dot", colour, label: "samples" },
      {
        key: "dash",
        colour: theme.colour.exact,
        label: `log q + ${logZ.label ?? "log Z"} (${formatNumber(logZ.value, 6)})`,
      },
    ],
    marks: [
      Plot.dot(points, { x: "q", y: "s", r: 1.3, fill: colour, fillOpacity: 0.35, className: "samples" }),
      Plot.line(line, {
        x: "q",
        y: "s",
        stroke: theme.colour.exact,
        strokeWidth: theme.lineWidth,
        strokeDasharray: theme.dash,
        clip: true,
        className: "exact",
      }),
    ],
  });
}
