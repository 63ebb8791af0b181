import type { NDArray } from "../../../../array.ts";
import { attend } from "../../../../nn/attention.ts";
import { uniformInit, zerosInit } from "../../../../nn/init.ts";
import type { Key } from "../../../../random/key.ts";
import { matmul, mul, reshape, slice, type Tensor, transpose } from "../../../../tensor/index.ts";
import type { Symbolic } from "../../../contract.ts";

/** Attention of every token to every other. */
export type AttentionParameters = {
  /** `[width, 3 · width]`: queries, keys and values. */
  readonly read: NDArray<"f32">;
  /** `[width, width]`. */
  readonly write: NDArray<"f32">;
};

/** Width of a head of attention, at least. */
const HEAD = 32;

/** Heads that share the width evenly. */
function headsOf(width: number): number {
  let heads = Math.max(1, Math.floor(width / HEAD));
  while (width % heads !== 0) heads--;
  return heads;
}

/** Fresh parameters of attention, which starts at zero, unless `write` is to be random. */
export function freshAttention(
  key: Key,
  width: number,
  write: "zero" | "random" = "zero",
): AttentionParameters {
  const [a, b] = key.split(2) as [Key, Key];
  const limit = Math.sqrt(3 / width);
  return {
    read: uniformInit(a, [width, 3 * width], limit),
    write: write === "zero" ? zerosInit([width, width]) : uniformInit(b, [width, width], limit),
  };
}

/** What tokens `[batch, n, width]` see of one another, of the same shape; tokens are normalised already. */
export function selfAttention({ read, write }: Symbolic<AttentionParameters>, tokens: Tensor): Tensor {
  const [batch, n, width] = tokens.shape as [number, number, number];
  const heads = headsOf(width);
  const size = width / heads;
  const joint = transpose(reshape(matmul(tokens, read), [batch, n, 3, heads, size]), [2, 0, 3, 1, 4]);
  const part = (i: number) => reshape(slice(joint, 0, i, i + 1), [batch, heads, n, size]);
  const seen = attend(mul(part(0), 1 / Math.sqrt(size)), part(1), part(2));
  return matmul(reshape(transpose(seen, [0, 2, 1, 3]), [batch, n, width]), write);
}
