import { usageError } from "../../error.ts";
import { escapeMarkup } from "../escape.ts";
import { pixelsMarkup } from "./cells.ts";
import { sequential } from "./colours.ts";
import { formatNumber } from "./format.ts";
import { textWidth } from "./legend.ts";
import { emptyFigure, px, svgOpening } from "./svg.ts";
import { theme } from "./theme.ts";

/** One density of the plane. */
export interface PlanePanel {
  /** Heading over the panel. */
  readonly title: string;
  /** Density of each cell, `[size, size]` from the top row down; omit for a panel of lines alone. */
  readonly density?: ArrayLike<number> | undefined;
  /** Lines drawn over it, each `[points, 2]`: x and y in turn. */
  readonly lines?: readonly ArrayLike<number>[] | undefined;
}

/** What {@link planeDensities} draws. */
export interface PlaneDensitiesData {
  /** The panels, from left to right and then down. */
  readonly panels: readonly PlanePanel[];
  /** Left and right end of the rectangle that all panels show. */
  readonly x: readonly [number, number];
  /** Lower and upper end of that rectangle. */
  readonly y: readonly [number, number];
  /** Cells along each side of a density. */
  readonly size: number;
  /** Panels in a row (default 2). */
  readonly across?: number | undefined;
  /**
   * Density of the brightest colour (default: a fifth above that of the first density's 998th of 1,000
   * cells).
   */
  readonly most?: number | undefined;
  /** Name of what is drawn, for the colour bar (default `density`). */
  readonly quantity?: string | undefined;
}

const levels = 128;
const gap = 24;
const titleHeight = 24;
const axisHeight = 26;
const palette = Array.from({ length: levels }, (_, k) => sequential(k / (levels - 1)));

/**
 * Densities of the plane side by side, in one scale of colours from 0, with a colour bar; a panel may show lines, such as a
 * grid of the latent plane that a flow has carried there.
 * @throws usage error when a density has another number of cells than size².
 */
export function planeDensities(input: PlaneDensitiesData): string {
  const { panels, x, y, size, across = 2, quantity = "density" } = input;
  if (panels.length === 0) return emptyFigure("no densities to draw");
  const first = panels.find((panel) => panel.density)?.density;
  for (const { title, density } of panels)
    if (density && density.length !== size * size)
      throw usageError(`the density of ${title} has ${density.length} cells, not ${size} × ${size}`);
  const most = input.most ?? (first ? brightest(first) : 1);
  const left = Math.ceil(Math.max(...ticks(y).map((t) => textWidth(formatNumber(t))))) + 12;
  const columns = Math.min(across, panels.length);
  const width = Math.max(theme.width, left + columns * (columns > 2 ? 150 : 200) + (columns - 1) * gap);
  const panelWidth = Math.min(columns === 1 ? 400 : 320, (width - left - 8 - (columns - 1) * gap) / columns);
  const panelHeight = panelWidth * Math.min(1.6, Math.max(0.4, (y[1] - y[0]) / (x[1] - x[0])));
  const rows = Math.ceil(panels.length / columns);
  const rowHeight = titleHeight + panelHeight + 8;
  const bottom = rows * rowHeight;
  const height = bottom + axisHeight + (first ? 24 : 0);
  const scale = {
    x: (v: number) => ((v - x[0]) / (x[1] - x[0])) * panelWidth,
    y: (v: number) => ((y[1] - v) / (y[1] - y[0])) * panelHeight,
  };
  const body = panels.map((panel, i) => {
    const at = { x: left + (i % columns) * (panelWidth + gap), y: Math.floor(i / columns) * rowHeight };
    const last = i + columns >= panels.length;
    return (
      `<text x="${px(at.x)}" y="${px(at.y + 16)}" font-weight="600">${escapeMarkup(panel.title)}</text>` +
      `<g transform="translate(${px(at.x)},${px(at.y + titleHeight)})">` +
      `${panelMarkup(panel, size, most, panelWidth, panelHeight, scale)}` +
      `${last ? xTicks(x, panelHeight, scale.x) : ""}${i % columns === 0 ? yTicks(y, scale.y) : ""}</g>`
    );
  });
  const key = first ? barMarkup(left, bottom + axisHeight + 8, most, quantity) : "";
  const description = `densities: ${panels.map(({ title }) => title).join(", ")}`;
  return `${svgOpening(Math.ceil(width), Math.ceil(height), description)}${body.join("")}${key}</svg>`;
}

