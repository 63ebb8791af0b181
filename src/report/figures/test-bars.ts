import { escapeMarkup } from "../escape.ts";
import { legendHeight, legendMarkup, textWidth } from "./legend.ts";
import { emptyFigure, px, svgOpening } from "./svg.ts";
import { theme } from "./theme.ts";

/** What {@link testBars} draws. */
export interface TestBarsData {
  /** The names of the tests, from the top. */
  readonly tests: readonly string[];
  /**
   * Distances of each set of rows from real rows in each test, in units of the spread of real rows; NaN if a
   * test does not apply.
   */
  readonly series: readonly { readonly name: string; readonly sigmas: readonly number[] }[];
}

const rowHeight = 20;
const axisHeight = 44;
const plotWidth = 380;
/** Colours of the sets, the first for real rows. */
const colours = [theme.colour.train, ...theme.categories.slice(1)];
const ticks = [-3, 0, 3, 10, 30, 100, 300, 1000, 3000, 10_000];

/**
 * Every test of several sets of rows in units of the spread of real rows, one line a test, within the band of ±2. The axis is
 * linear near 0 and logarithmic far out.
 */
export function testBars({ tests, series }: TestBarsData): string {
  const all = series.flatMap(({ sigmas }) => sigmas.filter((s) => !Number.isNaN(s)));
  if (tests.length === 0 || all.length === 0) return emptyFigure("no tests to draw");
  const limit = ticks.at(-1) as number;
  const clipped = (s: number) => Math.max(-limit, Math.min(limit, s));
  const low = Math.min(-4, ...all.map(clipped));
  const high = Math.max(6, ...all.map(clipped)) * 1.1;
  const left = Math.min(360, 20 + 1.15 * Math.max(...tests.map((name) => textWidth(name, 12))));
  const [from, to] = [Math.asinh(low / 2), Math.asinh(high / 2)];
  const x = (s: number) => left + (plotWidth * (Math.asinh(clipped(s) / 2) - from)) / (to - from);
  const width = left + plotWidth + 16;
  const entries = series.map(({ name }, i) => ({ key: "dot" as const, colour: colourOf(i), label: name }));
  const top = legendHeight(entries, width - 20) + 10;
  const bottom = top + tests.length * rowHeight;
  const line = (x1: number, y1: number, x2: number, y2: number, opacity: number) =>
    `<path d="M${px(x1)},${px(y1)}L${px(x2)},${px(y2)}" stroke="currentColor" stroke-opacity="${opacity}" fill="none"/>`;
  const rows = tests.map((name, t) => {
    const y = top + (t + 0.5) * rowHeight;
    const dots = series.map(({ sigmas }, i) => {
      const s = sigmas[t] as number;
      if (Number.isNaN(s)) return "";
      const apart = series.length > 1 ? ((i / (series.length - 1)) * 2 - 1) * 5 : 0;
      return `<circle cx="${px(x(s))}" cy="${px(y + apart)}" r="3" fill="${colourOf(i)}"/>`;
    });
    return `<text x="${px(left - 8)}" y="${px(y)}" dy="0.33em" text-anchor="end" font-size="12">${escapeMarkup(name)}</text>${line(left, y + rowHeight / 2, left + plotWidth, y + rowHeight / 2, 0.06)}${dots.join("")}`;
  });
  const shown = ticks.filter((s) => s >= low && s <= high);
  const axis = shown.map(
    (s) =>
      `${line(x(s), top, x(s), bottom, s === 0 ? 0.5 : theme.gridOpacity)}<text x="${px(x(s))}" y="${px(bottom + 16)}" text-anchor="middle" font-size="12">${String(s).replace("-", "−")}</text>`,
  );
  return (
    svgOpening(
      Math.ceil(width),
      Math.ceil(bottom + axisHeight),
      "tests in units of the spread of real rows",
    ) +
    `<rect x="${px(x(-2))}" y="${top}" width="${px(x(2) - x(-2))}" height="${px(bottom - top)}" fill="currentColor" fill-opacity="0.08"/>` +
    `${axis.join("")}${rows.join("")}<text x="${px(left + plotWidth / 2)}" y="${px(bottom + 36)}" text-anchor="middle">distance from real rows (spreads of real rows)</text>` +
    `${legendMarkup(entries, 10, 4, width - 20)}</svg>`
  );
}

const colourOf = (i: number) => colours[i % colours.length] as string;
