import { usageError } from "../../../../error.ts";
import { type ActivationName, activations } from "../../../../nn/activation.ts";
import { reshape, type Tensor, transpose } from "../../../../tensor/index.ts";
import { type Convolution, convolve, freshConvolution } from "./convolution.ts";
import { type DenseParameters, dense } from "./dense.ts";
import type { Network } from "./network.ts";

/** Convolutions, which halve the sides if possible, and a dense network at the small end. */
export type ConvolutionalParameters = {
  readonly convolutions: readonly Convolution[];
  readonly dense: DenseParameters;
};

/** What both convolutional ends are built from. */
export interface ConvolutionalOptions {
  /** Sides of one configuration: a row of sites, an image, or an image of several channels. */
  readonly shape: readonly number[];
  /** Units of the hidden layers of the dense network. */
  readonly hidden: readonly number[];
  /** Channels after each convolution of the encoder. */
  readonly channels: readonly number[];
  /** Side of the windows, odd. */
  readonly kernel: number;
  /** Beyond the edges: zeros, or the other side of a periodic lattice. */
  readonly padding: "zero" | "periodic";
  readonly activation: ActivationName;
  readonly contextSize: number;
}

/** Height, width and channels of what a layer reads, and the factors by which it shrinks the first two. */
interface Level {
  readonly height: number;
  readonly width: number;
  readonly steps: readonly [number, number];
}

/** The step along a side: 2 if the side halves evenly and more than one site is left. */
const stepOf = (side: number) => (side % 2 === 0 && side > 2 ? 2 : 1);

/** The levels of an image, from the largest on, what is left after the last one, and channels of a pixel. */
function levelsOf(family: string, { shape, channels, kernel, padding }: ConvolutionalOptions) {
  if (shape.length > 3)
    throw usageError(`${family}: convolutions are over one or two axes, and channels; take network=dense`);
  const [rows, columns, colours] = shape.length === 1 ? [1, shape[0] as number, 1] : [...shape, 1];
  let [height, width] = [rows as number, columns as number];
  const levels = channels.map((): Level => {
    const level = { height, width, steps: [stepOf(height), stepOf(width)] } as const;
    if (padding === "periodic" && (kernel - 1) / 2 > Math.min(...[height, width].filter((side) => side > 1)))
      throw usageError(
        `${family}: a window of ${kernel} goes more than once around ${height}x${width} sites; take fewer channels or a smaller kernel`,
      );
    [height, width] = [height / level.steps[0], width / level.steps[1]];
    return level;
  });
  return { levels, height, width, colours: colours as number };
}

const windowOf = ({ height }: Level, kernel: number) =>
  (height === 1 ? [1, kernel] : [kernel, kernel]) as [number, number];

/**
 * From what is read of sites, `[batch, sites, features]`, to `[batch, outputs]`: convolutions that halve even sides, and a dense
 * network, which also reads the context. Throws AnsatzError (usage), naming the family, for more than two axes and channels.
 */
export function convolutionalEncoder(
  family: string,
  options: ConvolutionalOptions,
  features: number,
  outputs: number,
): Network<ConvolutionalParameters> {
  const { channels, kernel, padding, activation, hidden, contextSize } = options;
  const { levels, height, width, colours } = levelsOf(family, options);
  const widths = [colours * features, ...channels];
  const sizes = levels.map(
    (level, i) => [widths[i + 1] as number, widths[i] as number, ...windowOf(level, kernel)] as const,
  );
  const inputs = (widths.at(-1) as number) * height * width;
  const head = dense({ inputs, outputs, hidden, activation, contextSize });
  const first = levels[0] as Level;
  return {
    count: head.count + countOf(sizes, true),
    init: (key) => ({
      convolutions: sizes.map((size, i) => freshConvolution(key.fold(1).fold(i), size, true)),
      dense: head.init(key.fold(0)),
    }),
    apply(p, read, context) {
      const batch = read.shape[0] as number;
      const image = reshape(read, [batch, first.height, first.width, widths[0] as number]);
      const top = p.convolutions.reduce(
        (below: Tensor, convolution, i) =>
          activations[activation](convolve(below, convolution, padding, (levels[i] as Level).steps)),
        transpose(image, [0, 3, 1, 2]),
      );
      return head.apply(p.dense, reshape(top, [batch, inputs]), context);
    },
  };
}

/**
 * From `[batch, inputs]` to `[batch, sites, outputs]`, without the bias of sites: the mirror image of {@link convolutionalEncoder}.
 * Sides grow by convolutions that give a pixel's four quarters as channels (Shi et al., arXiv:1609.05158), which close on a
 * periodic lattice. Throws AnsatzError (usage) as it does.
 */
export function convolutionalDecoder(
  family: string,
  options: ConvolutionalOptions,
  inputs: number,
  outputs: number,
): Network<ConvolutionalParameters> {
  const { channels, kernel, padding, activation, contextSize } = options;
  const { levels, height, width, colours } = levelsOf(family, options);
  const widths = [colours * outputs, ...channels];
  // From the smallest level up.
  const order = levels.map((_, i) => levels.length - 1 - i);
  const sizes = order.map((i) => {
    const level = levels[i] as Level;
    const parts = level.steps[0] * level.steps[1];
    return [parts * (widths[i] as number), widths[i + 1] as number, ...windowOf(level, kernel)] as const;
  });
  const start = [widths.at(-1) as number, height, width];
  const hidden = options.hidden.toReversed();
  const foot = dense({ inputs, outputs: start.reduce((a, b) => a * b), hidden, activation, contextSize });
  return {
    count: foot.count + countOf(sizes, false),
    init: (key) => ({
      convolutions: sizes.map((size, i) => freshConvolution(key.fold(1).fold(i), size, i < sizes.length - 1)),
      dense: foot.init(key.fold(0)),
    }),
    apply(p, z, context) {
      const batch = z.shape[0] as number;
      const bottom = reshape(foot.apply(p.dense, z, context), [batch, ...start]);
      const image = p.convolutions.reduce(
        (below: Tensor, convolution, i) =>
          unfolded(
            convolve(activations[activation](below), convolution, padding, [1, 1]),
            levels[order[i] as number] as Level,
          ),
        bottom,
      );
      const [, c, h, w] = image.shape as [number, number, number, number];
      return reshape(transpose(image, [0, 2, 3, 1]), [batch, h * w * colours, c / colours]);
    },
  };
}

/** Channels of a pixel as the pixels that it grows to. */
function unfolded(x: Tensor, { steps: [down, across] }: Level): Tensor {
  const [batch, c, h, w] = x.shape as [number, number, number, number];
  if (down * across === 1) return x;
  const channels = c / (down * across);
  const quarters = reshape(x, [batch, channels, down, across, h, w]);
  return reshape(transpose(quarters, [0, 1, 4, 2, 5, 3]), [batch, channels, h * down, w * across]);
}

/** Parameters of convolutions of these sizes; the last has a bias too where `all` have. */
const countOf = (sizes: readonly (readonly number[])[], all: boolean) =>
  sizes.reduce(
    (sum, size, i) =>
      sum + size.reduce((a, b) => a * b) + (all || i < sizes.length - 1 ? (size[0] as number) : 0),
    0,
  );
