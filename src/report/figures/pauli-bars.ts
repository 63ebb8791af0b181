import { escapeMarkup } from "../escape.ts";
import type { Measured } from "./chart.ts";
import { legendHeight, legendMarkup, textWidth } from "./legend.ts";
import { emptyFigure, px, svgOpening } from "./svg.ts";
import { theme } from "./theme.ts";

/** What {@link pauliBars} draws. */
export interface PauliBarsData {
  /** Pauli strings from the top, such as `XIZ`. */
  readonly strings: readonly {
    readonly name: string;
    /** The mean from the shots alone; omitted if no shot measured it. */
    readonly data?: Measured | undefined;
    readonly model: number;
    readonly target?: number | undefined;
  }[];
}

const rowHeight = 21;

/** Means of Pauli strings, a line each from −1 to 1: of the data with one standard error, of the model and of the target. */
export function pauliBars({ strings }: PauliBarsData): string {
  if (strings.length === 0) return emptyFigure("no Pauli strings to draw");
  const { width, colour } = theme;
  const left = 18 + 1.25 * Math.max(...strings.map(({ name }) => textWidth(name, 13)));
  const right = width - 20;
  const x = (value: number) =>
    left + ((Math.max(-1.05, Math.min(1.05, value)) + 1.05) / 2.1) * (right - left);
  const hasTarget = strings.some(({ target }) => target !== undefined);
  const legend = [
    { key: "dot" as const, colour: colour.data, label: "data" },
    { key: "ring" as const, colour: colour.model, label: "model" },
    ...(hasTarget ? [{ key: "tick" as const, colour: colour.exact, label: "target" }] : []),
  ];
  const top = legendHeight(legend, right - left) + 10;
  const bottom = top + strings.length * rowHeight;
  const rows = strings.map((one, i) => rowMarkup(one, top + (i + 0.5) * rowHeight, left, right, x));
  const axis = [-1, -0.5, 0, 0.5, 1].map(
    (value) =>
      line(x(value), top, x(value), bottom, faint(value === 0 ? 0.5 : 0.1)) +
      `<text x="${px(x(value))}" y="${px(bottom + 16)}" text-anchor="middle" font-size="13">${String(value).replace("-", "−")}</text>`,
  );
  return (
    `${svgOpening(width, Math.ceil(bottom + 44), "means of Pauli strings")}${legendMarkup(legend, left, 4, right - left)}` +
    `${axis.join("")}${rows.join("")}<text x="${px((left + right) / 2)}" y="${px(bottom + 38)}" text-anchor="middle">mean of the Pauli string</text></svg>`
  );
}

/** The line of a string: the data above its middle, the model below. */
function rowMarkup(
  { name, data, model, target }: PauliBarsData["strings"][number],
  y: number,
  left: number,
  right: number,
  x: (value: number) => number,
): string {
  const { colour } = theme;
  const parts = [
    `<text x="${px(left - 8)}" y="${px(y)}" dy="0.33em" text-anchor="end" font-size="13">${escapeMarkup(name)}</text>`,
    line(left, y, right, y, faint(0.06)),
    line(x(0), y, x(model), y, `stroke="${colour.model}" stroke-width="8" stroke-opacity="0.22"`),
  ];
  if (target !== undefined)
    parts.push(line(x(target), y - 9, x(target), y + 9, `stroke="${colour.exact}" stroke-width="2"`));
  if (data && Number.isFinite(data.value)) {
    const [error, above] = [data.error ?? 0, y - 4];
    parts.push(
      line(
        x(data.value - error),
        above,
        x(data.value + error),
        above,
        `${faint(1)} stroke-width="${theme.errorWidth}"`,
      ),
      `<circle class="data" cx="${px(x(data.value))}" cy="${px(above)}" r="2.4" fill="${colour.data}"/>`,
    );
  }
  parts.push(
    `<circle class="model" cx="${px(x(model))}" cy="${px(y + 4)}" r="3.6" fill="none" stroke="${colour.model}" stroke-width="1.5"/>`,
  );
  return parts.join("");
}

const line = (x1: number, y1: number, x2: number, y2: number, more: string) =>
  `<path d="M${px(x1)},${px(y1)}L${px(x2)},${px(y2)}" fill="none" ${more}/>`;
const faint = (opacity: number) => `stroke="currentColor" stroke-opacity="${opacity}"`;