function panelMarkup(
  { density, lines }: PlanePanel,
  size: number,
  most: number,
  width: number,
  height: number,
  scale: { x: (v: number) => number; y: (v: number) => number },
): string {
  const colourAt = (cell: number) =>
    Math.min(levels - 1, Math.max(0, Math.floor(((density?.[cell] ?? 0) / most) * levels)));
  const cells = density
    ? `<g transform="scale(${px(width)} ${px(height)}) scale(${1 / size})">${pixelsMarkup(size, size, colourAt, palette)}</g>`
    : "";
  const clip = `plane-${px(width).replace(".", "-")}-${px(height).replace(".", "-")}`;
  const paths = (lines ?? []).map((line) => {
    const points: string[] = [];
    for (let k = 0; k + 1 < line.length; k += 2) {
      const [a, b] = [line[k] as number, line[k + 1] as number];
      if (Number.isFinite(a) && Number.isFinite(b)) points.push(`${px(scale.x(a))},${px(scale.y(b))}`);
    }
    return `<path d="M${points.join("L")}"/>`;
  });
  const drawn =
    paths.length > 0
      ? `<clipPath id="${clip}"><rect width="${px(width)}" height="${px(height)}"/></clipPath>` +
        `<g class="lines" clip-path="url(#${clip})" fill="none" stroke="${theme.colour.model}" stroke-width="0.8">${paths.join("")}</g>`
      : "";
  return (
    `${cells}${drawn}<rect width="${px(width)}" height="${px(height)}" fill="none" stroke="currentColor" ` +
    `stroke-opacity="${theme.axisOpacity}"/>`
  );
}

function xTicks(range: readonly [number, number], height: number, scale: (v: number) => number): string {
  return ticks(range)
    .map(
      (t) =>
        `<path d="M${px(scale(t))},${px(height)}v4" stroke="currentColor" stroke-opacity="${theme.axisOpacity}"/>` +
        `<text x="${px(scale(t))}" y="${px(height + 17)}" text-anchor="middle">${formatNumber(t)}</text>`,
    )
    .join("");
}

function yTicks(range: readonly [number, number], scale: (v: number) => number): string {
  return ticks(range)
    .map(
      (t) =>
        `<path d="M0,${px(scale(t))}h-4" stroke="currentColor" stroke-opacity="${theme.axisOpacity}"/>` +
        `<text x="-7" y="${px(scale(t))}" dy="0.33em" text-anchor="end">${formatNumber(t)}</text>`,
    )
    .join("");
}

/** Two to six round numbers within a range: multiples of 1, 2 or 5 times a power of ten. */
function ticks([low, high]: readonly [number, number]): number[] {
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((m) => m * power >= rough) ?? 10) * power;
  const found: number[] = [];
  for (let k = Math.ceil(low / step); k * step <= high; k++) found.push(Number((k * step).toPrecision(6)));
  return found;
}

/** A fifth above what all but two in a thousand cells stay below, so that another density may rise above this one. */
function brightest(density: ArrayLike<number>): number {
  const sorted = Float64Array.from(density).sort();
  return 1.2 * (sorted[Math.floor(0.998 * (sorted.length - 1))] || sorted.at(-1) || 1 / 1.2);
}

function barMarkup(x: number, y: number, most: number, quantity: string): string {
  const step = 128 / levels;
  const cells = palette.map(
    (colour, k) =>
      `<rect x="${px(x + 14 + k * step)}" y="${px(y - 5)}" width="${px(step + 0.1)}" height="10" fill="${colour}"/>`,
  );
  return (
    `<g class="key"><text x="${px(x)}" y="${px(y)}" dy="0.33em">0</text>${cells.join("")}` +
    `<text x="${px(x + 148)}" y="${px(y)}" dy="0.33em">${formatNumber(most, 3)} (${escapeMarkup(quantity)})</text></g>`
  );
}
