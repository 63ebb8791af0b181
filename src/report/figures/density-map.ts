import type { ComplexMatrix } from "../../stats/hermitian-eigen.ts";
import { escapeMarkup } from "../escape.ts";
import { basisNames, largestEntry } from "./basis-states.ts";
import { pixelsMarkup, runsMarkup } from "./cells.ts";
import { signed } from "./colours.ts";
import { formatNumber } from "./format.ts";
import { fitted } from "./matrix-frame.ts";
import { emptyFigure, px, svgOpening } from "./svg.ts";
import { theme } from "./theme.ts";

/** Matrices of {@link densityMap} that share a scale of colours. */
export interface DensityMapGroup {
  /** Each with its name, such as `estimate` or `target`. */
  readonly matrices: readonly { readonly name: string; readonly matrix: ComplexMatrix }[];
}

/** What {@link densityMap} draws. */
export interface DensityMapData {
  /** Groups from the top: a difference has a separate scale. */
  readonly groups: readonly DensityMapGroup[];
}

/** Number of shades; odd, so that 0 has its own shade. */
const shades = 97;
const palette = Array.from({ length: shades }, (_, k) => signed((2 * k) / (shades - 1) - 1));
/** Px between the two columns, above each row of maps for its names, and below each group for its scale. */
const [between, above, below] = [18, 24, 40];
const fontSize = 13;
/** Up to this many rows maps are drawn as shapes, beyond as a picture. */
const mostShapes = 16;

/**
 * Density matrices as maps of colours, real parts on the left and imaginary parts on the right; blue is negative, white 0, red positive.
 * Rows are kets, columns bras, qubit 0 first.
 */
export function densityMap({ groups }: DensityMapData): string {
  const first = groups[0]?.matrices[0]?.matrix;
  if (!first) return emptyFigure("no matrices to draw");
  const { n } = first;
  const names = basisNames(n);
  const qubits = names[0]!.length;
  const left = Math.max(30, 22 + qubits * 7.5);
  const side = (theme.width - left - between - 8) / 2;
  const parts: string[] = [];
  let y = 0;
  for (const { matrices } of groups) {
    const scale = largestEntry(matrices.map(({ matrix }) => matrix)) || 1;
    for (const { name, matrix } of matrices) {
      for (const [column, part] of (["re", "im"] as const).entries()) {
        const x = left + column * (side + between);
        const title = `${part === "re" ? "Re" : "Im"} of ${name}`;
        parts.push(
          `<text x="${px(x + side / 2)}" y="${px(y + 16)}" text-anchor="middle">${escapeMarkup(fitted(title, side, theme.fontSize))}</text>`,
          mapMarkup(matrix[part], n, scale, x, y + above, side),
        );
      }
      parts.push(rowLabels(names, left - 6, y + above, side));
      y += above + side;
    }
    parts.push(scaleMarkup(scale, left, y + 20));
    y += below;
  }
  return `${svgOpening(theme.width, Math.ceil(y), "density matrix as a map of colours")}${parts.join("")}</svg>`;
}

function mapMarkup(
  values: Float64Array,
  n: number,
  scale: number,
  x: number,
  y: number,
  side: number,
): string {
  const shade = (site: number) => {
    const value = values[site]!;
    if (!Number.isFinite(value)) return -1;
    return Math.round(((Math.max(-1, Math.min(1, value / scale)) + 1) / 2) * (shades - 1));
  };
  const cells = (n <= mostShapes ? runsMarkup : pixelsMarkup)(n, n, shade, palette);
  const size = side / n;
  return (
    `<g transform="translate(${px(x)},${px(y)}) scale(${size})" shape-rendering="crispEdges">${cells}</g>` +
    `<rect x="${px(x)}" y="${px(y)}" width="${px(side)}" height="${px(side)}" fill="none" stroke="currentColor" stroke-opacity="0.35"/>`
  );
}

/** Kets next to the rows, as many as there is room for. */
function rowLabels(names: readonly string[], x: number, y: number, side: number): string {
  const size = side / names.length;
  let step = 1;
  while (step * size < fontSize + 2) step *= 2;
  return names
    .map((name, k) =>
      k % step === 0
        ? `<text x="${px(x)}" y="${px(y + (k + 0.5) * size)}" dy="0.33em" text-anchor="end" font-size="${fontSize}">|${name}⟩</text>`
        : "",
    )
    .join("");
}

function scaleMarkup(scale: number, x: number, y: number): string {
  const width = 150;
  const step = width / shades;
  const end = formatNumber(Number(scale.toPrecision(3)));
  const cells = palette.map(
    (colour, k) =>
      `<rect x="${px(x + 52 + k * step)}" y="${px(y - 6)}" width="${px(step + 0.3)}" height="12" fill="${colour}"/>`,
  );
  return (
    `<g class="key"><text x="${px(x + 46)}" y="${px(y)}" dy="0.33em" text-anchor="end">−${end}</text>` +
    `<g shape-rendering="crispEdges">${cells.join("")}</g>` +
    `<text x="${px(x + 58 + width)}" y="${px(y)}" dy="0.33em">${end}</text></g>`
  );
}
