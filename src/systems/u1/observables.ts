import { realRows } from "../real-rows.ts";
import type { RowFunction } from "../system.ts";
import { plaquetteAngles } from "./action.ts";

/** One number of the plaquette angles `[rows, columns]` of each row of links `[2, rows, columns]`. */
export function ofPlaquettes(
  [rows, columns]: readonly [number, number],
  of: (angles: Float64Array) => number,
): RowFunction {
  const volume = rows * columns;
  const angles = new Float64Array(volume);
  return (x) => {
    const { values, rows: count } = realRows([2, rows, columns], x);
    return Float64Array.from({ length: count }, (_, row) => {
      plaquetteAngles(values, rows, columns, angles, row * 2 * volume);
      return of(angles);
    });
  };
}

/** The mean of cos θ_p. */
export function meanCosine(angles: Float64Array): number {
  let total = 0;
  for (let p = 0; p < angles.length; p++) total += Math.cos(angles[p]!);
  return total / angles.length;
}

/** The topological charge Q = Σ_p θ_p/2π of angles reduced to [−π, π): a whole number on a torus. */
export function charge(angles: Float64Array): number {
  let turns = 0;
  // The angles add up to 0 before they are reduced: Q counts the turns that were taken off.
  for (let p = 0; p < angles.length; p++) turns += Math.floor(angles[p]! / (2 * Math.PI) + 0.5);
  return 0 - turns;
}

/** The mean over the torus of cos Σθ_p over squares of 2 × 2 plaquettes: Wilson loops of that size. */
export function wilson2x2(rows: number, columns: number): (angles: Float64Array) => number {
  return (angles) => {
    let total = 0;
    for (let x = 0; x < rows; x++) {
      const here = x * columns;
      const next = x + 1 === rows ? 0 : here + columns;
      for (let y = 0; y < columns; y++) {
        const up = y + 1 === columns ? 0 : y + 1;
        total += Math.cos(angles[here + y]! + angles[here + up]! + angles[next + y]! + angles[next + up]!);
      }
    }
    return total / (rows * columns);
  };
}
