import * as Plot from "@observablehq/plot";
import { domainOf, drawable, errorOf, type Measured, type Reference, renderChart } from "./chart.ts";
import { formatNumber } from "./format.ts";
import type { LegendEntry } from "./legend.ts";
import { emptyFigure } from "./svg.ts";
import { theme } from "./theme.ts";

/** The objective at one moment of training. */
export interface CurvePoint extends Measured {
  /** Epochs or optimiser steps since the start. */
  readonly at: number;
}

/** What {@link trainingCurve} draws. */
export interface TrainingCurveData {
  /** The unit of `at` (default "epoch"). */
  readonly unit?: "epoch" | "step" | undefined;
  /** The quantity of the values (default "NLL per site (nats)"). */
  readonly quantity?: string | undefined;
  /** The training loss at each point; no line is drawn without it. */
  readonly train?: readonly CurvePoint[] | undefined;
  /** The validation loss at each point; no line is drawn without it. */
  readonly validation?: readonly CurvePoint[] | undefined;
  /** The entropy per site of the true distribution, which no model's NLL can beat. */
  readonly exact?: Reference | undefined;
  /** The epoch or step of the kept parameters. */
  readonly best?: number | undefined;
}

/**
 * Draws training and validation NLL per site against epochs or steps, with the exact entropy per site if
 * known. Points that are not finite leave a gap. A steep beginning is cut off at the top, so that the end of
 * training, which matters, is legible.
 */
export function trainingCurve(data: TrainingCurveData): string {
  const unit = data.unit ?? "epoch";
  const series = [
    { name: "train", points: data.train ?? [], colour: theme.colour.train },
    { name: "validation", points: data.validation ?? [], colour: theme.colour.validation },
  ].filter(({ points }) => points.some((p) => drawable(p.at, p.value)));
  if (series.length === 0) return emptyFigure("no training curve: no finite values were logged");

  const points = series.flatMap((s) => s.points).filter((p) => drawable(p.at, p.value));
  const exact = data.exact && drawable(data.exact.value) ? data.exact : undefined;
  const best = data.best !== undefined && drawable(data.best) ? data.best : undefined;
  const quantity = data.quantity ?? "NLL per site (nats)";
  const legend: LegendEntry[] = series.map(({ name, colour }) => ({ key: "line", colour, label: name }));
  if (exact)
    legend.push({
      key: "dash",
      colour: theme.colour.exact,
      label: `${exact.label ?? "exact entropy"} ${formatNumber(exact.value)}`,
    });

  const bestLabel = `best ${unit} ${formatNumber(best ?? 0, 9)}`;
  // Beside its line the label stands left of it, where late in training no curve is as high; early on it would.
  const [first, last] = xDomain(points);
  const labelInside = best !== undefined && best - first > 0.45 * (last - first);
  if (best !== undefined && !labelInside)
    legend.push({ key: "tick", colour: theme.colour.ink, label: bestLabel });

  return renderChart({
    description: `${quantity} against ${unit}`,
    x: { label: unit === "epoch" ? "epoch" : "optimiser step", domain: xDomain(points), whole: true },
    y: { label: quantity, domain: yDomain(points, exact), grid: true },
    legend,
    marks: [
      ...(exact ? exactMarks(exact) : []),
      ...(best !== undefined ? bestMarks(best, labelInside ? bestLabel : undefined) : []),
      ...series.flatMap(({ name, points, colour }) => curveMarks(name, points, colour)),
    ],
  });
}

function exactMarks(exact: Reference): Plot.Markish[] {
  const error = errorOf(exact);
  const stroke = theme.colour.exact;
  const line = Plot.ruleY([exact.value], {
    stroke,
    strokeWidth: theme.lineWidth,
    strokeDasharray: theme.dash,
    className: "exact",
  });
  if (error === undefined) return [line];
  const { value } = exact;
  return [bandAcross(value - error, value + error), line];
}

function bestMarks(best: number, label: string | undefined): Plot.Markish[] {
  const line = Plot.ruleX([best], {
    strokeDasharray: "2,3",
    strokeOpacity: theme.axisOpacity,
    className: "best",
  });
  if (label === undefined) return [line];
  const text = { frameAnchor: "top", textAnchor: "end", dx: -6, dy: 4, className: "best-label" } as const;
  return [line, Plot.text([label], { x: [best], ...text })];
}

function bandAcross(y1: number, y2: number): Plot.Markish {
  return Plot.rect([0], {
    y1: [y1],
    y2: [y2],
    fill: theme.colour.exact,
    fillOpacity: theme.bandOpacity,
    clip: true,
    className: "exact-error",
  });
}

function curveMarks(name: string, points: readonly CurvePoint[], colour: string): Plot.Markish[] {
  const value = (p: CurvePoint) => (drawable(p.at, p.value) ? p.value : Number.NaN);
  const marks: Plot.Markish[] = [];
  if (points.some((p) => errorOf(p) !== undefined))
    marks.push(
      Plot.areaY(points, {
        x: "at",
        y1: (p: CurvePoint) => value(p) - (errorOf(p) ?? 0),
        y2: (p: CurvePoint) => value(p) + (errorOf(p) ?? 0),
        fill: colour,
        fillOpacity: theme.bandOpacity,
        clip: true,
        className: `${name}-error`,
      }),
    );
  marks.push(
    Plot.lineY(points, {
      x: "at",
      y: value,
      stroke: colour,
      strokeWidth: theme.lineWidth,
      clip: true,
      className: name,
    }),
  );
  if (points.filter((p) => drawable(p.at, p.value)).length === 1)
    marks.push(Plot.dot(points, { x: "at", y: value, fill: colour, r: 3, className: `${name}-point` }));
  return marks;
}

function xDomain(points: readonly CurvePoint[]): [number, number] {
  const [low, high] = domainOf(
    points.map((p) => p.at),
    0,
  );
  return low >= 0 && low < 0.1 * high ? [0, high] : [low, high];
}

/** From just under the lowest value to three times the height of the 85th percentile above it, or to the highest. */
function yDomain(points: readonly CurvePoint[], exact: Reference | undefined): [number, number] {
  const sorted = points.map((p) => p.value).sort((a, b) => a - b);
  const shown = exact ? [exact.value - (errorOf(exact) ?? 0), exact.value + (errorOf(exact) ?? 0)] : [];
  const lowest = Math.min(sorted[0]!, ...shown);
  const bulk = sorted[Math.floor(0.85 * (sorted.length - 1))]!;
  const top = Math.max(Math.min(sorted.at(-1)!, lowest + 3 * (bulk - lowest)), ...shown);
  return domainOf([lowest, top]);
}
