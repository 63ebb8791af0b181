import * as Plot from "@observablehq/plot";
import { usageError } from "../../error.ts";
import { type Histogram, histogram } from "../../stats/histogram.ts";
import { domainOf, drawable, errorOf, type Reference, renderChart } from "./chart.ts";
import { formatNumber } from "./format.ts";
import type { LegendEntry } from "./legend.ts";
import { centralRange, sharedBins } from "./shared-bins.ts";
import { emptyFigure } from "./svg.ts";
import { theme } from "./theme.ts";

/** One observable measured on every configuration of a sample. */
export interface ObservableSample {
  /** One number for each configuration. */
  readonly values: ArrayLike<number>;
  /** Integrated autocorrelation time in samples (default ½: independent). */
  readonly tau?: number | undefined;
}

/** What {@link observableHistogram} draws: values to count, or histograms already counted. */
export interface ObservableHistogramData {
  /** The observable with its unit, in the field's words: `|m|`, `E/N (J)`. */
  readonly label: string;
  /** The data's histogram; not drawn if absent. */
  readonly data?: ObservableSample | Histogram | undefined;
  /** The model's histogram; not drawn if absent. */
  readonly model?: ObservableSample | Histogram | undefined;
  /** The exact mean, or one from a longer simulation. */
  readonly reference?: Reference | undefined;
}

/**
 * Draws the distribution of an observable over the data, as bars, and over the model's samples, as points,
 * with one standard error on every bin and the exact mean as a line. If tails would hide the rest, only the
 * central 99 % are drawn, and the axis label states it. Empty bins and values that are not finite are not
 * drawn.
 * @throws usage error when two ready histograms have different edges.
 */
export function observableHistogram(input: ObservableHistogramData): string {
  const { data, model, central } = binned(input);
  const bins = [...(data ?? []), ...(model ?? [])];
  if (bins.length === 0) return emptyFigure(`no values of ${input.label} to draw`);
  const top = Math.max(...bins.map((b) => b.density + b.error));
  const reference = input.reference && drawable(input.reference.value) ? input.reference : undefined;
  const ends = [...bins.flatMap((b) => [b.x1, b.x2]), ...(reference ? [reference.value] : [])];

  const legend: LegendEntry[] = [];
  if (data) legend.push({ key: "bar", colour: theme.colour.data, label: "data" });
  if (model) legend.push({ key: "dot", colour: theme.colour.model, label: "model" });
  if (reference)
    legend.push({
      key: "dash",
      colour: theme.colour.exact,
      label: `${reference.label ?? "exact mean"} ${formatNumber(reference.value)}`,
    });
  return renderChart({
    description: `distribution of ${input.label}`,
    x: { label: central ? `${input.label} (central 99 %)` : input.label, domain: domainOf(ends, 0.01) },
    y: { label: "probability density", domain: [0, top * 1.05], grid: true },
    legend,
    marks: [
      ...(data ? dataMarks(data, model !== undefined) : []),
      ...(reference ? meanMarks(reference) : []),
      ...(model ? modelMarks(model, data !== undefined) : []),
    ],
  });
}

/** A bin that holds something; density and error in probability per unit of the observable. */
interface Bin {
  readonly x1: number;
  readonly x2: number;
  readonly density: number;
  readonly error: number;
}

/** Both samples over the same bins; undefined if there is nothing to draw. */
function binned({ data, model }: ObservableHistogramData): {
  data: readonly Bin[] | undefined;
  model: readonly Bin[] | undefined;
  /** Whether tails are cut off. */
  central: boolean;
} {
  const [first, second] = [data, model].filter((s) => s !== undefined && "edges" in s);
  if (first && second && !sameEdges(first, second))
    throw usageError("the histograms of data and model have different edges; count both over the same bins");
  const values = [data, model].flatMap((s) => (s && "values" in s ? finite(s.values) : []));
  const range = first ? undefined : centralRange(values);
  const options = first
    ? { bins: first.edges.length - 1, range: [first.edges[0]!, first.edges.at(-1)!] as const }
    : sharedBins(range ? values.filter((v) => v >= range[0] && v <= range[1]) : values);
  const counted = (s: ObservableSample | Histogram | undefined): Bin[] | undefined => {
    if (!s || !options) return undefined;
    if ("edges" in s) return binsOf(s);
    const sample = finite(s.values);
    return sample.length > 0 ? binsOf(histogram(sample, { ...options, tau: s.tau ?? 0.5 })) : undefined;
  };
  return { data: counted(data), model: counted(model), central: range !== undefined };
}

function binsOf({ edges, probability }: Histogram): Bin[] {
  return probability
    .map(({ value, error }, i) => {
      const [x1, x2] = [edges[i]!, edges[i + 1]!];
      const width = x2 - x1;
      return { x1, x2, density: value / width, error: Number.isFinite(error) ? error / width : 0 };
    })
    .filter((b) => b.density > 0);
}

function sameEdges(a: Histogram, b: Histogram): boolean {
  return a.edges.length === b.edges.length && a.edges.every((e, i) => e === b.edges[i]);
}

function finite(values: ArrayLike<number>): number[] {
  return Array.from(values).filter(Number.isFinite);
}

/** Ends of an error bar at a share of the bin's width: data and model stand side by side, not on each other. */
const errorBar = (share: number) => ({
  x: (b: Bin) => b.x1 + share * (b.x2 - b.x1),
  // No probability is below zero, however large its error.
  y1: (b: Bin) => Math.max(0, b.density - b.error),
  y2: (b: Bin) => b.density + b.error,
  strokeWidth: theme.errorWidth,
});

function dataMarks(bins: readonly Bin[], beside: boolean): Plot.Markish[] {
  const stroke = theme.colour.data;
  return [
    Plot.rectY(bins, {
      x1: "x1",
      x2: "x2",
      y: "density",
      fill: stroke,
      fillOpacity: 0.16,
      shapeRendering: "crispEdges",
      className: "data",
    }),
    Plot.ruleX(
      bins.filter((b) => b.error > 0),
      { ...errorBar(beside ? 0.35 : 0.5), stroke, strokeOpacity: 0.55, className: "data-error" },
    ),
  ];
}

function modelMarks(bins: readonly Bin[], beside: boolean): Plot.Markish[] {
  const share = beside ? 0.65 : 0.5;
  const stroke = theme.colour.model;
  const { x } = errorBar(share);
  return [
    Plot.ruleX(
      bins.filter((b) => b.error > 0),
      { ...errorBar(share), stroke, className: "model-error" },
    ),
    Plot.dot(bins, { x, y: "density", fill: stroke, r: bins.length > 24 ? 2.2 : 2.8, className: "model" }),
  ];
}

function meanMarks(reference: Reference): Plot.Markish[] {
  const error = errorOf(reference);
  const { value } = reference;
  const colour = theme.colour.exact;
  const line = Plot.ruleX([value], {
    stroke: colour,
    strokeWidth: theme.lineWidth,
    strokeDasharray: theme.dash,
    className: "exact",
  });
  if (error === undefined) return [line];
  const band = Plot.rectX([value], {
    x1: [value - error],
    x2: [value + error],
    fill: colour,
    fillOpacity: theme.bandOpacity,
    clip: true,
    className: "exact-error",
  });
  return [band, line];
}
