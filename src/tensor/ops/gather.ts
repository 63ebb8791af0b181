import type { DType } from "../../array.ts";
import { normalizeAxis, sameShape, shapeError } from "../shape.ts";
import { apply, dtypeError, type Operation, type Tensor } from "../tensor.ts";
import { cast, equal } from "./compare.ts";
import { arange } from "./constant.ts";
import { expandDims } from "./layout.ts";

function requireIndices(name: string, indices: Tensor): void {
  if (indices.dtype !== "i32" && indices.dtype !== "i64")
    throw dtypeError(name, "indices must be i32 or i64", indices);
}

export const gatherOperation: Operation<{ axis: number }> = {
  name: "gather",
  infer(inputs, { axis }) {
    const [x, indices] = inputs as [Tensor, Tensor];
    requireIndices("gather", indices);
    return [
      { shape: [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)], dtype: x.dtype },
    ];
  },
  derivative({ inputs, attributes: { axis }, cotangents }) {
    const [x, indices] = inputs as [Tensor, Tensor];
    return [scatterAdd(cotangents[0] as Tensor, indices, x.shape[axis] as number, axis), undefined];
  },
};

/** Slices of x along `axis` picked by integer `indices` of any shape, which takes that axis's place. */
export function gather(x: Tensor, indices: Tensor, axis = 0): Tensor {
  return apply(gatherOperation, [x, indices], { axis: normalizeAxis("gather", axis, x.shape) });
}

export const scatterAddOperation: Operation<{ axis: number; size: number }> = {
  name: "scatterAdd",
  infer(inputs, { axis, size }) {
    const [updates, indices] = inputs as [Tensor, Tensor];
    requireIndices("scatterAdd", indices);
    const rank = indices.shape.length;
    if (!sameShape(updates.shape.slice(axis, axis + rank), indices.shape))
      throw shapeError("scatterAdd", `indices do not fit at axis ${axis}`, updates.shape, indices.shape);
    const shape = [...updates.shape.slice(0, axis), size, ...updates.shape.slice(axis + rank)];
    return [{ shape, dtype: updates.dtype }];
  },
  derivative: ({ inputs, attributes: { axis }, cotangents }) => [
    gather(cotangents[0] as Tensor, inputs[1] as Tensor, axis),
    undefined,
  ],
};

/**
 * The adjoint of {@link gather}: zeros of the given size along `axis`, to which each slice of `updates` is added at
 * its index; equal indices accumulate.
 */
export function scatterAdd(updates: Tensor, indices: Tensor, size: number, axis = 0): Tensor {
  return apply(scatterAddOperation, [updates, indices], {
    axis: normalizeAxis("scatterAdd", axis, updates.shape, updates.shape.length - indices.shape.length + 1),
    size,
  });
}

/** Returns 1 where the last, new axis equals the index and 0 elsewhere: shape [...indices, depth]. */
export function oneHot(indices: Tensor, depth: number, dtype: DType = "f32"): Tensor {
  requireIndices("oneHot", indices);
  return cast(equal(expandDims(indices, -1), arange(depth, indices.dtype)), dtype);
}
