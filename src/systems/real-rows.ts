import type { NDArray } from "../array.ts";
import { numbers, place } from "../data/values.ts";
import { inputError } from "../error.ts";

/** The numbers of rows of reals, and how many rows they are. */
export interface RealRows {
  readonly values: ArrayLike<number>;
  readonly rows: number;
}

/**
 * The values of `x: [rows, ...shape]`, checked to be finite.
 *
 * @throws AnsatzError (input) for another shape, or naming the row of a value that is not finite.
 */
export function realRows(shape: readonly number[], x: NDArray): RealRows {
  const [rows = 0, ...rest] = x.shape;
  if (rest.length !== shape.length || rest.some((side, axis) => side !== shape[axis]))
    throw inputError(
      `configurations of shape [${x.shape.join(", ")}] are not rows of ${shape.join("x")} numbers`,
    );
  const values = numbers(x);
  for (let i = 0; i < values.length; i++)
    if (!Number.isFinite(values[i]))
      throw inputError(`${place(i, shape)} is ${values[i]}; every value must be a finite number`);
  return { values, rows };
}
