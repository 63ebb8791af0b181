import type { ComplexMatrix } from "../../stats/hermitian-eigen.ts";
import { escapeMarkup } from "../escape.ts";
import { basisNames, largestEntry } from "./basis-states.ts";
import { signed } from "./colours.ts";
import { formatNumber } from "./format.ts";
import { legendMarkup } from "./legend.ts";
import { emptyFigure, px, svgOpening } from "./svg.ts";
import { theme } from "./theme.ts";

/** What {@link densityBars} draws. */
export interface DensityBarsData {
  /** The matrix, or a block of one: at most 32 rows. */
  readonly matrix: ComplexMatrix;
  /** Which part is drawn. Both parts have one scale, so that two figures compare. */
  readonly part: "real" | "imaginary";
  /** What the state should be, drawn as outlines; of the same rows as `matrix`. */
  readonly target?: ComplexMatrix | undefined;
  /** The bits of each row (default: all basis states in order). */
  readonly names?: readonly string[] | undefined;
}

/** Most rows: beyond, bars hide each other. */
const mostRows = 32;
/** The turn of the floor about the vertical, and the sine of the angle from which it is seen. */
const turn = (32 * Math.PI) / 180;
const [along, across] = [Math.cos(turn), Math.sin(turn)];
const rise = 0.46;
/** Sizes in px: the floor from its left corner to the right one, the full scale, the margins. */
const [floor, tall, left, top] = [356, 150, 54, 36];
/** Values below 0 by this share of the scale hang under the floor without a scale of their own. */
const tolerated = 0.06;
/** Half of what a bar leaves free of its cell. */
const gap = 0.14;
/** Least height in px of what is drawn: flatter bars are the floor. */
const flat = 0.6;
/** Least distance of two labels of an axis in px. */
const lineGap = 12;

interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * Draws a part of a density matrix as bars in three dimensions, the first row at the back: kets |row⟩ along
 * the right edge, bras ⟨column| along the left one. Bars of a target are outlines around those of the
 * estimate. Colours are those of the heat map.
 */
export function densityBars({ matrix, part, target, names }: DensityBarsData): string {
  const { n } = matrix;
  if (n > mostRows) return emptyFigure(`${n} rows are too many bars`);
  const all = target ? [matrix, target] : [matrix];
  const largest = largestEntry(all);
  if (!(largest > 0 && Number.isFinite(largest))) return emptyFigure("no entries to draw");
  const scale = niceAbove(largest);
  const values = part === "real" ? matrix.re : matrix.im;
  const wanted = target && (part === "real" ? target.re : target.im);
  const isSigned = all.some(({ re, im }) => lowest(re, im) < -tolerated * scale);
  const shown = [values, ...(wanted ? [wanted] : [])];
  const least = lowest(...shown);
  const bottom = least < -tolerated * scale ? -quartersAbove(-least, scale) : 0;
  const highest = quartersAbove(-lowest(...shown.map((own) => own.map((v) => -v))), scale);
  const unit = floor / (n * (along + across));
  // Px of the full scale, the same for both parts.
  const full = isSigned ? 0.75 * tall : tall;
  const height = (full * highest) / scale;
  const at = (row: number, column: number, value: number): Point => ({
    x: left + unit * (across * n + along * column - across * row),
    y: top + height + unit * rise * (across * column + along * row) - (value / scale) * full,
  });
  const drawing = { n, at, scale, bottom, highest, unit };
  const front = at(n, n, bottom);
  const labels = axisLabels(drawing, names ?? basisNames(n));
  const size = Math.ceil(front.y + labels.below);
  const width = theme.width;
  const title = `${part === "real" ? "Re" : "Im"} ρ`;
  const key = target
    ? legendMarkup([{ key: "line", colour: theme.colour.exact, label: "target" }], width - 110, 6, 110)
    : "";
  return (
    svgOpening(width, size, `${part} part of the density matrix as bars`) +
    `<text x="10" y="18" font-size="16" font-weight="600">${title}</text>${key}` +
    `${frame(drawing)}${bars(drawing, values, wanted)}${labels.markup}</svg>`
  );
}

