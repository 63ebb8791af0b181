import { arrayFrom } from "../../../../array.ts";
import {
  cast,
  constant,
  matmul,
  reshape,
  standardize,
  type Tensor,
  transpose,
} from "../../../../tensor/index.ts";

/** Groups of channels that are normalised together. */
const GROUPS = 8;

/** Images `[batch, channels, rows, columns]` with each of 8 groups of channels at mean 0 and variance 1 (Wu & He, arXiv:1803.08494). */
export function groupNorm(x: Tensor): Tensor {
  const [batch, channels, rows, columns] = x.shape as [number, number, number, number];
  const groups = channels % GROUPS === 0 ? GROUPS : 1;
  const flat = reshape(x, [batch, groups, (channels / groups) * rows * columns]);
  return reshape(standardize(flat), x.shape);
}

/** Every pixel's channels mixed by a matrix `[outputs, channels]`: a convolution of one pixel. */
export function mixChannels(x: Tensor, weight: Tensor): Tensor {
  const [batch, channels, rows, columns] = x.shape as [number, number, number, number];
  const mixed = matmul(weight, reshape(x, [batch, channels, rows * columns]));
  return reshape(mixed, [batch, weight.shape[0] as number, rows, columns]);
}

/** A side of `n` pixels in pairs: their means, `[n, n / 2]`. */
function pairMeans(n: number): Tensor {
  const entries = Array.from({ length: (n * n) / 2 }, (_, i) => {
    const [row, column] = [Math.floor(i / (n / 2)), i % (n / 2)];
    return Math.floor(row / 2) === column ? 1 / 2 : 0;
  });
  return constant(arrayFrom("f32", [n, n / 2], entries));
}

/** From `n` pixels to twice as many by linear interpolation, `[n, 2n]`: beyond the edges the last pixel goes on, or the opposite side. */
function interpolation(n: number, padding: "zero" | "periodic"): Tensor {
  const weights = new Float32Array(2 * n * n);
  for (let fine = 0; fine < 2 * n; fine++) {
    const near = Math.floor(fine / 2);
    const far = near + (fine % 2 === 0 ? -1 : 1);
    const other = padding === "periodic" ? (far + n) % n : Math.min(Math.max(far, 0), n - 1);
    for (const [pixel, weight] of [
      [near, 3 / 4],
      [other, 1 / 4],
    ] as const)
      weights[pixel * 2 * n + fine] = (weights[pixel * 2 * n + fine] as number) + weight;
  }
  return constant(arrayFrom("f32", [n, 2 * n], weights));
}

/** The last two axes of images through matrices `[rows, rows out]` and `[columns, columns out]`, or neither on an axis of one pixel. */
function along(x: Tensor, matrix: (n: number) => Tensor): Tensor {
  const [, , rows, columns] = x.shape as [number, number, number, number];
  const of = (n: number) => cast(matrix(n), x.dtype);
  const across = columns > 1 ? matmul(x, of(columns)) : x;
  return rows > 1 ? matmul(transpose(of(rows)), across) : across;
}

/** Images of half the sides, by the mean of two by two pixels. Products: the engine is slow at moving single pixels. */
export const halved = (x: Tensor): Tensor => along(x, pairMeans);

/** Images of twice the sides, by linear interpolation. */
export const doubled = (x: Tensor, padding: "zero" | "periodic"): Tensor =>
  along(x, (n) => interpolation(n, padding));
