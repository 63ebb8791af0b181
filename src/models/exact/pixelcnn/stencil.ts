import type { Stencil } from "../../../nn/stencil.ts";
import { columnAt, type Grid, type Offset } from "./grid.ts";

/** The stencil of offsets on a grid; only offsets of a vertical stack go around a periodic lattice. */
export function makeStencil(
  grid: Grid,
  offsets: readonly Offset[],
  stack: "vertical" | "horizontal",
): Stencil {
  const { rows, columns } = grid;
  const pixels = rows * columns;
  const taps = offsets.length;
  const reads = new Int32Array(pixels * taps).fill(pixels);
  const readBy = new Int32Array(pixels * taps).fill(pixels);
  for (let pixel = 0; pixel < pixels; pixel++)
    for (const [t, offset] of offsets.entries()) {
      const row = Math.floor(pixel / columns) + offset.dy;
      const column = columnAt(grid, pixel % columns, offset, stack === "vertical");
      if (row < 0 || column === undefined) continue;
      const source = row * columns + column;
      reads[pixel * taps + t] = source;
      readBy[source * taps + t] = pixel;
    }
  return { taps, reads, readBy };
}

/**
 * What a row reads of the stored rows of its stack: `[columns · taps]` indices into `rows · columns` pixels;
 * the index `rows · columns` means zeros. The last stored row lies `distance` rows above; 0 is the row
 * itself.
 */
export function rowStencil(
  grid: Grid,
  offsets: readonly Offset[],
  rows: number,
  distance: 0 | 1,
): Int32Array {
  const { columns } = grid;
  return Int32Array.from({ length: columns * offsets.length }, (_, i) => {
    const offset = offsets[i % offsets.length] as Offset;
    const column = columnAt(grid, Math.floor(i / offsets.length), offset, true);
    const row = rows - 1 + distance + offset.dy;
    return column === undefined ? rows * columns : row * columns + column;
  });
}
