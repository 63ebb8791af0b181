import { type NDArray, ndarray } from "../../array.ts";
import { usageError } from "../../error.ts";
import type { Lattice } from "../ising/lattice.ts";
import { realRows } from "../real-rows.ts";
import type { MeanStatistic, RowFunction } from "../system.ts";

/** The mean of `of` each site's value over the sites of every row. */
export function fieldMean(shape: readonly number[], of: (phi: number) => number): RowFunction {
  const sites = shape.reduce((product, side) => product * side, 1);
  return (x) => {
    const { values, rows } = realRows(shape, x);
    return Float64Array.from({ length: rows }, (_, row) => {
      let total = 0;
      for (let i = row * sites; i < (row + 1) * sites; i++) total += of(values[i]!);
      return total / sites;
    });
  };
}

/** Binder's cumulant 1 − ⟨m⁴⟩/(3⟨m²⟩²): 0 of normal fluctuations, ⅔ of order (Z. Phys. B 43, 119, 1981). */
export function binderCumulant(magnetisation: RowFunction): MeanStatistic {
  return {
    columns: (x) => {
      const squares = magnetisation(x).map((m) => m * m);
      return [squares, squares.map((m2) => m2 * m2)];
    },
    of: ([second = Number.NaN, fourth = Number.NaN]) => 1 - fourth / (3 * second * second),
  };
}

/**
 * Two-point function of each row along one axis, G(r) = (1/N) Σ_x φ_x φ_{x+r}: `[rows, ⌊side/2⌋ + 1]` for r = 0 to half
 * the side, beyond which the periodic lattice repeats it.
 *
 * @throws AnsatzError (usage) for an axis the lattice does not have.
 */
export function fieldCorrelation(
  { shape, sites, neighbours }: Lattice,
  x: NDArray,
  axis: number,
): NDArray<"f64"> {
  const side = shape[axis];
  if (side === undefined) throw usageError(`axis ${axis} is not one of the lattice's ${shape.length}`);
  const { values, rows } = realRows(shape, x);
  const degree = 2 * shape.length;
  const distances = Math.floor(side / 2) + 1;
  const data = new Float64Array(rows * distances);
  const partner = Int32Array.from({ length: sites }, (_, site) => site);
  for (let r = 0; r < distances; r++) {
    for (let row = 0; row < rows; row++) {
      const offset = row * sites;
      let total = 0;
      for (let i = 0; i < sites; i++) total += values[offset + i]! * values[offset + partner[i]!]!;
      data[row * distances + r] = total / sites;
    }
    for (let i = 0; i < sites; i++) partner[i] = neighbours[partner[i]! * degree + 2 * axis]!;
  }
  return ndarray("f64", [rows, distances], data);
}
