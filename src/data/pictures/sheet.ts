import type { NDArray } from "../../array.ts";
import { usageError } from "../../error.ts";
import { levelCount, type Space, siteShape, sites, stateCount } from "../space.ts";
import { numbers } from "../values.ts";
import { mostPixels, type Picture, type PictureSize } from "./picture.ts";

/** Pixels between the pictures of a sheet, which are white. */
const gap = 1;

/** Positions of the pictures of a sheet. */
export interface SheetPlan extends PictureSize {
  /** Pictures side by side. */
  readonly columns: number;
  /** The size of one of them. */
  readonly each: PictureSize;
}

/**
 * Minimum side for a flat row of n² sites to count as a picture: short rows are rather columns of a table.
 */
const leastSide = 8;

/** Height, width and colours of one row, or undefined if it is no picture. A flat row of n² sites is a picture of n by n. */
function pictureShape(space: Space): readonly [number, number, 1 | 3] | undefined {
  const shape = siteShape(space);
  if (space.kind === "sequence") return undefined;
  const side = squareSide(space);
  if (side !== undefined) return [side, side, 1];
  const [height = 1, width = 1, channels = 1, ...rest] = shape;
  const isPlanar = shape.length >= 2 && rest.length === 0 && (channels === 1 || channels === 3);
  return isPlanar ? [height, width, channels] : undefined;
}

/** The side n of the picture that a flat row of n² sites is drawn as; undefined for other rows. */
export function squareSide(space: Space): number | undefined {
  const side = Math.round(Math.sqrt(sites(space)));
  const isFlat = space.kind !== "sequence" && siteShape(space).length === 1;
  return isFlat && side >= leastSide && side * side === sites(space) ? side : undefined;
}

/**
 * Plans a sheet of `count` pictures in reading order, with `wanted` columns (default: as square as possible);
 * a single picture is shown alone. Throws a usage error for rows that are not pictures, and for more than 2²⁶
 * pixels.
 */
export function planSheet(count: number, space: Space, wanted?: number): SheetPlan {
  const shape = pictureShape(space);
  if (!shape)
    throw usageError(
      `a picture needs rows and columns, and 1 or 3 colours; these rows have the shape ${siteShape(space).join("x")}: ` +
        "write another kind of file, such as .npz",
    );
  const [height, width, channels] = shape;
  const most = Math.floor(mostPixels / ((height + gap) * (width + gap)));
  if (count > most)
    throw usageError(`a sheet of ${count} pictures of ${height}x${width} is too large; give at most ${most}`);
  const columns = wanted ?? Math.ceil(Math.sqrt(count));
  const lines = Math.ceil(count / columns);
  return {
    columns,
    each: { height, width, channels },
    height: lines * (height + gap) - gap,
    width: columns * (width + gap) - gap,
    channels,
  };
}

/**
 * The values that are drawn black and white: the ends of the space, or of real numbers without bounds the least and the largest of
 * `x`, the same for all rows.
 */
export function greyRange(space: Space, x: NDArray): readonly [number, number] {
  const count = levelCount(space) ?? stateCount(space);
  if (count !== undefined) return [0, count - 1];
  if (space.kind === "circle") return [-Math.PI, Math.PI];
  if (space.kind === "real" && space.bounds) return space.bounds;
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const v of numbers(x)) {
    if (v < low) low = v;
    if (v > high) high = v;
  }
  return [low, high];
}

/** Rows `[count, height, width]` or `[..., 3]`, as memory has them, as one picture: see {@link planSheet}, {@link greyRange}. */
export function sheet(x: NDArray, space: Space, wanted?: number): Picture {
  const { columns, each, height, width, channels } = planSheet(x.shape[0] as number, space, wanted);
  const [low, high] = greyRange(space, x);
  const isLevels = levelCount(space) !== undefined;
  const values = numbers(x);
  const data = new Uint8Array(height * width * channels).fill(255);
  const line = each.width * channels;
  for (let row = 0, at = 0; at < values.length; row++) {
    const top = Math.floor(row / columns) * (each.height + gap);
    const left = (row % columns) * (each.width + gap);
    for (let y = 0; y < each.height; y++) {
      const start = ((top + y) * width + left) * channels;
      for (let i = 0; i < line; i++, at++) {
        const value = isLevels ? Math.floor(values[at]!) : values[at]!;
        // All pixels may be equal: then they are black.
        data[start + i] = high > low ? Math.round((255 * (value - low)) / (high - low)) : 0;
      }
    }
  }
  return { height, width, channels, data };
}
