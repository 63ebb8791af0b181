import * as z from "zod";
import { real } from "../../data/space.ts";
import type { Key } from "../../random/key.ts";
import { stream } from "../../random/stream.ts";
import type { System, SystemKind } from "../system.ts";
import { mapPoints, planarSystem, planeShape } from "./system.ts";

/** The checkerboard has no parameters. */
export type CheckerboardParameters = Record<string, never>;

/** Sides of a cell and half the side of the board. */
const cell = 2;
const half = 4;
const logDensity = -Math.log(8 * cell * cell);

/**
 * The uniform distribution on the eight cells of a 4 × 4 board on [−4, 4]² with ⌊x/2⌋ + ⌊y/2⌋ even, each 2 × 2: its
 * entropy is ln 32.
 */
export const checkerboard = {
  name: "checkerboard",
  summary: "uniform on eight 2×2 cells of a checkerboard on [−4, 4]²",
  parameterNames: [],
  schema: z.strictObject({}),
  create(parameters: CheckerboardParameters): System<"f32", CheckerboardParameters> {
    return planarSystem({
      name: "checkerboard",
      parameters,
      space: real(planeShape, [-half, half]),
      logDensity: (x, y) => (onBoard(x, y) ? logDensity : Number.NEGATIVE_INFINITY),
      entropy: () => ({ value: -logDensity, variance: 0 }),
      // ⟨x²⟩ = ∫x² over [−4, 4] / 8, for every column holds as many cells.
      means: { x: 0, y: 0, squareRadius: (2 * half ** 2) / 3 },
      observables: { inside: (x) => mapPoints(x, (a, b) => (onBoard(a, b) ? 1 : 0)) },
      exactMeans: { inside: 1 },
      draw: drawCells,
    });
  },
} satisfies SystemKind<"f32", CheckerboardParameters>;

function onBoard(x: number, y: number): boolean {
  if (!(x >= -half && x < half && y >= -half && y < half)) return false;
  return (Math.floor(x / cell) + Math.floor(y / cell)) % 2 === 0;
}

function drawCells(key: Key, count: number): Float64Array {
  const random = stream(key);
  const points = new Float64Array(2 * count);
  for (let i = 0; i < count; i++) {
    const column = random.below(4) - 2;
    const row = 2 * random.below(2) - 2 + Math.abs(column % 2);
    points[2 * i] = cell * (column + fraction(random.bits()));
    points[2 * i + 1] = cell * (row + fraction(random.bits()));
  }
  return points;
}

/** A uniform number in [0, 1) of so few bits that a cell's number plus it is a single-precision number, still in the cell. */
function fraction(word: number): number {
  return (word >>> 10) * 2 ** -22;
}
