import type { NDArray } from "../../array.ts";
import { place } from "../../data/values.ts";
import { inputError } from "../../error.ts";
import type { Lattice } from "./lattice.ts";

/**
 * The bytes of `x: [rows, ...shape]`, checked to be spins on `lattice`: 0 is down (−1), 1 is up (+1).
 *
 * @throws AnsatzError (input) for another shape, or naming the row of a value that is neither 0 nor 1.
 */
export function spinRows(lattice: Lattice, x: NDArray): { spins: Uint8Array; rows: number } {
  const [rows = 0, ...shape] = x.shape;
  if (shape.length !== lattice.shape.length || shape.some((side, axis) => side !== lattice.shape[axis]))
    throw inputError(
      `configurations of shape [${x.shape.join(", ")}] are not rows of a ${lattice.shape.join("x")} lattice`,
    );
  const { data } = x;
  const spins = data instanceof Uint8Array ? data : new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const value = Number(data[i]);
    if (value !== 0 && value !== 1)
      throw inputError(`${place(i, shape)} has the value ${value}; a spin is 0 or 1`);
    spins[i] = value;
  }
  return { spins, rows };
}
