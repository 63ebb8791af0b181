import type { Space } from "../../../data/space.ts";
import { siteShape } from "../../../data/space.ts";
import { usageError } from "../../../error.ts";

/** Pixels in raster order; what a pixel may read beyond an edge depends on whether the lattice is periodic. */
export interface Grid {
  readonly rows: number;
  readonly columns: number;
  /** Sites of one pixel, in the order in which they are drawn. */
  readonly channels: number;
  readonly periodic: boolean;
}

/** From a pixel to one it reads: rows up are negative, columns to the left are negative. */
export interface Offset {
  readonly dy: number;
  readonly dx: number;
}

/** The pixels that the two stacks of one layer read; `dy = 0` in the vertical stack is a row of that stack, not of pixels. */
export interface Taps {
  readonly vertical: readonly Offset[];
  readonly horizontal: readonly Offset[];
}

/**
 * The pixels of a space: one axis is a single row, two are rows and columns, a third is the channels of a pixel.
 *
 * @throws AnsatzError (usage) for more axes.
 */
export function gridOf(space: Space, periodic: boolean): Grid {
  const shape = siteShape(space);
  if (shape.length > 3)
    throw usageError(`pixelcnn takes shapes of one to three axes, not ${shape.length}: ${shape.join("x")}`);
  const [rows, columns, channels] = shape.length === 1 ? [1, shape[0] as number] : (shape as number[]);
  return { rows: rows as number, columns: columns as number, channels: channels ?? 1, periodic };
}

const range = (from: number, to: number, step = 1) =>
  Array.from({ length: Math.max(0, Math.floor((to - from) / step) + 1) }, (_, i) => from + i * step);

/**
 * What the first layer reads: pixels of the rows above within a window of `kernel` × `kernel`, and those to the left. On a
 * periodic lattice the window goes on around the edges: pixels d rows below or d columns to the right of an edge are those
 * drawn first, `rows − d` above or `columns − d` to the left.
 */
export function firstTaps(grid: Grid, kernel: number): Taps {
  const half = (kernel - 1) / 2;
  const before = (size: number) => {
    const wrapped = grid.periodic ? range(1, half).map((d) => d - size) : [];
    return [...new Set([...range(-half, -1), ...wrapped])].filter((d) => d < 0 && d > -size);
  };
  return {
    vertical: before(grid.rows).flatMap((dy) => across(grid, range(-half, half)).map((dx) => ({ dy, dx }))),
    horizontal: before(grid.columns).map((dx) => ({ dy: 0, dx })),
  };
}

/** What a layer above the first reads: its own pixel too, and every `dilation`-th one. */
export function upperTaps(grid: Grid, kernel: number, dilation: number): Taps {
  const reach = ((kernel - 1) / 2) * dilation;
  const back = (size: number) => range(-reach, 0, dilation).filter((d) => d > -size);
  return {
    vertical:
      grid.rows === 1
        ? []
        : back(grid.rows).flatMap((dy) =>
            across(grid, range(-reach, reach, dilation)).map((dx) => ({ dy, dx })),
          ),
    horizontal: back(grid.columns).map((dx) => ({ dy: 0, dx })),
  };
}

/** Columns that are worth reading: inside the lattice for some pixel, and each once if they go around it. */
function across({ columns, periodic }: Grid, offsets: readonly number[]): number[] {
  if (!periodic) return offsets.filter((dx) => Math.abs(dx) < columns);
  const seen = new Set<number>();
  return offsets.filter((dx) => {
    const column = modulo(dx, columns);
    const isNew = !seen.has(column);
    seen.add(column);
    return isNew;
  });
}

/** Column that an offset leads to, or undefined beyond an edge. Only rows above are complete, so only they wrap around. */
export function columnAt(
  { columns, periodic }: Grid,
  from: number,
  { dx }: Offset,
  wraps: boolean,
): number | undefined {
  const to = from + dx;
  if (to >= 0 && to < columns) return to;
  return periodic && wraps ? modulo(to, columns) : undefined;
}

const modulo = (a: number, n: number) => ((a % n) + n) % n;
