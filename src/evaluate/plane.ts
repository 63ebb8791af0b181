import { type NDArray, ndarray } from "../array.ts";
import { type Space, siteShape } from "../data/space.ts";
import { numbers } from "../data/values.ts";
import type { System } from "../systems/system.ts";

/** A grid of `size` × `size` cells over a rectangle of the plane; rows of cells run from the top down. */
export interface PlaneGrid {
  /** Left and right end of the rectangle. */
  readonly x: readonly [number, number];
  /** Lower and upper end of the rectangle. */
  readonly y: readonly [number, number];
  /** Cells along each side. */
  readonly size: number;
}

/** Whether a space is the plane, so that its densities can be drawn. */
export function isPlane(space: Space): boolean {
  return space.kind === "real" && siteShape(space).join() === "2";
}

/**
 * Returns the grid around rows `x: [rows, 2]` of the plane, without the outermost 1 in 1,000 at each end,
 * with a margin of a tenth of its size; for a bounded space, the whole support.
 */
export function planeGrid(space: Space, x: NDArray, size: number): PlaneGrid {
  if (space.kind === "real" && space.bounds) return { x: space.bounds, y: space.bounds, size };
  const values = numbers(x);
  const rows = x.shape[0] as number;
  const range = (axis: 0 | 1): [number, number] => {
    const sorted = Float64Array.from({ length: rows }, (_, row) => values[2 * row + axis] as number).sort();
    const out = Math.floor(rows / 1000);
    const [low, high] = [sorted[out] as number, sorted[rows - 1 - out] as number];
    const margin = 0.1 * (high - low) || 1;
    return [low - margin, high + margin];
  };
  return { x: range(0), y: range(1), size };
}

/** Centres of a grid's cells, `[size², 2]`. */
export function gridPoints({ x, y, size }: PlaneGrid): NDArray<"f32"> {
  const points = new Float32Array(2 * size * size);
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++) {
      const at = 2 * (row * size + column);
      points[at] = x[0] + ((column + 0.5) * (x[1] - x[0])) / size;
      points[at + 1] = y[1] - ((row + 0.5) * (y[1] - y[0])) / size;
    }
  return ndarray("f32", [size * size, 2], points);
}

/** A model's density at the centres of a grid's cells. */
export async function modelDensity(
  model: { logProb(x: NDArray): Promise<Float64Array> },
  grid: PlaneGrid,
): Promise<Float64Array> {
  // What has no number there has no colour either: 0.
  return (await model.logProb(gridPoints(grid))).map((l) => Math.exp(l) || 0);
}

/** Returns a system's exact density at the centres of a grid's cells; undefined if it is unknown. */
export function systemDensity(system: System, grid: PlaneGrid): Float64Array | undefined {
  return system.logProb(gridPoints(grid))?.map(Math.exp);
}

/** Returns the density of rows `x: [rows, 2]`, counted in a grid's cells. */
export function rowDensity(data: NDArray, { x, y, size }: PlaneGrid): Float64Array {
  const values = numbers(data);
  const rows = data.shape[0] as number;
  const density = new Float64Array(size * size);
  const share = size ** 2 / (rows * (x[1] - x[0]) * (y[1] - y[0]));
  for (let row = 0; row < rows; row++) {
    const column = Math.floor((((values[2 * row] as number) - x[0]) / (x[1] - x[0])) * size);
    const line = Math.floor(((y[1] - (values[2 * row + 1] as number)) / (y[1] - y[0])) * size);
    if (column < 0 || column >= size || line < 0 || line >= size) continue;
    density[line * size + column] = (density[line * size + column] as number) + share;
  }
  return density;
}
