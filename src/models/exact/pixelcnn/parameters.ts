import { type NDArray, ndarray } from "../../../array.ts";
import { glorotInit, zerosInit } from "../../../nn/init.ts";
import type { Key } from "../../../random/key.ts";
import type { Plan } from "./plan.ts";

type Weight = NDArray<"f32">;

/** Sums before a gate: `weight [taps · inputs (+ channels linked), 2 · channels]`, absent where nothing is read. */
export type Convolution = {
  readonly weight?: Weight;
  readonly bias: Weight;
  /** `[contextSize, 2 · channels]`. */
  readonly context?: Weight;
};

/** One layer of both stacks; `out` is the 1 × 1 convolution after the gate of the horizontal one. */
export type PixelcnnLayer = {
  readonly vertical?: Convolution;
  /** The last `channels` rows of its weight link the vertical stack to it. */
  readonly horizontal: Convolution;
  readonly out: { readonly weight: Weight; readonly bias: Weight };
};

/** Parameters of a PixelCNN. */
export type PixelcnnParameters = {
  /** `[states, embedded]`, for more than 8 states. */
  readonly embedding?: Weight;
  /** Gated convolutions, from the pixels up; each adds to what the one below gave. */
  readonly layers: readonly PixelcnnLayer[];
  /** From the last layer to the logits of each site, through a hidden layer `head` wide. */
  readonly head: {
    /** `[channels, pixel channels · head]`. */
    readonly weight: Weight;
    readonly bias: Weight;
    /** `[c · encoded, head]` for channel c ≥ 1 of a pixel: what it sees of the channels before it. */
    readonly earlier?: readonly Weight[];
    /** `[head, outputs]`. */
    readonly output: Weight;
    /** `[sites, outputs]`, or one row a channel of a pixel. */
    readonly logitBias: Weight;
  };
};

/** Makes a weight `[inputs, outputs]`, or a bias. */
type Make = (shape: readonly number[], kind: "weight" | "bias") => Weight;

function build(plan: Plan, make: Make): PixelcnnParameters {
  const { channels, contextSize, grid, head, outputs, encoded, embedded } = plan;
  const convolution = (rows: number): Convolution => ({
    ...(rows > 0 ? { weight: make([rows, 2 * channels], "weight") } : {}),
    bias: make([2 * channels], "bias"),
    ...(contextSize > 0 ? { context: make([contextSize, 2 * channels], "weight") } : {}),
  });
  const layers = plan.stack.map(({ inputs, vertical, horizontal }): PixelcnnLayer => {
    const linked = vertical ? channels : 0;
    return {
      ...(vertical ? { vertical: convolution(vertical.taps * inputs) } : {}),
      horizontal: convolution(horizontal.taps * inputs + linked),
      out: { weight: make([channels, channels], "weight"), bias: make([channels], "bias") },
    };
  });
  const later = Array.from({ length: grid.channels - 1 }, (_, i) => i + 1);
  return {
    ...(embedded > 0 ? { embedding: make([outputs, embedded], "weight") } : {}),
    layers,
    head: {
      weight: make([channels, grid.channels * head], "weight"),
      bias: make([grid.channels * head], "bias"),
      ...(later.length > 0 ? { earlier: later.map((c) => make([c * encoded, head], "weight")) } : {}),
      output: make([head, outputs], "weight"),
      logitBias: make(
        [plan.siteBias ? grid.rows * grid.columns * grid.channels : grid.channels, outputs],
        "bias",
      ),
    },
  };
}

/** Fresh parameters: weights uniform by Glorot & Bengio, biases zero. */
export function initialParameters(plan: Plan, key: Key): PixelcnnParameters {
  let i = 0;
  return build(plan, (shape, kind) =>
    kind === "bias" ? zerosInit(shape) : glorotInit(key.fold(i++), shape[0] as number, shape[1] as number),
  );
}

/** Number of parameters, without making any. */
export function countParameters(plan: Plan): number {
  let count = 0;
  const none = ndarray("f32", [0]);
  build(plan, (shape) => {
    count += shape.reduce((product, n) => product * n, 1);
    return none;
  });
  return count;
}
