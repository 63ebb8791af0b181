import type { NDArray } from "../../array.ts";
import { numbers, place } from "../../data/values.ts";
import { inputError } from "../../error.ts";
import type { Lattice } from "../ising/lattice.ts";

/**
 * The bytes of `x: [rows, ...shape]`, checked to be values of 0 to q − 1. Bytes are not copied.
 *
 * @throws AnsatzError (input) for another shape, or naming the row of a value that no spin has.
 */
export function pottsRows(
  shape: readonly number[],
  q: number,
  x: NDArray,
): { spins: Uint8Array; rows: number } {
  const [rows = 0, ...rest] = x.shape;
  if (rest.join() !== shape.join())
    throw inputError(
      `configurations of shape [${x.shape.join(", ")}] are not rows of ${shape.join("x")} spins`,
    );
  const values = numbers(x);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!(value >= 0 && value < q && Number.isInteger(value)))
      throw inputError(
        `${place(i, shape)} has the value ${value}; a spin of ${q} states is a whole number from 0 to ${q - 1}`,
      );
  }
  return { spins: values instanceof Uint8Array ? values : Uint8Array.from(values), rows };
}

/** Σ δ(s_i, s_j) over bonds of the configuration that starts at `offset`. */
export function likeBonds({ bonds }: Pick<Lattice, "bonds">, spins: Uint8Array, offset = 0): number {
  let like = 0;
  for (let b = 0; b < bonds.length; b += 2)
    if (spins[offset + bonds[b]!] === spins[offset + bonds[b + 1]!]) like++;
  return like;
}

/** Total energy E = −J Σ δ(s_i, s_j) of each row, every bond counted once. */
export function pottsEnergy(lattice: Lattice, q: number, j: number, x: NDArray): Float64Array {
  const { spins, rows } = pottsRows(lattice.shape, q, x);
  // "0 −" rather than a sign, which would make −0 of a vanishing energy.
  return Float64Array.from(
    { length: rows },
    (_, row) => 0 - j * likeBonds(lattice, spins, row * lattice.sites),
  );
}

/**
 * Order parameter (q n_max/N − 1)/(q − 1) of the `sites` spins at `offset`, n_max being how many have the commonest value:
 * 1 where all are alike, 0 where all values are equally common.
 */
export function pottsOrder(spins: Uint8Array, sites: number, q: number, offset = 0): number {
  const counts = new Uint32Array(q);
  let most = 0;
  for (let i = offset; i < offset + sites; i++) most = Math.max(most, ++counts[spins[i]!]!);
  return ((q * most) / sites - 1) / (q - 1);
}
