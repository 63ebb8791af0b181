import { arrayFrom, type NDArray, sizeOf } from "../../../../array.ts";
import { zerosInit } from "../../../../nn/init.ts";
import {
  add,
  broadcastTo,
  constant,
  exp,
  expandDims,
  gather,
  lowerTriangle,
  matmul,
  mul,
  neg,
  reshape,
  sub,
  sum,
  type Tensor,
  transpose,
} from "../../../../tensor/index.ts";
import type { Symbolic } from "../../../contract.ts";
import type { Bijection } from "../bijection.ts";
import { invertUnitLower } from "./triangular-inverse.ts";

/** Parameters of {@link invertibleLinear} over n channels. */
export type InvertibleLinearParameters = {
  /** `[n, n]`: L − I, strictly lower triangular. */
  readonly lower: NDArray<"f32">;
  /** `[n, n]`: U, strictly upper triangular. */
  readonly upper: NDArray<"f32">;
  /** `[n]`: log s. */
  readonly logScale: NDArray<"f32">;
};

/**
 * An invertible linear map of the channels of a `shape` `[channels, ...places]`, the same at every place: of vectors a
 * matrix, of images a 1 × 1 convolution. z = W x with W = P L (U + diag s), P the fixed permutation that takes its i-th row
 * from row `permutation[i]`, L unit lower and U strictly upper triangular, s > 0; log |det W| = Σ log s a place. Zero
 * parameters are the permutation alone (Kingma & Dhariwal, arXiv:1807.03039, equation 10).
 */
export function invertibleLinear(
  shape: readonly number[],
  permutation: Uint32Array,
): Bijection<InvertibleLinearParameters> {
  const [channels, ...places] = shape as [number, ...number[]];
  const rows = constant(arrayFrom("i32", [channels], permutation));
  const logDet = (logScale: Tensor, x: Tensor) =>
    broadcastTo(reshape(mul(sum(logScale), sizeOf(places)), [1]), [x.shape[0] as number]);
  const apply = (matrix: Tensor, x: Tensor): Tensor => {
    if (places.length === 0) return matmul(x, transpose(matrix));
    const columns = reshape(x, [x.shape[0] as number, channels, sizeOf(places)]);
    return reshape(matmul(matrix, columns), x.shape);
  };
  return {
    latentShape: shape,
    dataShape: shape,
    init: () => ({
      lower: zerosInit([channels, channels]),
      upper: zerosInit([channels, channels]),
      logScale: zerosInit([channels]),
    }),
    forward: (p, z) => ({
      value: apply(gather(inverseFactors(p), rows, 1), z),
      logDet: neg(logDet(p.logScale, z)),
    }),
    inverse: (p, x) => ({
      value: apply(gather(factors(p), rows, 0), x),
      logDet: logDet(p.logScale, x),
    }),
    masks: triangles(channels),
    decays: () => false,
  };
}

type Given = Symbolic<InvertibleLinearParameters>;

/** L (U + diag s). */
function factors({ lower, upper, logScale }: Given): Tensor {
  const identity = unit(lower);
  return matmul(add(identity, lower), add(upper, mul(identity, exp(logScale))));
}

/** (U + diag s)⁻¹ L⁻¹, where U + diag s = (I + U diag s⁻¹) diag s. */
function inverseFactors({ lower, upper, logScale }: Given): Tensor {
  const inverseScale = exp(neg(logScale));
  const above = transpose(invertUnitLower(transpose(mul(upper, inverseScale))));
  return matmul(mul(expandDims(inverseScale, 1), above), invertUnitLower(lower));
}

/** The identity matrix of a matrix's size and element type. */
function unit({ shape, dtype }: Tensor): Tensor {
  const n = shape[0] as number;
  return sub(lowerTriangle(n, n, 0, dtype), lowerTriangle(n, n, -1, dtype));
}

function triangles(n: number): Readonly<Record<string, Float32Array>> {
  const mask = (kept: (i: number, j: number) => boolean) =>
    Float32Array.from({ length: n * n }, (_, k) => (kept(Math.floor(k / n), k % n) ? 1 : 0));
  return { lower: mask((i, j) => j < i), upper: mask((i, j) => j > i) };
}
