import { formatEstimate } from "../../stats/estimate.ts";
import type { Measured } from "./chart.ts";
import { diverging } from "./colours.ts";
import { trueMinus } from "./format.ts";
import { fitted, label } from "./matrix-frame.ts";
import { emptyFigure, px, svgOpening } from "./svg.ts";

/** A correlation of two columns, of data and model. */
export interface CorrelationCell {
  /** The column with the smaller number. */
  readonly first: number;
  /** The other column. */
  readonly second: number;
  /** That of the data. */
  readonly data: Measured;
  /** That of the model's samples. */
  readonly model: Measured;
}

/** Data of {@link correlationMatrix}. */
export interface CorrelationMatrixData {
  /** The names of the columns. */
  readonly names: readonly string[];
  /** One for each pair. */
  readonly cells: readonly CorrelationCell[];
}

const gap = 2;
const title = 26;
/** Differences of more standard errors than this are set in bold. */
const faraway = 3;

/**
 * Correlations between columns with their errors: of the data below the diagonal, of the model above it, in one scale of colours from
 * −1 to 1. Those of the model that differ from the data by more than three standard errors are bold.
 */
export function correlationMatrix({ names, cells }: CorrelationMatrixData): string {
  const n = names.length;
  if (n < 2) return emptyFigure("one column has no correlations");
  const cell = Math.max(58, Math.min(96, Math.floor(480 / n) - gap));
  const width = n * (cell + gap);
  const at = (place: number) => place * (cell + gap);
  const size = cell < 70 ? 11 : 12;
  const one = (value: Measured, row: number, column: number, away: boolean) =>
    cellMarkup(value, at(column), title + at(row), cell, size, away);
  const body = cells.map(({ first, second, data, model }) => {
    const error = Math.hypot(data.error ?? 0, model.error ?? 0);
    const away = Math.abs(model.value - data.value) > faraway * error;
    return `<g class="data">${one(data, second, first, false)}</g><g class="model">${one(model, first, second, away)}</g>`;
  });
  const diagonal = names.map((name, i) =>
    label(fitted(name, cell - 14, size + 1), at(i) + cell / 2, title + at(i) + cell / 2, {
      size: size + 1,
      more: ' font-weight="600"',
    }),
  );
  const heading = label("data below the diagonal, model above", 0, 10, { size: 14, anchor: "start" });
  return `${svgOpening(Math.max(width, 280), title + width, `correlations of ${names.join(", ")}`)}${heading}${body.join("")}${diagonal.join("")}</svg>`;
}

function cellMarkup(
  value: Measured,
  x: number,
  y: number,
  cell: number,
  size: number,
  away: boolean,
): string {
  const known = Number.isFinite(value.value);
  const fill = known ? diverging((Math.max(-1, Math.min(1, value.value)) + 1) / 2) : "none";
  const ink = known && Math.abs(value.value) > 0.6 ? "#fff" : "#111";
  const [number = "", error] = trueMinus(
    formatEstimate({ value: value.value, error: value.error ?? Number.NaN }),
  ).split(" ± ");
  const more = ` fill="${known ? ink : "currentColor"}"${away ? ' font-weight="700"' : ""}`;
  const middle = x + cell / 2;
  return (
    `<rect x="${px(x)}" y="${px(y)}" width="${cell}" height="${cell}" fill="${fill}" stroke="currentColor" stroke-opacity="0.15"/>` +
    label(known ? number : "–", middle, y + cell / 2 - (error ? 8 : 0), { size, more }) +
    (error && known ? label(`± ${error}`, middle, y + cell / 2 + 9, { size: size - 1, more }) : "")
  );
}
