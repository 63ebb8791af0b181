import { usageError } from "../../error.ts";
import { isSymbolic, type Shape, shapeError } from "../shape.ts";
import { apply, dtypeError, isFloat, type Operation, type Tensor } from "../tensor.ts";
import { transpose } from "./layout.ts";

type Pair = readonly [number, number];

/**
 * The geometry of a convolution, axis by axis: output i and tap p meet input i · stride + p · dilation −
 * offset, and the input is zero outside its range. `size` is that of the result. With the result's size
 * stated, the product of two images and a kernel summed over such triples is one trilinear form, and its
 * three derivatives are the two operations below: the set is closed under differentiation, whatever the
 * strides leave over.
 */
export interface ConvolutionAttributes {
  readonly stride: Pair;
  readonly dilation: Pair;
  readonly offset: Pair;
  readonly size: Pair;
}

function check(name: string, [x, w]: readonly [Tensor, Tensor], channel: 0 | 1): void {
  if (!isFloat(x.dtype) || x.dtype !== w.dtype)
    throw dtypeError(name, "needs real images and kernels of one element type", x, w);
  if (x.shape.length !== 4 || w.shape.length !== 4)
    throw shapeError(name, "needs [batch, channels, height, width] and a kernel of rank 4", x.shape, w.shape);
  if (x.shape[1] !== w.shape[channel]) throw shapeError(name, "the channels differ", x.shape, w.shape);
  if (isSymbolic(x.shape.slice(2)) || isSymbolic(w.shape.slice(2)))
    throw shapeError(name, "needs static heights and widths", x.shape, w.shape);
}

const swap = (x: Tensor) => transpose(x, [1, 0, 2, 3]);
const extent = (x: Tensor): Pair => [x.shape[2] as number, x.shape[3] as number];

export const conv2dOperation: Operation<ConvolutionAttributes> = {
  name: "conv2d",
  infer(inputs, { size }) {
    const [x, w] = inputs as [Tensor, Tensor];
    check("conv2d", [x, w], 1);
    return [{ shape: [x.shape[0] as number, w.shape[0] as number, ...size], dtype: x.dtype }];
  },
  derivative({ inputs, attributes, cotangents }) {
    const [x, w] = inputs as [Tensor, Tensor];
    const g = cotangents[0] as Tensor;
    return [
      apply(convTranspose2dOperation, [g, w], { ...attributes, size: extent(x) }),
      kernelCotangent(x, g, attributes, extent(w)),
    ];
  },
};

export const convTranspose2dOperation: Operation<ConvolutionAttributes> = {
  name: "convTranspose2d",
  infer(inputs, { size }) {
    const [x, w] = inputs as [Tensor, Tensor];
    check("convTranspose2d", [x, w], 0);
    return [{ shape: [x.shape[0] as number, w.shape[1] as number, ...size], dtype: x.dtype }];
  },
  derivative({ inputs, attributes, cotangents }) {
    const [x, w] = inputs as [Tensor, Tensor];
    const g = cotangents[0] as Tensor;
    return [
      apply(conv2dOperation, [g, w], { ...attributes, size: extent(x) }),
      kernelCotangent(g, x, attributes, extent(w)),
    ];
  },
};

/**
 * Σ over the batch of wide[…, i · stride + p · dilation − offset] narrow[…, i], for each tap p: a convolution over
 * the batch as channels, in which stride and dilation change places. Shape [narrow's, wide's channels, ...size].
 */
function kernelCotangent(
  wide: Tensor,
  narrow: Tensor,
  { stride, dilation, offset }: ConvolutionAttributes,
  size: Pair,
): Tensor {
  const geometry = { stride: dilation, dilation: stride, offset, size };
  return swap(apply(conv2dOperation, [swap(wide), swap(narrow)], geometry));
}

/** Geometry of {@link conv2d}. */
export interface ConvolutionOptions {
  /** Step between outputs, for both axes or [vertical, horizontal]; 1 unless given. */
  readonly stride?: number | Pair;
  /** Step between the kernel's taps; 1 unless given. */
  readonly dilation?: number | Pair;
  /** Zeros around the image: on every side, [vertical, horizontal], or [top, bottom, left, right]; none unless given. */
  readonly padding?: number | Pair | readonly [number, number, number, number];
}

