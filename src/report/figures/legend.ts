import { escapeMarkup } from "../escape.ts";
import { px } from "./svg.ts";
import { theme } from "./theme.ts";

/** How a series is drawn, and so how its key looks. */
export type LegendKey = "line" | "dash" | "dot" | "ring" | "bar" | "tick";

/** One line of a legend. */
export interface LegendEntry {
  readonly key: LegendKey;
  readonly colour: string;
  readonly label: string;
}

const keyWidth = 20;
const keyGap = 6;
const entryGap = 18;
const lineHeight = 20;

/** Width in px of `text` in the figures' typeface, a little generous: fallback typefaces run wider. */
export function textWidth(text: string, fontSize: number = theme.fontSize): number {
  let ems = 0;
  for (const c of text)
    ems += /[ .,:;|!'il()⟨⟩]/.test(c) ? 0.29 : /[mwMW@%]/.test(c) ? 0.85 : /[A-Z]/.test(c) ? 0.62 : 0.53;
  return ems * fontSize;
}

/** Entries broken into rows no wider than `width` px, each with its offset from the left. */
function layOut(entries: readonly LegendEntry[], width: number) {
  const rows: { entry: LegendEntry; x: number }[][] = [];
  let x = Number.POSITIVE_INFINITY;
  for (const entry of entries) {
    const size = keyWidth + keyGap + textWidth(entry.label);
    if (x + size > width) {
      rows.push([]);
      x = 0;
    }
    rows.at(-1)!.push({ entry, x });
    x += size + entryGap;
  }
  return rows;
}

/** Height in px that a legend of these entries needs in a chart `width` px wide; 0 for none. */
export function legendHeight(entries: readonly LegendEntry[], width: number): number {
  return entries.length === 0 ? 0 : layOut(entries, width).length * lineHeight + 4;
}

/**
 * Returns the SVG of a legend with its top left corner at (`left`, `top`), broken into rows of at most
 * `width` px.
 */
export function legendMarkup(
  entries: readonly LegendEntry[],
  left: number,
  top: number,
  width: number,
): string {
  const rows = layOut(entries, width).map((row, i) => {
    const y = top + i * lineHeight + lineHeight / 2;
    return row
      .map(
        ({ entry, x }) =>
          keyMarkup(entry, left + x, y) +
          `<text x="${px(left + x + keyWidth + keyGap)}" y="${px(y)}" dy="0.33em">${escapeMarkup(entry.label)}</text>`,
      )
      .join("");
  });
  return `<g class="legend">${rows.join("")}</g>`;
}

function keyMarkup({ key, colour }: LegendEntry, x: number, y: number): string {
  const middle = x + keyWidth / 2;
  const line = (extra: string) =>
    `<path d="M${px(x)},${px(y)}h${keyWidth}" stroke="${colour}" stroke-width="${theme.lineWidth}" fill="none"${extra}/>`;
  const bar = `<path d="M${px(middle)},${px(y - 7)}v14" stroke="${colour}" stroke-width="${theme.errorWidth}"/>`;
  switch (key) {
    case "line":
      return line("");
    case "dash":
      return line(` stroke-dasharray="${theme.dash}"`);
    case "dot":
      return `${bar}<circle cx="${px(middle)}" cy="${px(y)}" r="3.2" fill="${colour}"/>`;
    case "ring":
      return (
        `<path d="M${px(middle)},${px(y - 7)}v3.6m0,6.8v3.6" stroke="${colour}" stroke-width="${theme.errorWidth}"/>` +
        `<circle cx="${px(middle)}" cy="${px(y)}" r="3.4" fill="none" stroke="${colour}" stroke-width="1.4"/>`
      );
    case "bar":
      return (
        `<rect x="${px(x + 2)}" y="${px(y - 6)}" width="${keyWidth - 4}" height="12" fill="${colour}" ` +
        `fill-opacity="${theme.bandOpacity}" stroke="${colour}" stroke-opacity="0.5"/>`
      );
    case "tick":
      return `<path d="M${px(middle)},${px(y - 7)}v14" stroke="${colour}" stroke-width="1.2" stroke-dasharray="2,2"/>`;
  }
}
