import { escapeMarkup } from "../escape.ts";
import { type ColourScale, categoryColours, cyclic, diverging, sequential } from "./colours.ts";
import { formatNumber } from "./format.ts";
import { textWidth } from "./legend.ts";
import { px } from "./svg.ts";
import { theme } from "./theme.ts";

/** What a site holds: a spin, one of several states, a real field, or an angle in radians. */
export type SiteValues =
  | {
      /** One of two values, drawn in two colours. */
      readonly kind: "binary";
      /** What the legend calls the two values. */
      readonly labels?: readonly [down: string, up: string] | undefined;
    }
  | {
      /** One of several states, each drawn in its own colour. */
      readonly kind: "categorical";
      /** Number of states, 0 to `states` − 1. */
      readonly states: number;
      /** What the legend calls each state. */
      readonly labels?: readonly string[] | undefined;
    }
  | {
      /** A real number, drawn on a scale of colours. */
      readonly kind: "real";
      /** What stands at the ends of the scale in place of its numbers. */
      readonly ends?: readonly [low: string, high: string] | undefined;
      /** The quantity with its unit, for the legend. */
      readonly label?: string | undefined;
    }
  | {
      /** An angle in radians, drawn on a scale of colours that closes on itself. */
      readonly kind: "circle";
      /** The quantity with its unit, for the legend. */
      readonly label?: string | undefined;
    };

/** How the values of sites become colours. */
export interface CellColours {
  readonly palette: readonly string[];
  /** The place in the palette of a site's value; −1, blank, for NaN and for what is no state. */
  readonly index: (value: number) => number;
  /** Values at the ends of a continuous scale. */
  readonly range?: readonly [number, number];
}

/** Number of levels of a continuous scale: finer than the eye resolves in a small map. */
const levels = 64;

/** Most colours of categories; of more states neighbours share one. */
const mostColours = 256;

/** Returns the colours of `site`'s values; those of a real field are scaled to `data`. */
export function cellColours(site: SiteValues, data: ArrayLike<number>): CellColours {
  switch (site.kind) {
    case "binary":
      return {
        palette: [theme.spin.down, theme.spin.up],
        index: (v) => (Number.isNaN(v) ? -1 : v > 0 ? 1 : 0),
      };
    case "categorical": {
      const { states } = site;
      const colours = Math.min(states, mostColours);
      return {
        palette: categoryColours(colours),
        index: (v) => (Number.isInteger(v) && v >= 0 && v < states ? Math.floor((v * colours) / states) : -1),
      };
    }
    case "real": {
      const [low, high, scale] = realScale(data);
      return {
        palette: sampled(scale),
        index: (v) => (Number.isNaN(v) ? -1 : level((v - low) / (high - low))),
        range: [low, high],
      };
    }
    case "circle":
      return {
        palette: sampled(cyclic),
        index: (v) => (Number.isFinite(v) ? level(v / (2 * Math.PI) - Math.floor(v / (2 * Math.PI))) : -1),
      };
  }
}

const sampled = (scale: ColourScale) => Array.from({ length: levels }, (_, k) => scale(k / (levels - 1)));

const level = (t: number) => Math.min(levels - 1, Math.max(0, Math.floor(t * levels)));

/** Symmetric about zero for a field of both signs, else from the 1st to the 99th percentile. */
function realScale(data: ArrayLike<number>): [number, number, ColourScale] {
  const sorted = Array.from(data)
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  const low = sorted[Math.floor(0.01 * (sorted.length - 1))] ?? 0;
  const high = sorted[Math.ceil(0.99 * (sorted.length - 1))] ?? 0;
  if (low < 0 && high > 0) {
    const bound = Math.max(-low, high);
    return [-bound, bound, diverging];
  }
  return high > low ? [low, high, sequential] : [low - 0.5, low + 0.5, sequential];
}

/** The key under the panels: a swatch per state, or a colour bar with its ends. */
export function keyMarkup(site: SiteValues, colours: CellColours, x: number, y: number): string {
  if (site.kind === "binary") return swatches(colours.palette, site.labels ?? ["down", "up"], x, y);
  if (site.kind === "categorical") {
    const label = (state: number) => site.labels?.[state] ?? String(state);
    if (site.states > theme.categories.length)
      return bar(colours.palette, label(0), label(site.states - 1), x, y);
    const labels = colours.palette.map((_, k) => label(k));
    return swatches(colours.palette, labels, x, y);
  }
  if (site.kind === "circle") return bar(colours.palette, "0", "2π", x, y, site.label);
  if (site.ends) return bar(colours.palette, ...site.ends, x, y, site.label);
  const [low, high] = colours.range!;
  // Both ends to a hundredth of what lies between them.
  const places = Math.min(20, Math.max(0, 2 - Math.floor(Math.log10(high - low))));
  const end = (value: number) => formatNumber(Number(value.toFixed(places)));
  return bar(colours.palette, end(low), end(high), x, y, site.label);
}

function swatches(palette: readonly string[], labels: readonly string[], x: number, y: number): string {
  let left = x;
  const parts = palette.map((colour, k) => {
    const label = labels[k] ?? "";
    const part =
      `<rect x="${px(left)}" y="${px(y - 6)}" width="12" height="12" fill="${colour}" stroke="currentColor" ` +
      `stroke-opacity="0.3" stroke-width="0.75"/>${text(label, left + 18, y)}`;
    left += 18 + textWidth(label) + 16;
    return part;
  });
  return `<g class="key">${parts.join("")}</g>`;
}

function bar(
  palette: readonly string[],
  low: string,
  high: string,
  x: number,
  y: number,
  label?: string,
): string {
  const left = x + 1.3 * textWidth(low) + 6;
  const step = 128 / palette.length;
  const cells = palette.map(
    (colour, k) =>
      `<rect x="${px(left + k * step)}" y="${px(y - 5)}" width="${px(step)}" height="10" fill="${colour}"/>`,
  );
  const right = left + 128 + 6;
  return (
    `<g class="key">${text(low, x, y)}<g shape-rendering="crispEdges">${cells.join("")}</g>` +
    `${text(high, right, y)}${label ? text(label, right + 1.3 * textWidth(high) + 10, y) : ""}</g>`
  );
}

function text(content: string, x: number, y: number): string {
  return `<text x="${px(x)}" y="${px(y)}" dy="0.33em">${escapeMarkup(content)}</text>`;
}
