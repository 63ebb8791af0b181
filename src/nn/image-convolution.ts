import { arrayFrom } from "../array.ts";
import {
  add,
  cast,
  constant,
  conv2d,
  customGradient,
  gather,
  matmul,
  pad,
  padPeriodic,
  reshape,
  slice,
  type Tensor,
  transpose,
} from "../tensor/index.ts";

/** Numbers of windows that are laid out at once: few enough to stay in a processor's caches. */
const WINDOWS = 2 ** 19;

/**
 * The convolution of images `x: [batch, channels, rows, columns]` by a kernel `[outputs, channels, height, width]` with odd sides that
 * keeps the size, `[batch, outputs, rows, columns]`, with zeros or the opposite side beyond the edges.
 *
 * It is `conv2d` but for the kernel's derivative, which `conv2d` takes as a convolution with the image as kernel: with many channels
 * one product of all windows is a third faster. `held` are the numbers of windows that are laid out at once.
 */
export function imageConvolution(
  x: Tensor,
  kernel: Tensor,
  padding: "zero" | "periodic",
  held = WINDOWS,
): Tensor {
  const [height, width] = kernel.shape.slice(2) as [number, number];
  const reach = [(height - 1) / 2, (width - 1) / 2] as const;
  if (padding === "zero") return windowSums(x, kernel, reach, held);
  const around = (t: Tensor, axis: 2 | 3, by: number) => (by > 0 ? padPeriodic(t, axis, by) : t);
  return windowSums(around(around(x, 2, reach[0]), 3, reach[1]), kernel, [0, 0], held);
}

/** `conv2d` with zeros around the image, and the derivatives of {@link imageConvolution}. */
function windowSums(x: Tensor, kernel: Tensor, padding: readonly [number, number], held: number): Tensor {
  const [y] = customGradient(
    (t, w) => [conv2d(t as Tensor, w as Tensor, { padding })],
    ([g], [t, w]) =>
      g
        ? [
            imageDerivative(g, w as Tensor, padding),
            kernelDerivative(t as Tensor, g, kernel.shape, padding, held),
          ]
        : [undefined, undefined],
  )(x, kernel);
  return y as Tensor;
}

/** The derivative with respect to the image: a convolution with the kernel turned around, by a product, which moves taps fastest. */
function imageDerivative(g: Tensor, kernel: Tensor, padding: readonly [number, number]): Tensor {
  const [outputs, channels, height, width] = kernel.shape as [number, number, number, number];
  const taps = height * width;
  const exchange = Array.from({ length: taps * taps }, (_, i) =>
    Number(Math.floor(i / taps) + (i % taps) === taps - 1),
  );
  const turned = matmul(
    reshape(kernel, [outputs * channels, taps]),
    cast(constant(arrayFrom("f32", [taps, taps], exchange)), kernel.dtype),
  );
  const swapped = reshape(transpose(reshape(turned, [outputs, channels, taps]), [1, 0, 2]), [
    channels,
    outputs,
    height,
    width,
  ]);
  return conv2d(g, swapped, { padding: [height - 1 - padding[0], width - 1 - padding[1]] });
}

/** The most images, a divisor of the batch, whose windows of so many numbers are no more than `held`; one if a single image has more. */
function imagesAtOnce(batch: number, numbers: number, held: number): number {
  // A batch of unknown size is taken whole.
  if (batch < 0) return batch;
  let images = batch;
  while (images > 1 && (batch % images !== 0 || images * numbers > held)) images--;
  return images;
}

/** Σ over images and places of the window that each place reads, times the derivative there. */
function kernelDerivative(
  x: Tensor,
  g: Tensor,
  [outputs, channels, height, width]: readonly number[],
  padding: readonly [number, number],
  held: number,
): Tensor {
  const [batch, , rows, columns] = g.shape as [number, number, number, number];
  const [high, wide] = x.shape.slice(2) as [number, number];
  const taps = (height as number) * (width as number);
  const outside = high * wide;
  const reads = new Int32Array(rows * columns * taps);
  let i = 0;
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      for (let tap = 0; tap < taps; tap++) {
        const r = row + Math.floor(tap / (width as number)) - padding[0];
        const c = column + (tap % (width as number)) - padding[1];
        reads[i++] = r >= 0 && r < high && c >= 0 && c < wide ? r * wide + c : outside;
      }
  const pixels = (t: Tensor, count: number) =>
    transpose(reshape(t, [batch, t.shape[1] as number, count]), [0, 2, 1]);
  const places = constant(arrayFrom("i32", [reads.length], reads));
  const [read, given] = [pad(pixels(x, outside), 1, 0, 1), pixels(g, rows * columns)];
  const step = imagesAtOnce(batch, reads.length * (channels as number), held);
  const parts = Array.from({ length: batch / step }, (_, part) => {
    // An axis of unknown size cannot be sliced, and is not: there is one part.
    const some = (t: Tensor) => (batch < 0 ? t : slice(t, 0, part * step, (part + 1) * step));
    const windows = reshape(gather(some(read), places, 1), [
      step * rows * columns,
      taps * (channels as number),
    ]);
    return matmul(transpose(windows), reshape(some(given), [step * rows * columns, outputs as number]));
  });
  const sums = parts.reduce((all, part) => add(all, part));
  const apart = reshape(sums, [height as number, width as number, channels as number, outputs as number]);
  return transpose(apart, [3, 2, 0, 1]);
}