interface Drawing {
  readonly n: number;
  readonly at: (row: number, column: number, value: number) => Point;
  readonly scale: number;
  readonly bottom: number;
  readonly highest: number;
  readonly unit: number;
}

/** The least of 1, 2, 2.5, 5 times a power of ten that is not below `value`. */
function niceAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 2.5, 5, 10].find((m) => m * power >= value * 0.999) ?? 10) * power;
}

/** The least multiple of a quarter of `scale`, one at least, that is not below `value`. */
const quartersAbove = (value: number, scale: number) =>
  (scale * Math.min(4, Math.max(1, Math.ceil((3.8 * value) / scale)))) / 4;

const lowest = (...parts: readonly Float64Array[]) =>
  parts.reduce((low, part) => part.reduce((a, b) => Math.min(a, b), low), 0);

const pointText = ({ x, y }: Point) => `${px(x)},${px(y)}`;
const path = (points: readonly Point[], more: string) =>
  `<path d="M${points.map(pointText).join("L")}" ${more}/>`;

/** The floor at 0, lines of equal value on the walls behind, and the scale at the left corner. */
function frame({ n, at, scale, bottom, highest }: Drawing): string {
  const line = (opacity: number) => `fill="none" stroke="currentColor" stroke-opacity="${opacity}"`;
  const step = highest - bottom > 1.25 * scale ? 0.5 : 0.25;
  const ticks = [-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1].filter(
    (t) => t % step === 0 && t * scale >= bottom && t * scale <= highest,
  );
  const walls = ticks.map((t) => {
    const value = t * scale;
    const corner = at(n, 0, value);
    return (
      path([corner, at(0, 0, value), at(0, n, value)], line(t === 0 ? 0.3 : 0.14)) +
      path([corner, { x: corner.x - 5, y: corner.y }], line(theme.axisOpacity)) +
      `<text x="${px(corner.x - 8)}" y="${px(corner.y)}" dy="0.33em" text-anchor="end" font-size="13">${formatNumber(value, 3)}</text>`
    );
  });
  const grid = Array.from({ length: n + 1 }, (_, i) =>
    i % Math.ceil(n / 16) === 0 || i === n
      ? path([at(i, 0, 0), at(i, n, 0)], line(0.12)) + path([at(0, i, 0), at(n, i, 0)], line(0.12))
      : "",
  );
  const edges = [
    path([at(n, 0, bottom), at(n, 0, highest)], line(theme.axisOpacity)),
    path([at(0, 0, bottom), at(0, 0, highest)], line(0.14)),
    path([at(0, n, bottom), at(0, n, highest)], line(0.14)),
    path([at(n, 0, bottom), at(n, n, bottom), at(0, n, bottom)], line(theme.axisOpacity)),
  ];
  return `<g class="frame">${grid.join("")}${walls.join("")}${edges.join("")}</g>`;
}

/** All bars from the back to the front, the outline of the target's after each. */
function bars(drawing: Drawing, values: Float64Array, target: Float64Array | undefined): string {
  const { n } = drawing;
  const out: string[] = [];
  // Rows and columns both come towards the viewer: neighbours behind are drawn first.
  for (let row = 0; row < n; row++)
    for (let column = 0; column < n; column++) {
      const place = row * n + column;
      out.push(bar(drawing, row, column, values[place]!));
      if (target) out.push(outline(drawing, row, column, target[place]!));
    }
  const ink = `stroke="#222" stroke-opacity="${n > 8 ? 0.25 : 0.45}" stroke-width="0.6"`;
  return `<g class="bars" stroke-linejoin="round" ${ink}>${out.join("")}</g>`;
}

