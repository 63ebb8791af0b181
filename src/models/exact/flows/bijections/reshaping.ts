import { sizeOf } from "../../../../array.ts";
import { usageError } from "../../../../error.ts";
import { reshape, type Tensor, zeros } from "../../../../tensor/index.ts";
import type { Bijection } from "../bijection.ts";
import type { NoParameters } from "./permutation.ts";

/** The same numbers in another shape, in row-major order; its log-determinant is 0. Throws for unequal sizes. */
export function reshaping(
  latentShape: readonly number[],
  dataShape: readonly number[],
): Bijection<NoParameters> {
  if (sizeOf(latentShape) !== sizeOf(dataShape))
    throw usageError(`[${latentShape}] and [${dataShape}] do not hold as many numbers`);
  const to = (shape: readonly number[]) => (_: unknown, v: Tensor) => {
    const rows = v.shape[0] as number;
    return { value: reshape(v, [rows, ...shape]), logDet: zeros([rows], v.dtype) };
  };
  return { latentShape, dataShape, init: () => ({}), forward: to(dataShape), inverse: to(latentShape) };
}
