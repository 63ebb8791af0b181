import { histogram } from "../../stats/histogram.ts";
import { axisScale, scaledLabel } from "./axis-scale.ts";
import { type LegendEntry, legendHeight, legendMarkup } from "./legend.ts";
import { fitted, label } from "./matrix-frame.ts";
import { emptyFigure, px, svgOpening } from "./svg.ts";
import { theme } from "./theme.ts";

/** Data of {@link pairs}. */
export interface PairsData {
  /** The names of the columns. */
  readonly names: readonly string[];
  /** Each column of the data. */
  readonly data: readonly ArrayLike<number>[];
  /** Each column of the model's samples. */
  readonly model: readonly ArrayLike<number>[];
}

const gap = 8;
const margin = { left: 74, bottom: 54, right: 4 };
/** Points of a scatter plot: more hide one another. */
const mostPoints = 500;
const bins = 24;
const small = 11;

/**
 * Columns of data and model against one another: histograms on the diagonal, pairs of the data below it and of the model's
 * samples above it. Each column has its own scale, which spans the central 99 % of the data.
 */
export function pairs({ names, data, model }: PairsData): string {
  const n = names.length;
  if (n === 0 || (data[0]?.length ?? 0) === 0) return emptyFigure("no columns to draw");
  const cell = Math.max(84, Math.floor((theme.width - margin.left) / n) - gap);
  const width = margin.left + n * (cell + gap) + margin.right;
  const legend: LegendEntry[] = [
    { key: "bar", colour: theme.colour.data, label: "data, below the diagonal" },
    { key: "dot", colour: theme.colour.model, label: "model, above" },
  ];
  const top = legendHeight(legend, width - margin.left) + 6;
  const ranges = data.map(central);
  const at = (place: number) => place * (cell + gap);
  const cells: string[] = [];
  for (let row = 0; row < n; row++)
    for (let column = 0; column < n; column++) {
      const inside =
        row === column
          ? histograms(data[row]!, model[row]!, ranges[row]!, cell)
          : scatter(
              row > column ? [data[column]!, data[row]!] : [model[column]!, model[row]!],
              [ranges[column]!, ranges[row]!],
              cell,
              row > column ? "data" : "model",
            );
      cells.push(
        `<g transform="translate(${px(margin.left + at(column))},${px(top + at(row))})">${inside}` +
          `<rect width="${cell}" height="${cell}" fill="none" stroke="currentColor" stroke-opacity="0.35"/></g>`,
      );
    }
  const axes = names.map((name, i) =>
    axesOf(name, ranges[i]!, i, { cell, top, bottom: top + at(n) - gap, at }),
  );
  const height = top + at(n) + margin.bottom;
  return (
    `${svgOpening(Math.ceil(width), Math.ceil(height), `pairs of ${names.join(", ")}`)}` +
    `${legendMarkup(legend, margin.left, 0, width - margin.left)}${cells.join("")}${axes.join("")}</svg>`
  );
}

type Ends = readonly [number, number];

/** The central 99 % of values, with a little room. */
function central(values: ArrayLike<number>): Ends {
  const sorted = Float64Array.from(values).sort();
  const low = sorted[Math.floor(0.005 * (sorted.length - 1))] as number;
  const high = sorted[Math.ceil(0.995 * (sorted.length - 1))] as number;
  const room = 0.05 * (high - low) || Math.abs(low) * 0.1 || 1;
  return [low - room, high + room];
}

/** Ends of a column's scale and its name: below its cells and, turned, left of them. */
function axesOf(
  name: string,
  range: Ends,
  place: number,
  { cell, top, bottom, at }: { cell: number; top: number; bottom: number; at: (place: number) => number },
): string {
  const scale = axisScale(range);
  const { tick = short } = scale;
  const room = 0.06 * (range[1] - range[0]);
  const [low, high] = [tick(range[0] + room), tick(range[1] - room)].map((text) =>
    fitted(text, cell / 2 - 2, small),
  );
  const [x, y] = [margin.left + at(place), top + at(place)];
  const title = fitted(name, cell + gap, small + 1);
  // What the ticks leave out has a line of its own: a long name would push it away.
  const ticks = scaledLabel("value", scale);
  const turned = ` transform="rotate(-90 ${px(12)} ${px(y + cell / 2)})"`;
  return (
    label(low!, x, bottom + 12, { size: small, anchor: "start" }) +
    label(high!, x + cell, bottom + 12, { size: small, anchor: "end" }) +
    label(title, x + cell / 2, bottom + 28, { size: small + 1 }) +
    (ticks === "value"
      ? ""
      : label(fitted(ticks, cell + gap, small - 1), x + cell / 2, bottom + 43, { size: small - 1 })) +
    label(high!, margin.left - 5, y + 7, { size: small, anchor: "end" }) +
    label(low!, margin.left - 5, y + cell - 7, { size: small, anchor: "end" }) +
    label(title, 12, y + cell / 2, { size: small + 1, more: turned })
  );
}

const short = (v: number) => String(Number(v.toPrecision(3))).replace("-", "−");

/** Both histograms over the same bins, in one scale of density. */
function histograms(data: ArrayLike<number>, model: ArrayLike<number>, range: Ends, cell: number): string {
  const density = (values: ArrayLike<number>) =>
    values.length === 0 ? [] : histogram(values, { bins, range }).probability.map(({ value }) => value);
  const [own, drawn] = [density(data), density(model)];
  const most = Math.max(...own, ...drawn) || 1;
  const y = (p: number) => cell * (1 - (0.94 * p) / most);
  const step = cell / bins;
  const outline = (heights: readonly number[]) =>
    heights.map((p, i) => `${i === 0 ? "M" : "L"}${px(i * step)},${px(y(p))}H${px((i + 1) * step)}`).join("");
  const bars =
    own.length > 0
      ? `<path class="data" d="M0,${cell}${outline(own).replace("M", "L")}V${cell}z" fill="${theme.colour.data}" fill-opacity="0.16"/>`
      : "";
  return `${bars}<path class="model" d="${outline(drawn)}" fill="none" stroke="${theme.colour.model}" stroke-width="1.5"/>`;
}

/** Points within both ranges, every n-th of them if there are many. */
function scatter(
  [x, y]: readonly [ArrayLike<number>, ArrayLike<number>],
  [across, up]: readonly [Ends, Ends],
  cell: number,
  name: "data" | "model",
): string {
  const every = Math.max(1, Math.ceil(x.length / mostPoints));
  const points: string[] = [];
  const place = (v: number, [low, high]: Ends) => (v - low) / (high - low);
  for (let row = 0; row < x.length; row += every) {
    const [a, b] = [place(x[row] as number, across), place(y[row] as number, up)];
    if (a >= 0 && a <= 1 && b >= 0 && b <= 1) points.push(`M${px(a * cell)},${px((1 - b) * cell)}h0`);
  }
  return `<path class="${name}" d="${points.join("")}" stroke="${theme.colour[name]}" stroke-opacity="0.45" stroke-width="2.4" stroke-linecap="round" fill="none"/>`;
}
