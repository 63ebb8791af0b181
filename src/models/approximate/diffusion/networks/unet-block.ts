import type { NDArray } from "../../../../array.ts";
import { imageConvolution } from "../../../../nn/image-convolution.ts";
import { uniformInit, zerosInit } from "../../../../nn/init.ts";
import type { Key } from "../../../../random/key.ts";
import {
  add,
  matmul,
  mul,
  reshape,
  silu,
  slice,
  standardize,
  type Tensor,
  transpose,
} from "../../../../tensor/index.ts";
import type { Symbolic } from "../../../contract.ts";
import { freshConvolution } from "../../latent/networks/convolution.ts";
import { groupNorm } from "./images.ts";
import { type AttentionParameters, selfAttention } from "./self-attention.ts";

type Real = NDArray<"f32">;

/** A residual block: two convolutions of a window, between which time and context scale and shift every channel. */
export type BlockParameters = {
  /** `[channels, channels, height, width]`. */
  readonly first: Real;
  readonly second: Real;
  /** `[width, 2 · channels]`: from the embedding of time and context. */
  readonly modulation: { readonly weight: Real; readonly bias: Real };
};

/** Fresh parameters of a block, which starts as the identity. */
export function freshBlock(
  key: Key,
  channels: number,
  window: readonly [number, number],
  width: number,
): BlockParameters {
  const [a, b] = key.split(2) as [Key, Key];
  return {
    first: freshConvolution(a, [channels, channels, ...window], false).weight,
    second: zerosInit([channels, channels, ...window]),
    modulation: {
      weight: uniformInit(b, [width, 2 * channels], 1 / Math.sqrt(width)),
      bias: zerosInit([2 * channels]),
    },
  };
}

/** x `[batch, channels, rows, columns]` plus what a block adds, given the embedding `[batch, width]` of time and context. */
export function applyBlock(
  { first, second, modulation }: Symbolic<BlockParameters>,
  x: Tensor,
  embedding: Tensor,
  padding: "zero" | "periodic",
): Tensor {
  const [batch, channels] = x.shape as [number, number];
  const numbers = add(matmul(embedding, modulation.weight), modulation.bias);
  const part = (from: number) => reshape(slice(numbers, 1, from, from + channels), [batch, channels, 1, 1]);
  const hidden = groupNorm(imageConvolution(silu(groupNorm(x)), first, padding));
  const modulated = add(mul(hidden, add(part(0), 1)), part(channels));
  return add(x, imageConvolution(silu(modulated), second, padding));
}

/** x `[batch, channels, rows, columns]` plus what its places see of one another. */
export function applyAttention(p: Symbolic<AttentionParameters>, x: Tensor): Tensor {
  const [batch, channels, rows, columns] = x.shape as [number, number, number, number];
  const tokens = transpose(reshape(x, [batch, channels, rows * columns]), [0, 2, 1]);
  const seen = selfAttention(p, standardize(tokens));
  return add(x, reshape(transpose(seen, [0, 2, 1]), x.shape));
}
