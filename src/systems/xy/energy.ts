import type { NDArray } from "../../array.ts";
import { add, cos, mul, roll, sub, sum } from "../../tensor/index.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Lattice } from "../ising/lattice.ts";
import { realRows } from "../real-rows.ts";

/** Σ cos(θ_i − θ_j) over bonds of the configuration that starts at `offset`. */
export function cosineSum({ bonds }: Lattice, angles: ArrayLike<number>, offset = 0): number {
  let total = 0;
  for (let b = 0; b < bonds.length; b += 2)
    total += Math.cos(angles[offset + bonds[b]!]! - angles[offset + bonds[b + 1]!]!);
  return total;
}

/** Total energy E = −J Σ cos(θ_i − θ_j) of each row of `x: [rows, ...shape]`, in radians; every bond counted once. */
export function xyEnergy(lattice: Lattice, j: number, x: NDArray): Float64Array {
  const { values, rows } = realRows(lattice.shape, x);
  return Float64Array.from(
    { length: rows },
    (_, row) => 0 - j * cosineSum(lattice, values, row * lattice.sites),
  );
}

/** The same of tensors `[batch, ...shape]` → `[batch]`. */
export function xyEnergyTensor({ directions, shape }: Lattice, j: number): (x: Tensor) => Tensor {
  return (x) => {
    const axes = shape.map((_, axis) => axis + 1);
    const terms = directions.map((step) => {
      let forward = x;
      step.forEach((shift, axis) => {
        if (shift !== 0) forward = roll(forward, -shift, axis + 1);
      });
      return cos(sub(x, forward));
    });
    return mul(sum(terms.reduce(add), axes), -j);
  };
}

/** |Σ e^{iθ}|²/N² of the `sites` angles at `offset`. */
export function squareMagnetisation(angles: ArrayLike<number>, sites: number, offset = 0): number {
  let [real, imaginary] = [0, 0];
  for (let i = offset; i < offset + sites; i++) {
    real += Math.cos(angles[i]!);
    imaginary += Math.sin(angles[i]!);
  }
  return (real * real + imaginary * imaginary) / (sites * sites);
}

/** Vortices and antivortices per site of each row on a square lattice: plaquettes around which the angle turns. */
export function vortexDensity(lattice: Lattice, x: NDArray): Float64Array {
  const { values, rows } = realRows(lattice.shape, x);
  const { sites, neighbours } = lattice;
  const degree = neighbours.length / sites;
  const turn = (from: number, to: number) => {
    const difference = values[to]! - values[from]!;
    return difference - 2 * Math.PI * Math.round(difference / (2 * Math.PI));
  };
  return Float64Array.from({ length: rows }, (_, row) => {
    const offset = row * sites;
    let count = 0;
    for (let i = 0; i < sites; i++) {
      const [down, right] = [neighbours[i * degree]!, neighbours[i * degree + 2]!];
      const corner = neighbours[down * degree + 2]!;
      const path = [i, down, corner, right, i].map((site) => offset + site);
      let winding = 0;
      for (let k = 0; k < 4; k++) winding += turn(path[k]!, path[k + 1]!);
      if (Math.abs(winding) > Math.PI) count++;
    }
    return count / sites;
  });
}
