import * as Plot from "@observablehq/plot";
import { withoutControls } from "../escape.ts";
import { type AxisScale, axisScale, scaledLabel } from "./axis-scale.ts";
import { formatPowerOfTen, formatShort } from "./format.ts";
import { type LegendEntry, legendHeight, legendMarkup } from "./legend.ts";
import { figureDocument, px, svgOpening } from "./svg.ts";
import { theme } from "./theme.ts";

/** A value that may have an error; both in the unit of the axis it is drawn on. */
export interface Measured {
  /** Position of the mark on its axis. */
  readonly value: number;
  /** One standard error; no error bar is drawn without it. */
  readonly error?: number | undefined;
}

/** An exact or reference value, drawn as a dashed line, within a band if it has an error. */
export interface Reference extends Measured {
  /** Name in the legend. */
  readonly label?: string | undefined;
}

/** One axis of a chart. */
export interface Axis {
  /** In the field's words, with the unit: `NLL per site (nats)`. */
  readonly label: string;
  readonly domain: readonly [number, number];
  readonly type?: "linear" | "log";
  /** Ticks only at whole numbers: of epochs there are no halves. */
  readonly whole?: boolean;
  /** Names in place of the whole numbers from 0. */
  readonly names?: readonly string[];
  /** Faint lines across the chart at the ticks. */
  readonly grid?: boolean;
}

/** The parts of a chart. */
export interface Chart {
  /** Read aloud in place of the picture. */
  readonly description: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly marks: readonly Plot.Markish[];
  readonly legend: readonly LegendEntry[];
}

/** A chart as one standalone SVG: the marks, themed axes over them, the legend above. */
export function renderChart({ description, x, y, marks, legend }: Chart): string {
  const { margin, width } = theme;
  const inner = width - margin.left - margin.right;
  const above = legendHeight(legend, inner);
  const height = theme.height + above;
  const plot = Plot.plot({
    document: figureDocument() as Document & Window,
    width,
    height,
    marginTop: margin.top + above,
    marginRight: margin.right,
    marginBottom: margin.bottom,
    marginLeft: margin.left,
    x: { type: x.type ?? "linear", domain: [...x.domain] },
    y: { type: y.type ?? "linear", domain: [...y.domain] },
    marks: [
      ...(y.grid ? [Plot.gridY({ ticks: ticksOf(y, 5) as number, strokeOpacity: theme.gridOpacity })] : []),
      ...marks,
      ...axes(x, y),
    ],
  });
  return standalone(
    plot,
    svgOpening(width, height, description),
    legendMarkup(legend, margin.left, margin.top - 4, inner),
  );
}

function axes(x: Axis, y: Axis): Plot.Markish[] {
  const common = { labelAnchor: "center", labelArrow: "none", tickSize: 5, tickPadding: 4 } as const;
  const line = { strokeOpacity: theme.axisOpacity };
  return [
    Plot.axisX({
      ...common,
      ...line,
      ...tickOptions(x, 6),
      label: scaledLabel(x.label, scaleOf(x)),
      labelOffset: theme.margin.bottom - 8,
    }),
    Plot.axisY({
      ...common,
      ...line,
      ...tickOptions(y, 5),
      label: scaledLabel(y.label, scaleOf(y)),
      labelOffset: theme.margin.left - 6,
    }),
    Plot.frame({ anchor: "bottom", ...line }),
    Plot.frame({ anchor: "left", ...line }),
  ];
}

/** The powers of ten on a logarithmic axis of more than a decade, else about `count` round numbers. */
function ticksOf(axis: Axis, count: number): number | number[] {
  if (axis.whole) return Math.min(count, Math.max(1, Math.floor(axis.domain[1] - axis.domain[0])));
  if (!spansDecades(axis)) return count;
  const [first, last] = axis.domain.map((d) => Math.log10(d)) as [number, number];
  const every = Math.ceil((last - first) / 6);
  const ticks: number[] = [];
  for (let k = Math.ceil(first); k <= last; k += every) ticks.push(10 ** k);
  return ticks;
}

function tickOptions(axis: Axis, count: number): Plot.AxisOptions {
  const { names } = axis;
  if (names) return { ticks: [...names.keys()] as never, tickFormat: (i: number) => names[i] ?? "" };
  const ticks = ticksOf(axis, count);
  if (spansDecades(axis)) return { ticks: ticks as number, tickFormat: formatPowerOfTen };
  if (axis.type === "log") return { ticks: ticks as number, tickFormat: roundOnly };
  const { tick } = scaleOf(axis);
  return { ticks: ticks as number, ...(tick && { tickFormat: tick }) };
}

/** Labels of ticks within a decade at 1, 2 and 5 only: the others are too close. */
function roundOnly(value: number): string {
  const leading = value / 10 ** Math.floor(Math.log10(value) + 1e-9);
  return [1, 2, 5].some((one) => Math.abs(leading - one) < 1e-6) ? formatShort(value) : "";
}

/** How the ticks of a linear axis of numbers are written. */
function scaleOf({ type, domain, whole, names }: Axis): AxisScale {
  return type === "log" || whole || names ? { power: 0 } : axisScale(domain);
}

function spansDecades({ type, domain }: Axis): boolean {
  return type === "log" && Math.log10(domain[1] / domain[0]) > 1.3;
}

/**
 * Complete markup of a plot: themed, with its legend, without Plot's own style sheet, and with clip paths
 * named by what they clip, since Plot numbers them over the life of the process.
 */
function standalone(plot: Element, opening: string, legend: string): string {
  plot.querySelector("style")?.remove();
  // Documents write markup as HTML; figures are XML too, which knows no &nbsp;.
  const inside = rounded(withoutControls(plot.outerHTML))
    .replace(/^<svg[^>]*>/, "")
    .replace(/<\/svg>$/, "")
    .replaceAll("&nbsp;", "\u00a0");
  const ids = [...new Set(inside.match(/plot-clip-\d+/g))];
  const own = fingerprint(inside.replace(/plot-clip-\d+/g, "clip"));
  const named = inside.replace(/plot-clip-\d+/g, (id) => `clip-${own}-${ids.indexOf(id)}`);
  return `${opening}<g text-anchor="middle">${named}</g>${legend}</svg>`;
}

/** `markup` with its coordinates to a hundredth of a px: smaller, and free of the last bits of a machine's arithmetic. */
function rounded(markup: string): string {
  const attributes = /\s(?:x|y|x1|x2|y1|y2|cx|cy|width|height|d|transform)="[^"]*"/g;
  return markup.replace(attributes, (a) => a.replace(/-?\d+\.\d{3,}(?:e-\d+)?/g, (n) => px(Number(n))));
}

/** FNV-1a of `text`, in base 36. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(36);
}

/** Whether every number that a point would be drawn with is finite. */
export function drawable(...numbers: (number | undefined)[]): boolean {
  return numbers.every((n) => n === undefined || Number.isFinite(n));
}

/** The error, if it is one that can be drawn. */
export function errorOf({ error }: Measured): number | undefined {
  return error !== undefined && Number.isFinite(error) && error > 0 ? error : undefined;
}

/** The smallest interval around all `values`, widened by `pad` of its size on each side; never empty. */
export function domainOf(values: readonly number[], pad = 0.06): [number, number] {
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  const margin = high > low ? pad * (high - low) : Math.abs(low) * 0.1 || 1;
  return [low - margin, high + margin];
}