/** The corners of a bar's faces that are seen: towards the left, towards the right, and the upper one. */
function faces({ at }: Drawing, row: number, column: number, value: number): readonly (readonly Point[])[] {
  const [r0, r1, c0, c1] = [row + gap, row + 1 - gap, column + gap, column + 1 - gap];
  const [low, high] = [Math.min(0, value), Math.max(0, value)];
  return [
    [at(r1, c0, low), at(r1, c1, low), at(r1, c1, high), at(r1, c0, high)],
    [at(r1, c1, low), at(r0, c1, low), at(r0, c1, high), at(r1, c1, high)],
    [at(r1, c0, high), at(r1, c1, high), at(r0, c1, high), at(r0, c0, high)],
  ];
}

const isFlat = ({ at }: Drawing, value: number) => Math.abs(at(0, 0, value).y - at(0, 0, 0).y) < flat;

function bar(drawing: Drawing, row: number, column: number, value: number): string {
  if (isFlat(drawing, value)) return "";
  const colour = signed(value / drawing.scale);
  return faces(drawing, row, column, value)
    .map(
      (points, face) =>
        `<path d="M${points.map(pointText).join("L")}z" fill="${darker(colour, [0.7, 0.84, 1][face]!)}"/>`,
    )
    .join("");
}

function outline(drawing: Drawing, row: number, column: number, value: number): string {
  if (isFlat(drawing, value)) return "";
  const d = faces(drawing, row, column, value)
    .map((points) => `M${points.map(pointText).join("L")}z`)
    .join("");
  return `<path class="target" d="${d}" fill="none" stroke="${theme.colour.exact}" stroke-opacity="1" stroke-width="1.2"/>`;
}

function darker(hex: string, factor: number): string {
  const part = (at: number) =>
    Math.round(Number.parseInt(hex.slice(at, at + 2), 16) * factor)
      .toString(16)
      .padStart(2, "0");
  return `#${part(1)}${part(3)}${part(5)}`;
}

/**
 * Bras along the left edge and kets along the right one, each in the direction of its line; a selection if
 * there are many.
 */
function axisLabels({ n, at, bottom, unit }: Drawing, names: readonly string[]) {
  const towards = (a: Point, b: Point) => (Math.atan2(b.y - a.y, b.x - a.x) * 180) / Math.PI;
  const apart = (a: Point, b: Point, degrees: number) => {
    const angle = (degrees * Math.PI) / 180;
    return Math.abs((b.x - a.x) * Math.sin(angle) - (b.y - a.y) * Math.cos(angle));
  };
  const braAngle = towards(at(n, 0, 0), at(0, 0, 0));
  const ketAngle = towards(at(0, 0, 0), at(0, n, 0));
  const braStep = stepOf(apart(at(n, 0, 0), at(n, 1, 0), braAngle));
  const ketStep = stepOf(apart(at(0, n, 0), at(1, n, 0), ketAngle));
  const away = 7 / unit;
  const size = 13;
  const text = (content: string, { x, y }: Point, angle: number, anchor: string) =>
    `<text transform="translate(${px(x)},${px(y)}) rotate(${px(angle)})" dy="0.33em" text-anchor="${anchor}" font-size="${size}">${escapeMarkup(content)}</text>`;
  const markup = names.map(
    (name, k) =>
      (k % braStep === 0 ? text(`⟨${name}|`, at(n + away, k + 0.5, bottom), braAngle, "end") : "") +
      (k % ketStep === 0 ? text(`|${name}⟩`, at(k + 0.5, n + away, bottom), ketAngle, "start") : ""),
  );
  const longest = (names[0]?.length ?? 0) * 0.53 * size + 14;
  return { markup: `<g class="labels">${markup.join("")}</g>`, below: 12 + 0.62 * longest };
}

/** Every how many labels are written when neighbours lie so far apart. */
function stepOf(distance: number): number {
  let step = 1;
  while (step * distance < lineGap) step *= 2;
  return step;
}
