/**
 * The tensor language: symbolic tensors, operations, derivatives and loops.
 *
 * @module ansatz/tensor
 */

export type { DType, NDArray, StorageOf, StorageType, TypedArray } from "../array.ts";
export { arrayFrom, ndarray } from "../array.ts";
export { type GradientOf, type GradOptions, grad, type RowGradient, valueAndGrad } from "./grad.ts";
export * from "./ops/index.ts";
export { BATCH, formatShape, type Shape } from "./shape.ts";
export { Tensor, type TensorLike, type TensorType } from "./tensor.ts";
export { leaves, leavesWithPaths, type MapLeaves, mapTree, type Tree } from "./tree.ts";
