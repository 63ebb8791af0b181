import type { NDArray } from "../../array.ts";
import { numbers, place } from "../../data/values.ts";
import { inputError } from "../../error.ts";

/**
 * Returns the bytes of `x: [rows, ...shape]`, checked to be spins: 0 is down (−1), 1 is up (+1). Bytes are
 * not copied.
 *
 * @throws AnsatzError (input) for another shape, or naming the row of a value that is not 0 or 1.
 */
export function spinRows(shape: readonly number[], x: NDArray): { spins: Uint8Array; rows: number } {
  const [rows = 0, ...rest] = x.shape;
  if (rest.length !== shape.length || rest.some((side, axis) => side !== shape[axis]))
    throw inputError(
      `configurations of shape [${x.shape.join(", ")}] are not rows of ${shape.join("x")} spins`,
    );
  const values = numbers(x);
  const spins = values instanceof Uint8Array ? values : new Uint8Array(values);
  // Bytes are looked at here, other values before they became bytes, which would hide a fraction or a multiple of 256.
  if (values instanceof Uint8Array ? bitsOf(values) > 1 : !areSpins(values, spins)) {
    const bad = values.findIndex((value) => value !== 0 && value !== 1);
    throw inputError(`${place(bad, shape)} has the value ${values[bad]}; a spin is 0 or 1`);
  }
  return { spins, rows };
}

/** The bits that any byte has: at most 1 when all of them are 0 or 1. */
function bitsOf(bytes: Uint8Array): number {
  let bits = 0;
  for (let i = 0; i < bytes.length; i++) bits |= bytes[i]!;
  return bits;
}

/** Whether converting values to bytes lost nothing and gave only 0 or 1. */
function areSpins(values: ArrayLike<number>, bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if (values[i] !== bytes[i]) return false;
  return bitsOf(bytes) <= 1;
}
