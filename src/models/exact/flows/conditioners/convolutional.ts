import type { NDArray } from "../../../../array.ts";
import { usageError } from "../../../../error.ts";
import { type ActivationName, activations } from "../../../../nn/activation.ts";
import { glorotInit, uniformInit, zerosInit } from "../../../../nn/init.ts";
import type { Key } from "../../../../random/key.ts";
import { add, conv2d, matmul, padPeriodic, reshape, type Tensor } from "../../../../tensor/index.ts";
import type { Symbolic } from "../../../contract.ts";
import type { MakeConditioner } from "../conditioner.ts";

/** Kernels `[outputs, inputs, size, size]` and a bias `[outputs]`. */
export type Convolution = { readonly weight: NDArray<"f32">; readonly bias: NDArray<"f32"> };

/** The first layer, hidden layers, the last layer, and what the context adds to the first one's sums, `[contextSize, channels]`. */
export type ConvolutionalParameters = {
  readonly input: Convolution;
  readonly blocks: readonly { readonly first: Convolution; readonly second?: Convolution }[];
  readonly output: Convolution;
  readonly context?: { readonly weight: NDArray<"f32"> };
};

/** What a convolutional conditioner is made of. */
export interface ConvolutionalOptions {
  /** Numbers a place has in the hidden layers. */
  readonly channels: number;
  /** Side of the windows of the first and the last layer, and of residual blocks: odd. */
  readonly kernel: number;
  /** Residual blocks of two layers; 0 is the network of Glow, one hidden layer of 1 × 1. */
  readonly blocks: number;
  readonly activation: ActivationName;
  /** Beyond the edges: zeros, or the other side of a periodic lattice. */
  readonly padding: "zero" | "periodic";
  /** Numbers in the context of a row, 0 for none. */
  readonly contextSize: number;
}

/**
 * A network of convolutions from `[channels, height, width]` to `[size, channels, height, width]`: three
 * layers, the middle one 1 × 1 (Kingma & Dhariwal, arXiv:1807.03039, section 5.1), or residual blocks h ← h +
 * W₂ f(W₁ f(h)) between the first and the last (as in RealNVP: arXiv:1605.08803, section 3.6). The last layer
 * starts at zero. Throws AnsatzError (usage) for a window that goes more than once around a periodic lattice.
 */
export function convolutional(options: ConvolutionalOptions): MakeConditioner<ConvolutionalParameters> {
  const { channels, kernel, blocks, activation, padding, contextSize } = options;
  const f = activations[activation];
  return (from, to) => {
    const [inputs = 0, height = 0, width = 0] = from;
    const outputs = to.slice(0, -2).reduce((product, n) => product * n, 1);
    const reach = (kernel - 1) / 2;
    if (padding === "periodic" && reach > Math.min(height, width))
      throw usageError(
        `a window of ${kernel}x${kernel} is larger than the ${height}x${width} sites left; take fewer levels or a smaller kernel`,
      );
    const apply = (x: Tensor, { weight, bias }: Symbolic<Convolution>) => {
      const half = ((weight.shape[2] as number) - 1) / 2;
      const sums =
        padding === "periodic" && half > 0
          ? conv2d(padPeriodic(padPeriodic(x, 2, half), 3, half), weight)
          : conv2d(x, weight, { padding: half });
      return add(sums, reshape(bias, [bias.shape[0] as number, 1, 1]));
    };
    return {
      init: (key) => ({
        input: convolution(key.fold(0), inputs, channels, kernel),
        blocks: Array.from({ length: Math.max(blocks, 1) }, (_, i) =>
          blocks === 0
            ? { first: convolution(key.fold(1).fold(i), channels, channels, 1) }
            : {
                first: convolution(key.fold(1).fold(i), channels, channels, kernel),
                second: convolution(key.fold(2).fold(i), channels, channels, kernel),
              },
        ),
        output: {
          weight: zerosInit([outputs, channels, kernel, kernel]),
          bias: zerosInit([outputs]),
        },
        ...(contextSize > 0 && { context: { weight: glorotInit(key.fold(3), contextSize, channels) } }),
      }),
      outputs(p, kept, context) {
        const rows = kept.shape[0] as number;
        let h = apply(kept, p.input);
        if (p.context && context)
          h = add(h, reshape(matmul(context, p.context.weight), [rows, channels, 1, 1]));
        for (const { first, second } of p.blocks)
          h = second ? add(h, apply(f(apply(f(h), first)), second)) : apply(f(h), first);
        return reshape(apply(f(h), p.output), [rows, ...to]);
      },
    };
  };
}

/** Parameters of a {@link convolutional} network that reads `inputs` channels and gives `outputs`. */
export function convolutionalCount(
  { channels, kernel, blocks, contextSize }: ConvolutionalOptions,
  inputs: number,
  outputs: number,
): number {
  const window = kernel * kernel;
  const ends = window * channels * (inputs + outputs) + channels + outputs + contextSize * channels;
  const block = blocks === 0 ? channels + 1 : 2 * blocks * (window * channels + 1);
  return ends + channels * block;
}

/** Kernels uniform by Glorot & Bengio, bias zero. */
function convolution(key: Key, inputs: number, outputs: number, size: number): Convolution {
  const limit = Math.sqrt(6 / (size * size * (inputs + outputs)));
  return { weight: uniformInit(key, [outputs, inputs, size, size], limit), bias: zerosInit([outputs]) };
}
