import { arrayFrom, type DType, type NDArray } from "../../array.ts";
import { usageError } from "../../error.ts";
import { apply, constantOperation, dtypeError, isFloat, Tensor, type TensorLike } from "../tensor.ts";

/** A known array as a tensor; in a compiled graph it becomes an initialiser, which the runtime may pre-pack. */
export function constant(value: NDArray<DType>): Tensor {
  // Programs without types may give a number.
  if (typeof value === "number")
    throw usageError(`constant takes an array; for a number use scalar(${value})`);
  return apply(constantOperation, [], value);
}

/** A number as a scalar tensor. */
export function scalar(value: number, dtype: DType = "f32"): Tensor {
  return constant(arrayFrom(dtype, [], [value]));
}

/** The integers 0 … n − 1. */
export function arange(n: number, dtype: DType = "i32"): Tensor {
  return constant(
    arrayFrom(
      dtype,
      [n],
      Array.from({ length: n }, (_, i) => i),
    ),
  );
}

/** Returns a matrix of 0 and 1 with 1 at entries with column − row ≤ `diagonal`, as NumPy's `tri`. */
export function lowerTriangle(rows: number, columns = rows, diagonal = 0, dtype: DType = "f32"): Tensor {
  const entry = (_: unknown, i: number) => ((i % columns) - Math.floor(i / columns) <= diagonal ? 1 : 0);
  return constant(arrayFrom(dtype, [rows, columns], Array.from({ length: rows * columns }, entry)));
}

/**
 * Returns both operands as tensors: a number takes the other's element type. Throws when the element types
 * differ, for a fraction combined with integers, and for what is neither a tensor nor a number.
 */
export function promote(operation: string, a: TensorLike, b: TensorLike): [Tensor, Tensor] {
  for (const x of [a, b])
    if (!(x instanceof Tensor) && typeof x !== "number")
      throw usageError(`${operation}: takes tensors and numbers, not ${x === null ? "null" : typeof x}`);
  if (a instanceof Tensor && b instanceof Tensor) {
    if (a.dtype !== b.dtype) throw dtypeError(operation, "element types differ", a, b);
    return [a, b];
  }
  if (a instanceof Tensor) return [a, beside(operation, b as number, a)];
  if (b instanceof Tensor) return [beside(operation, a, b), b];
  return [scalar(a), scalar(b)];
}

/** A number as a scalar of the type of the tensor it meets. */
function beside(operation: string, value: number, tensor: Tensor): Tensor {
  if (!isFloat(tensor.dtype) && !Number.isInteger(value))
    throw usageError(`${operation}: ${value} is no ${tensor.dtype}; cast the tensor first`);
  return scalar(value, tensor.dtype);
}

/** The value of a tensor that is one known number, or undefined. */
export function knownScalar(tensor: Tensor): number | undefined {
  if (tensor.node.operation !== constantOperation) return undefined;
  const value = tensor.node.attributes as NDArray<DType>;
  return value.data.length === 1 ? Number(value.data[0]) : undefined;
}
