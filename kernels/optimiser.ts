/**
 * Fused optimiser updates over flat f32 vectors, in place, four lanes at a time.
 *
 * Vectors are byte offsets into the imported memory; `n` counts elements; a `mask` of 0 means none. Every
 * update is elementwise with a fixed order of operations, so the same elements give the same bits however a
 * vector is cut into ranges.
 */

export { adam } from "./optimiser/adam";
export { averageOf } from "./optimiser/average";
export { countNonFinite, scale, sumSquares } from "./optimiser/reduce";
export { rmsprop } from "./optimiser/rmsprop";
export { sgd } from "./optimiser/sgd";
