import type { NDArray } from "../../../../array.ts";
import { uniformInit, zerosInit } from "../../../../nn/init.ts";
import type { Key } from "../../../../random/key.ts";
import { add, conv2d, padPeriodic, reshape, type Tensor } from "../../../../tensor/index.ts";
import type { Symbolic } from "../../../contract.ts";

/**
 * Kernels `[outputs, inputs, height, width]` and a bias `[outputs]`; the last layer of a decoder has no bias.
 */
export type Convolution = { readonly weight: NDArray<"f32">; readonly bias?: NDArray<"f32"> };

/** A convolution that keeps the sides, up to its `steps`; an axis of one site has windows of one. */
export function convolve(
  x: Tensor,
  { weight, bias }: Symbolic<Convolution>,
  padding: "zero" | "periodic",
  stride: readonly [number, number],
): Tensor {
  const [up, left] = [((weight.shape[2] as number) - 1) / 2, ((weight.shape[3] as number) - 1) / 2];
  const around = (t: Tensor, axis: number, reach: number) => (reach > 0 ? padPeriodic(t, axis, reach) : t);
  const sums =
    padding === "periodic"
      ? conv2d(around(around(x, 2, up), 3, left), weight, { stride })
      : conv2d(x, weight, { stride, padding: [up, left] });
  return bias ? add(sums, reshape(bias, [bias.shape[0] as number, 1, 1])) : sums;
}

/** Kernels uniform by Glorot & Bengio; the bias is zero. */
export function freshConvolution(
  key: Key,
  sizes: readonly [outputs: number, inputs: number, height: number, width: number],
  bias: boolean,
): Convolution {
  const [outputs, inputs, height, width] = sizes;
  const limit = Math.sqrt(6 / (height * width * (inputs + outputs)));
  return { weight: uniformInit(key, sizes, limit), ...(bias && { bias: zerosInit([outputs]) }) };
}
