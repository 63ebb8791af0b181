import type { NDArray } from "../../array.ts";
import { numbers, place } from "../../data/values.ts";
import { inputError } from "../../error.ts";

/**
 * The bytes of `x: [rows, ...shape]`, checked to be spins: 0 is down (−1), 1 is up (+1). Bytes are not copied.
 *
 * @throws AnsatzError (input) for another shape, or naming the row of a value that is neither 0 nor 1.
 */
export function spinRows(shape: readonly number[], x: NDArray): { spins: Uint8Array; rows: number } {
  const [rows = 0, ...rest] = x.shape;
  if (rest.length !== shape.length || rest.some((side, axis) => side !== shape[axis]))
    throw inputError(
      `configurations of shape [${x.shape.join(", ")}] are not rows of ${shape.join("x")} spins`,
    );
  const values = numbers(x);
  const spins = values instanceof Uint8Array ? values : Uint8Array.from(values);
  // Conversion to bytes would hide a fraction or a multiple of 256, so the values themselves are looked at.
  const bad = firstOther(values);
  if (bad >= 0) throw inputError(`${place(bad, shape)} has the value ${values[bad]}; a spin is 0 or 1`);
  return { spins, rows };
}

function firstOther(values: ArrayLike<number>): number {
  for (let i = 0; i < values.length; i++) if (values[i] !== 0 && values[i] !== 1) return i;
  return -1;
}
