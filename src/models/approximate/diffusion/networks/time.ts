import { arrayFrom, type NDArray } from "../../../../array.ts";
import { uniformInit, zerosInit } from "../../../../nn/init.ts";
import type { Key } from "../../../../random/key.ts";
import {
  add,
  cast,
  concat,
  constant,
  cos,
  matmul,
  mul,
  reshape,
  silu,
  sin,
  type Tensor,
} from "../../../../tensor/index.ts";
import type { Symbolic } from "../../../contract.ts";

/** Angular frequencies of the slowest and of the fastest feature of a time in [0, 1]. */
const SLOWEST = 1;
const FASTEST = 200;

/**
 * Sines and cosines of time `[batch]` at frequencies in geometric progression (Vaswani et al., arXiv:1706.03762): `[batch, count]`,
 * for an even count.
 */
export function timeFeatures(time: Tensor, count: number): Tensor {
  const half = count / 2;
  const ratio = FASTEST / SLOWEST;
  const frequencies = Array.from({ length: half }, (_, i) => SLOWEST * ratio ** (i / Math.max(1, half - 1)));
  const row = cast(constant(arrayFrom("f64", [1, half], frequencies)), time.dtype);
  const angles = mul(reshape(time, [time.shape[0] as number, 1]), row);
  return concat([sin(angles), cos(angles)], 1);
}

/** Parameters of {@link timeEmbedding}. */
export type TimeParameters = {
  /** `[features, width]`. */
  readonly first: { readonly weight: NDArray<"f32">; readonly bias: NDArray<"f32"> };
  /** `[width, width]`. */
  readonly second: { readonly weight: NDArray<"f32">; readonly bias: NDArray<"f32"> };
  /** `[contextSize, width]`: what the context adds. */
  readonly context?: NDArray<"f32">;
};

/** What the layers of a network are told of time and context: a small network of {@link timeFeatures}, plus a linear map of the context. */
export function timeEmbedding(width: number, contextSize: number) {
  const features = 2 * Math.ceil(width / 4);
  const weight = (key: Key, inputs: number) => uniformInit(key, [inputs, width], Math.sqrt(3 / inputs));
  return {
    /** Number of its parameters. */
    count: (features + width + 2 + contextSize) * width,
    /** Fresh parameters. */
    init(key: Key): TimeParameters {
      const [a, b, c] = key.split(3) as [Key, Key, Key];
      return {
        first: { weight: weight(a, features), bias: zerosInit([width]) },
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
      const hidden = silu(add(matmul(timeFeatures(time, features), first.weight), first.bias));
      const sums = add(matmul(hidden, second.weight), second.bias);
      return silu(map && context ? add(sums, matmul(context, map)) : sums);
    },
  };
}
