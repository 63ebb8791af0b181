import { indexedPng } from "./indexed-png.ts";

/**
 * SVG of a map of `rows` by `columns` unit cells: per colour one path of the horizontal runs of that colour, over a
 * rectangle of the commonest one, which is what makes it small. `colourAt(site)` is an index into `palette`, or −1
 * for a blank cell.
 */
export function runsMarkup(
  rows: number,
  columns: number,
  colourAt: (site: number) => number,
  palette: readonly string[],
): string {
  const indices = Array.from({ length: rows * columns }, (_, site) => colourAt(site));
  const background = commonest(indices, palette.length);
  const paths = new Map<number, string[]>();
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; ) {
      const colour = indices[row * columns + column]!;
      let end = column + 1;
      while (end < columns && indices[row * columns + end] === colour) end++;
      if (colour >= 0 && colour !== background) {
        const path = paths.get(colour) ?? [];
        path.push(`M${column},${row}h${end - column}v1h${column - end}z`);
        paths.set(colour, path);
      }
      column = end;
    }
  const ground =
    background < 0 ? "" : `<rect width="${columns}" height="${rows}" fill="${palette[background]}"/>`;
  const runs = [...paths].sort(([a], [b]) => a - b);
  return (
    ground + runs.map(([colour, path]) => `<path fill="${palette[colour]}" d="${path.join("")}"/>`).join("")
  );
}

/** The commonest colour, or −1 when a cell is blank and so nothing may lie under it. */
function commonest(indices: readonly number[], colours: number): number {
  const counts = new Array<number>(colours).fill(0);
  for (const i of indices) {
    if (i < 0) return -1;
    counts[i]!++;
  }
  return counts.indexOf(Math.max(...counts));
}

/**
 * The same map as an embedded image of one pixel a cell, drawn without smoothing: for continuous fields, where
 * hardly two neighbours are equal, it is a tenth of the size.
 */
export function pixelsMarkup(
  rows: number,
  columns: number,
  colourAt: (site: number) => number,
  palette: readonly string[],
): string {
  const pixels = Uint8Array.from({ length: rows * columns }, (_, site) => colourAt(site) + 1);
  const png = indexedPng(columns, rows, pixels, [undefined, ...palette]);
  const base64 = btoa(Array.from(png, (byte) => String.fromCharCode(byte)).join(""));
  return (
    `<image width="${columns}" height="${rows}" preserveAspectRatio="none" image-rendering="optimizeSpeed" ` +
    `href="data:image/png;base64,${base64}"/>`
  );
}
