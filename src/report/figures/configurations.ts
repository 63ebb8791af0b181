import { usageError } from "../../error.ts";
import { type CellColours, cellColours, keyMarkup, type SiteValues } from "./cell-colours.ts";
import { pixelsMarkup, runsMarkup } from "./cells.ts";
import { emptyFigure, px, svgOpening } from "./svg.ts";

/** What {@link configurations} draws. */
export interface ConfigurationsData {
  /** What a site holds, which decides the colours and the legend. */
  readonly site: SiteValues;
  /** Shape of one configuration: [sites] or [rows, columns]; of more dimensions the first plane is shown. */
  readonly shape: readonly number[];
  /** Configurations of the data, [n, ...shape] row-major: 0/1 or −1/+1 for spins, 0, 1, … for states; NaN is blank. */
  readonly data?: ArrayLike<number> | undefined;
  /** Configurations drawn from the model, likewise. */
  readonly model?: ArrayLike<number> | undefined;
  /** Maximum number of configurations of each (default 16). */
  readonly count?: number | undefined;
  /** Configurations side by side in a panel (default: about as many as rows). */
  readonly across?: number | undefined;
  /** Titles of the panels (default `data` and `model`). */
  readonly titles?: readonly [data: string, model: string] | undefined;
}

const panelWidth = 224;
const panelGap = 32;
const side = 2;
const titleHeight = 24;
const keyHeight = 28;
/** Cells of one panel; configurations beyond are not shown, so that a report stays small. */
const cellBudget = 65_536;

/**
 * Draws configurations of the data next to those of the model, in the same arrangement and colours: lattices
 * as a square grid of small maps, chains as rows. Colours of a real field span the data's central 98 %, equal
 * in both panels.
 * @throws usage error when values do not fill whole configurations.
 */
export function configurations(input: ConfigurationsData): string {
  const plane = planeOf(input.shape);
  const panels = panelsOf(input);
  if (panels.length === 0 || plane.volume === 0) return emptyFigure("no configurations to draw");
  for (const { title, values } of panels)
    if (values.length % plane.volume !== 0)
      throw usageError(
        `${values.length} values of the ${title} do not fill configurations of shape [${input.shape.join(", ")}]`,
      );

  const most = Math.max(...panels.map((p) => p.values.length / plane.volume));
  const continuous = input.site.kind === "real" || input.site.kind === "circle";
  const layout = arrange(plane, Math.min(most, input.count ?? 16), continuous, input.across);
  const colours = cellColours(input.site, panels[0]!.values);
  // A viewer may smooth an image: columns of a table are no field, and must not run into one another.
  const isTable = input.site.kind === "real" && input.site.ends !== undefined;
  const cells = continuous && !isTable ? pixelsMarkup : runsMarkup;
  const step = layout.width + panelGap;
  const width = 2 * side + Math.max(panels.length * step - panelGap, 2 * panelWidth * 0.75);
  const height = titleHeight + layout.height + keyHeight;
  const body = panels.map(
    ({ title, name, values }, i) =>
      `<text x="${px(side + i * step)}" y="16" font-weight="600">${name}` +
      `${input.shape.length > 2 ? ", first planes" : ""}</text>` +
      `<g class="${title}" transform="translate(${px(side + i * step)},${titleHeight})" ` +
      `shape-rendering="crispEdges">${panelMarkup(values, plane, layout, colours, cells)}</g>`,
  );
  const key = keyMarkup(input.site, colours, side, height - keyHeight / 2 + 4);
  const description = `configurations: ${panels.map((p) => p.name).join(" beside ")}`;
  return `${svgOpening(Math.ceil(width), Math.ceil(height), description)}${body.join("")}${key}</svg>`;
}

interface Panel {
  readonly title: "data" | "model";
  readonly name: string;
  readonly values: ArrayLike<number>;
}

function panelsOf({ data, model, titles = ["data", "model"] }: ConfigurationsData): Panel[] {
  const panels: Panel[] = [];
  if (data && data.length > 0) panels.push({ title: "data", name: titles[0], values: data });
  if (model && model.length > 0) panels.push({ title: "model", name: titles[1], values: model });
  return panels;
}

interface Plane {
  readonly rows: number;
  readonly columns: number;
  /** Number of sites of a whole configuration; the plane is its first part. */
  readonly volume: number;
  readonly chain: boolean;
}

function planeOf(shape: readonly number[]): Plane {
  const volume = shape.reduce((a, b) => a * b, 1);
  const chain = shape.length <= 1;
  return { rows: chain ? 1 : shape.at(-2)!, columns: shape.at(-1) ?? 1, volume, chain };
}

interface Layout {
  readonly count: number;
  readonly across: number;
  /** Side of a cell, and the space between configurations, in px. */
  readonly cell: number;
  readonly gap: number;
  readonly width: number;
  readonly height: number;
}

/** Cells of discrete states are whole or half px, so that on screen all are the same size. */
function arrange(plane: Plane, wanted: number, continuous: boolean, side?: number): Layout {
  const count = Math.max(1, Math.min(wanted, Math.floor(cellBudget / (plane.rows * plane.columns))));
  const across = plane.chain ? 1 : (side ?? Math.ceil(Math.sqrt(count)));
  const gap = plane.chain ? 3 : 8;
  const exact = (panelWidth - (across - 1) * gap) / (across * plane.columns);
  const fitted =
    continuous || exact < 1 ? exact : Math.floor(exact * (exact < 4 ? 2 : 1)) / (exact < 4 ? 2 : 1);
  const cell = Math.min(fitted, plane.chain ? 12 : 24);
  const down = Math.ceil(count / across);
  const size = (n: number, sites: number) => n * sites * cell + (n - 1) * gap;
  return { count, across, cell, gap, width: size(across, plane.columns), height: size(down, plane.rows) };
}

function panelMarkup(
  values: ArrayLike<number>,
  plane: Plane,
  { across, cell, gap, count }: Layout,
  { index, palette }: CellColours,
  cells: typeof runsMarkup,
): string {
  const shown = Math.min(count, values.length / plane.volume);
  const parts: string[] = [];
  for (let i = 0; i < shown; i++) {
    const x = (i % across) * (plane.columns * cell + gap);
    const y = Math.floor(i / across) * (plane.rows * cell + gap);
    const colourAt = (at: number) => index(values[i * plane.volume + at]!);
    parts.push(
      `<g transform="translate(${px(x)},${px(y)}) scale(${Math.round(cell * 1e4) / 1e4})">` +
        `${cells(plane.rows, plane.columns, colourAt, palette)}</g>`,
    );
  }
  return parts.join("");
}