/** Geometry of {@link convTranspose2d}. */
export interface ConvolutionTransposeOptions extends ConvolutionOptions {
  /** Rows and columns added at the bottom and the right of the result; 0 unless given. */
  readonly outputPadding?: number | Pair;
}

function pair(name: string, what: string, value: number | Pair, least: number): Pair {
  const both: Pair = typeof value === "number" ? [value, value] : value;
  if (both.length !== 2 || both.some((n) => !Number.isInteger(n) || n < least))
    throw usageError(`${name}: ${what} must be one or two integers of at least ${least}, got ${value}`);
  return both;
}

/** [top, left] and [bottom, right]. */
function sides(name: string, padding: NonNullable<ConvolutionOptions["padding"]>): [Pair, Pair] {
  if (typeof padding === "number" || padding.length === 2) {
    const both = pair(name, "padding", padding, 0);
    return [both, both];
  }
  const [top, bottom, left, right] = padding;
  if (padding.length !== 4 || padding.some((n) => !Number.isInteger(n) || n < 0))
    throw usageError(`${name}: padding must be one, two or four integers of at least 0, got ${padding}`);
  return [
    [top, left],
    [bottom, right],
  ];
}

function positive(name: string, size: Pair, x: Shape, w: Shape): void {
  if (size.some((n) => n < 1)) throw shapeError(name, "the kernel does not fit into the image", x, w);
}

/**
 * Cross-correlation of images x [batch, channels, height, width] with kernels w [outputs, channels, kh, kw]:
 * [batch, outputs, ⌊(height + top + bottom − dilation (kh − 1) − 1) / stride⌋ + 1, …]. Throws where channels or
 * element types differ or the kernel does not fit.
 */
export function conv2d(x: Tensor, w: Tensor, options: ConvolutionOptions = {}): Tensor {
  check("conv2d", [x, w], 1);
  const stride = pair("conv2d", "stride", options.stride ?? 1, 1);
  const dilation = pair("conv2d", "dilation", options.dilation ?? 1, 1);
  const [offset, end] = sides("conv2d", options.padding ?? 0);
  const size = ([0, 1] as const).map((a) => {
    const reach = dilation[a] * ((w.shape[2 + a] as number) - 1) + 1;
    return Math.floor(((x.shape[2 + a] as number) + offset[a] + end[a] - reach) / stride[a]) + 1;
  }) as [number, number];
  positive("conv2d", size, x.shape, w.shape);
  return apply(conv2dOperation, [x, w], { stride, dilation, offset, size });
}

/**
 * The adjoint of {@link conv2d} with respect to its images, also called deconvolution: x [batch, channels, height,
 * width] and w [channels, outputs, kh, kw] give [batch, outputs, (height − 1) stride + dilation (kh − 1) + 1 − top −
 * bottom + outputPadding, …]. Throws where channels or element types differ or nothing is left.
 */
export function convTranspose2d(x: Tensor, w: Tensor, options: ConvolutionTransposeOptions = {}): Tensor {
  const name = "convTranspose2d";
  check(name, [x, w], 0);
  const stride = pair(name, "stride", options.stride ?? 1, 1);
  const dilation = pair(name, "dilation", options.dilation ?? 1, 1);
  const [offset, end] = sides(name, options.padding ?? 0);
  const extra = pair(name, "outputPadding", options.outputPadding ?? 0, 0);
  const size = ([0, 1] as const).map((a) => {
    const reach = dilation[a] * ((w.shape[2 + a] as number) - 1) + 1;
    return ((x.shape[2 + a] as number) - 1) * stride[a] + reach - offset[a] - end[a] + extra[a];
  }) as [number, number];
  positive(name, size, x.shape, w.shape);
  return apply(convTranspose2dOperation, [x, w], { stride, dilation, offset, size });
}
