import type { DType } from "../../array.ts";
import { elements, type Shape } from "../shape.ts";
import { apply, type Operation, type Tensor, type TensorLike } from "../tensor.ts";
import { mul } from "./arithmetic.ts";

export const batchSizeOperation: Operation<{ dtype: DType }> = {
  name: "batchSize",
  infer: (_, { dtype }) => [{ shape: [], dtype }],
  derivative: () => [],
};

/** The symbolic batch size as a scalar. */
export function batchSize(dtype: DType = "f32"): Tensor {
  return apply(batchSizeOperation, [], { dtype });
}

/** The number of elements of a shape as a scalar: a constant, or a multiple of the batch size. */
export function count(shape: Shape, dtype: DType): TensorLike {
  const n = elements(shape);
  return n >= 0 ? n : mul(batchSize(dtype), -n);
}
