import type { NDArray } from "../../../../array.ts";
import { type ActivationName, activations } from "../../../../nn/activation.ts";
import { zerosInit } from "../../../../nn/init.ts";
import { add, broadcastTo, expandDims, mul, reshape, slice, type Tensor } from "../../../../tensor/index.ts";
import {
  type Convolution,
  convolve,
  freshConvolution,
} from "../../../approximate/latent/networks/convolution.ts";
import { type DenseParameters, dense } from "../../../approximate/latent/networks/dense.ts";
import type { Network } from "../../../approximate/latent/networks/network.ts";
import type { Parameters, Symbolic } from "../../../contract.ts";
import type { Generator } from "./generator.ts";
import {
  type ConvolutionalSetup,
  folded,
  imageOf,
  type Level,
  levelsOf,
  sitesOf,
  unfolded,
  windowOf,
} from "./levels.ts";

/** What both convolutional players are built from. */
export interface ConvolutionalOptions extends ConvolutionalSetup {
  /** The family, for messages. */
  readonly family: string;
  readonly padding: "zero" | "periodic";
  readonly activation: ActivationName;
  /** Numbers that networks read of a context. */
  readonly contextSize: number;
}

/** Convolutions from the large images to the small ones, and a linear map. */
export type ConvolutionalParameters = {
  readonly convolutions: readonly Convolution[];
  readonly dense: DenseParameters;
};

/** Weights and biases of convolutions of these sizes. */
const countOf = (sizes: readonly (readonly number[])[]) =>
  sizes.reduce((sum, size) => sum + size.reduce((a, b) => a * b) + (size[0] as number), 0);

type Sizes = readonly [outputs: number, inputs: number, height: number, width: number];

/**
 * The discriminator of images: a convolution at the largest level, one that halves the sides to each smaller one, and a linear map of the last
 * image and the context to the score. Nothing is normalised: a score is of its row alone.
 */
export function convolutionalDiscriminator(
  options: ConvolutionalOptions,
  features: number,
): Network<ConvolutionalParameters> {
  const { family, kernel, padding, activation, contextSize } = options;
  const plan = levelsOf(family, options);
  const { levels, patch, colours } = plan;
  const inputs = colours * features * patch[0] * patch[1];
  const sizes = levels.map((level, i): Sizes => {
    const before = levels[i - 1];
    return [level.channels, before?.channels ?? inputs, ...windowOf(before ?? level, kernel)];
  });
  const last = levels.at(-1) as Level;
  const flat = last.channels * last.height * last.width;
  const head = dense({ inputs: flat, outputs: 1, hidden: [], activation, contextSize });
  return {
    count: countOf(sizes) + head.count,
    init: (key) => ({
      convolutions: sizes.map((size, i) => freshConvolution(key.fold(1).fold(i), size, true)),
      dense: head.init(key.fold(0)),
    }),
    apply(p, read, context) {
      const top = p.convolutions.reduce(
        (below: Tensor, convolution, i) =>
          activations[activation](convolve(below, convolution, padding, levels[i - 1]?.steps ?? [1, 1])),
        folded(imageOf(read, plan), patch),
      );
      return head.apply(p.dense, reshape(top, [read.shape[0] as number, flat]), context);
    },
  };
}

/** A generator of images: a linear map to the smallest one, and a convolution after each enlargement. */
export type ConvolutionalGeneratorParameters = Parameters & {
  readonly dense: DenseParameters;
  readonly convolutions: readonly Convolution[];
  /** How much noise of its own each channel of a level has, `[channels]`; absent without such noise. */
  readonly noise?: readonly NDArray<"f32">[];
};

/** A pixel as the pixels that it grows to. */
function enlarged(x: Tensor, [down, across]: readonly [number, number]): Tensor {
  const [batch, c, h, w] = x.shape as [number, number, number, number];
  if (down * across === 1) return x;
  const wide = broadcastTo(expandDims(expandDims(x, 4), 3), [batch, c, h, down, w, across]);
  return reshape(wide, [batch, c, h * down, w * across]);
}

/**
 * The generator of images: the mirror image of {@link convolutionalDiscriminator}. Pixels are repeated before a convolution, which leaves no grid
 * as transposed convolutions do (Odena, Dumoulin & Olah, Distill 2016). With `noise`, a code has `latent` numbers for the
 * whole and one for each pixel of each level, added to its channels (Karras et al., arXiv:1812.04948): what varies from place to place.
 */
export function convolutionalGenerator(
  options: ConvolutionalOptions,
  latent: number,
  outputs: number,
  noise: boolean,
): Generator {
  const { family, kernel, padding, activation, contextSize } = options;
  const plan = levelsOf(family, options);
  const { patch, colours } = plan;
  const levels = plan.levels.toReversed();
  const first = levels[0] as Level;
  const foot = dense({
    ...{ inputs: latent, outputs: first.channels * first.height * first.width },
    ...{ hidden: [], activation, contextSize },
  });
  // To each larger level, and to the pixels of the largest.
  const sizes = levels.map((level, i): Sizes => {
    const next = levels[i + 1];
    const given = next?.channels ?? colours * outputs * patch[0] * patch[1];
    return [given, level.channels, ...windowOf(next ?? level, kernel)];
  });
  const pixels = noise ? levels.map(({ height, width }) => height * width) : [];
  const size = latent + pixels.reduce((a, b) => a + b, 0);
  const act = activations[activation];
  return {
    size,
    shared: true,
    count:
      foot.count +
      countOf(sizes) +
      outputs +
      (noise ? levels.reduce((sum, { channels }) => sum + channels, 0) : 0),
    init: (key) => ({
      bias: zerosInit([1, outputs]),
      network: {
        dense: foot.init(key.fold(0)),
        convolutions: sizes.map((own, i) => freshConvolution(key.fold(1).fold(i), own, true)),
        ...(noise && { noise: levels.map(({ channels }) => constant(channels, 0.3)) }),
      },
    }),
    apply(parameters, codes, context) {
      const p = parameters.network as Symbolic<ConvolutionalGeneratorParameters>;
      const batch = codes.shape[0] as number;
      let from = latent;
      const perturbed = (x: Tensor, i: number): Tensor => {
        const [gain, { height, width, channels }] = [p.noise?.[i], levels[i] as Level];
        if (!gain) return x;
        const own = reshape(slice(codes, 1, from, from + height * width), [batch, 1, height, width]);
        from += height * width;
        return add(x, mul(own, reshape(gain, [channels, 1, 1])));
      };
      const whole = size === latent ? codes : slice(codes, 1, 0, latent);
      const bottom = reshape(foot.apply(p.dense, whole, context), [
        batch,
        first.channels,
        first.height,
        first.width,
      ]);
      const top = p.convolutions.reduce((below: Tensor, convolution, i) => {
        const ready = act(perturbed(below, i));
        const steps = levels[i + 1]?.steps ?? [1, 1];
        return convolve(enlarged(ready, steps), convolution, padding, [1, 1]);
      }, bottom);
      return add(sitesOf(unfolded(top, patch), plan), parameters.bias);
    },
  };

  function constant(channels: number, value: number): NDArray<"f32"> {
    const array = zerosInit([channels]);
    array.data.fill(value);
    return array;
  }
}
