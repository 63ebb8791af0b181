import { arrayFrom, sizeOf } from "../../../../array.ts";
import { constant, matmul, reshape, type Tensor, transpose } from "../../../../tensor/index.ts";

/**
 * Rows `[batch, sites]` multiplied along every axis of `shape` by its matrix: `matrices[axis]` is `[side, side]`, row-major, and a
 * row of sites v becomes v M. With `transposed` each matrix is taken the other way, which undoes orthogonal ones.
 */
export function alongAxes(
  shape: readonly number[],
  matrices: readonly Float64Array[],
  transposed = false,
): (x: Tensor) => Tensor {
  const n = sizeOf(shape);
  const sides = shape.map((side, axis) => {
    const matrix = matrices[axis] as Float64Array;
    if (!transposed) return matrix;
    return matrix.map((_, i) => matrix[(i % side) * side + Math.floor(i / side)] as number);
  });
  return (x) => {
    const rows = x.shape[0] as number;
    let value = x;
    // The last axis is multiplied and goes to the front, until every one has been there.
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const side = shape[axis] as number;
      const matrix = constant(arrayFrom(x.dtype, [side, side], sides[axis] as Float64Array));
      value = matmul(reshape(value, [rows * (n / side), side]), matrix);
      if (side < n) value = transpose(reshape(value, [rows, n / side, side]), [0, 2, 1]);
    }
    return reshape(value, [rows, n]);
  };
}
