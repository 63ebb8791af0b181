import type { NDArray } from "../../../../array.ts";
import { type ActivationName, activations } from "../../../../nn/activation.ts";
import { glorotInit, zerosInit } from "../../../../nn/init.ts";
import type { Key } from "../../../../random/key.ts";
import { add, matmul, reshape, type Tensor, transpose } from "../../../../tensor/index.ts";
import type { Symbolic } from "../../../contract.ts";
import { type Convolution, convolve, freshConvolution } from "../networks/convolution.ts";
import type { SiteParameters } from "../networks/network.ts";
import type { CodeNetworks } from "./parts.ts";

/** First layer, residual blocks, last layer, and what a context adds to the sums of the first, `[numbers, width]`. */
type StackParameters = {
  readonly first: Convolution;
  readonly blocks: readonly { readonly first: Convolution; readonly second: Convolution }[];
  readonly last: Convolution;
  readonly context?: NDArray<"f32">;
};

/** Numbers that are read of a site, that a site is given, and that a code has. */
export interface Sizes {
  readonly features: number;
  readonly outputs: number;
  readonly channels: number;
}

/** What {@link convolutionalNetworks} is made of. */
export interface ConvolutionalOptions {
  /** `[height, width]`, or with channels `[height, width, channels]`. */
  readonly shape: readonly number[];
  /** Side of the patch of sites that one code represents; it divides height and width. */
  readonly patch: number;
  /** Numbers that a place has in hidden layers. */
  readonly width: number;
  /** Residual blocks at either end. */
  readonly blocks: number;
  readonly activation: ActivationName;
  /** Beyond the edges: zeros, or the other side of a periodic lattice. */
  readonly padding: "zero" | "periodic";
  /** Numbers in the context of a row, 0 for none. */
  readonly contextSize: number;
}

/** The lattice of codes that convolutional networks of a shape have. */
const codeLattice = ([height = 1, width = 1]: readonly number[], patch: number) =>
  [height / patch, width / patch] as const;

/**
 * Networks between rows of two axes and a lattice of codes: patches of sites as channels of a place, and residual blocks of 3 × 3
 * convolutions over the places (few places with many channels are what processors multiply fast).
 */
export function convolutionalNetworks(
  options: ConvolutionalOptions,
  { features, outputs, channels }: Sizes,
): CodeNetworks {
  const { shape, patch } = options;
  const [rows, columns] = codeLattice(shape, patch);
  const deep = shape.slice(2).reduce((product, n) => product * n, 1);
  const sites = rows * columns * patch * patch * deep;
  const grid = { rows, columns, patch };
  const encoder = stack(options, deep * features * patch * patch, channels, 1);
  const decoder = stack(options, channels, deep * outputs * patch * patch, 3);
  return {
    codeShape: [rows, columns],
    encoder: {
      ...encoder,
      apply: (p, read, context) =>
        asList(encoder.apply(p as never, toPatches(read, grid, deep * features), context)),
    },
    decoder: {
      count: decoder.count + sites * outputs,
      init: (key) => ({ network: decoder.init(key), bias: zerosInit([sites, outputs]) }),
      apply(p: Symbolic<SiteParameters>, values, context) {
        const places = asLattice(values, rows, columns);
        const sums = fromPatches(decoder.apply(p.network as never, places, context), grid, deep * outputs);
        return add(reshape(sums, [values.shape[0] as number, sites, outputs]), p.bias);
      },
    },
  };
}

/** `[batch, codes, channels]` → `[batch, channels, rows, columns]`. */
const asLattice = (values: Tensor, rows: number, columns: number) =>
  transpose(
    reshape(values, [values.shape[0] as number, rows, columns, values.shape[2] as number]),
    [0, 3, 1, 2],
  );

/** `[batch, channels, rows, columns]` → `[batch, codes, channels]`. */
function asList(lattice: Tensor): Tensor {
  const [batch, channels, rows, columns] = lattice.shape as [number, number, number, number];
  return reshape(transpose(lattice, [0, 2, 3, 1]), [batch, rows * columns, channels]);
}

interface Grid {
  readonly rows: number;
  readonly columns: number;
  readonly patch: number;
}

/** What is read of sites, `numbers` a pixel, → `[batch, patch² · numbers, rows, columns]`. */
function toPatches(read: Tensor, { rows, columns, patch }: Grid, numbers: number): Tensor {
  const batch = read.shape[0] as number;
  const cut = reshape(read, [batch, rows, patch, columns, patch * numbers]);
  return reshape(transpose(cut, [0, 2, 4, 1, 3]), [batch, patch * patch * numbers, rows, columns]);
}

/** The other way around: → `[batch, sites · numbers]` as sites lie. */
function fromPatches(places: Tensor, { rows, columns, patch }: Grid, numbers: number): Tensor {
  const batch = places.shape[0] as number;
  const cut = reshape(places, [batch, patch, patch * numbers, rows, columns]);
  return reshape(transpose(cut, [0, 3, 1, 4, 2]), [batch, rows * patch * columns * patch * numbers]);
}

/** Convolutions over places from `inputs` channels to `outputs`; the window of the first is `window` wide. */
function stack(options: ConvolutionalOptions, inputs: number, outputs: number, window: 1 | 3) {
  const { width, blocks, activation, padding, contextSize } = options;
  const f = activations[activation];
  const apply = (x: Tensor, convolution: Symbolic<Convolution>) => convolve(x, convolution, padding, [1, 1]);
  return {
    count:
      width * (inputs * window * window + 1) +
      blocks * 2 * width * (9 * width + 1) +
      outputs * (width + 1) +
      contextSize * width,
    init: (key: Key): StackParameters => ({
      first: convolution(key.fold(0), inputs, width, window),
      blocks: Array.from({ length: blocks }, (_, i) => ({
        first: convolution(key.fold(1).fold(i), width, width, 3),
        second: convolution(key.fold(2).fold(i), width, width, 3),
      })),
      last: convolution(key.fold(3), width, outputs, 1),
      ...(contextSize > 0 && { context: glorotInit(key.fold(4), contextSize, width) }),
    }),
    apply(p: Symbolic<StackParameters>, x: Tensor, context?: Tensor): Tensor {
      const first = apply(x, p.first);
      const given =
        p.context && context
          ? add(first, reshape(matmul(context, p.context), [x.shape[0] as number, width, 1, 1]))
          : first;
      const h = p.blocks.reduce(
        (below, block) => add(below, apply(f(apply(f(below), block.first)), block.second)),
        given,
      );
      return apply(f(h), p.last);
    },
  };
}

/** A fresh convolution of square windows. */
const convolution = (key: Key, inputs: number, outputs: number, size: number): Convolution =>
  freshConvolution(key, [outputs, inputs, size, size], true);
