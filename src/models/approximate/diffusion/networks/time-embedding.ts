import type { NDArray } from "../../../../array.ts";
import { uniformInit, zerosInit } from "../../../../nn/init.ts";
import type { Key } from "../../../../random/key.ts";
import { add, matmul, silu, type Tensor } from "../../../../tensor/index.ts";
import type { Symbolic } from "../../../contract.ts";
import { TIME_FEATURES, timeFeatures } from "./time-features.ts";

/** Parameters of {@link timeEmbedding}. */
export type TimeParameters = {
  /** `[TIME_FEATURES, width]`. */
  readonly first: { readonly weight: NDArray<"f32">; readonly bias: NDArray<"f32"> };
  /** `[width, width]`. */
  readonly second: { readonly weight: NDArray<"f32">; readonly bias: NDArray<"f32"> };
  /** `[contextSize, width]`: what the context adds. */
  readonly context?: NDArray<"f32">;
};

/** What the layers of a network are told of time and context: a small network of {@link timeFeatures}, plus a linear map of the context. */
export function timeEmbedding(width: number, contextSize: number) {
  const weight = (key: Key, inputs: number) => uniformInit(key, [inputs, width], Math.sqrt(3 / inputs));
  return {
    /** Number of its parameters. */
    count: (TIME_FEATURES + width + 2 + contextSize) * width,
    /** Fresh parameters. */
    init(key: Key): TimeParameters {
      const [a, b, c] = key.split(3) as [Key, Key, Key];
      return {
        first: { weight: weight(a, TIME_FEATURES), bias: zerosInit([width]) },
        second: { weight: weight(b, width), bias: zerosInit([width]) },
        ...(contextSize > 0 && { context: weight(c, contextSize) }),
      };
    },
    /** `[batch, width]` for times `[batch]` and a context `[batch, c]` or undefined. */
    apply(
      { first, second, context: map }: Symbolic<TimeParameters>,
      time: Tensor,
      context: Tensor | undefined,
    ) {
      const hidden = silu(add(matmul(timeFeatures(time), first.weight), first.bias));
      const sums = add(matmul(hidden, second.weight), second.bias);
      return silu(map && context ? add(sums, matmul(context, map)) : sums);
    },
  };
}
