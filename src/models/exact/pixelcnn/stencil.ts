import { arrayFrom } from "../../../array.ts";
import {
  concat,
  constant,
  customGradient,
  gather,
  matmul,
  pad,
  reshape,
  slice,
  type Tensor,
  transpose,
} from "../../../tensor/index.ts";
import { columnAt, type Grid, type Offset } from "./grid.ts";

/** Which pixel each tap of each pixel reads, and the other way round; the number of pixels stands for zeros. */
export interface Stencil {
  readonly taps: number;
  /** `[pixels · taps]`. */
  readonly reads: Int32Array;
  /** `[pixels · taps]`: the pixel whose tap reads this one. */
  readonly readBy: Int32Array;
}

/** The stencil of offsets on a grid; only those of a vertical stack go around a periodic lattice. */
export function makeStencil(
  grid: Grid,
  offsets: readonly Offset[],
  stack: "vertical" | "horizontal",
): Stencil {
  const { rows, columns } = grid;
  const pixels = rows * columns;
  const taps = offsets.length;
  const reads = new Int32Array(pixels * taps).fill(pixels);
  const readBy = new Int32Array(pixels * taps).fill(pixels);
  for (let pixel = 0; pixel < pixels; pixel++)
    for (const [t, offset] of offsets.entries()) {
      const row = Math.floor(pixel / columns) + offset.dy;
      const column = columnAt(grid, pixel % columns, offset, stack === "vertical");
      if (row < 0 || column === undefined) continue;
      const source = row * columns + column;
      reads[pixel * taps + t] = source;
      readBy[source * taps + t] = pixel;
    }
  return { taps, reads, readBy };
}

/**
 * What a row reads of the rows kept of its stack: `[columns · taps]` indices into `rows · columns` pixels, and their
 * number for zeros. The last of them lies `distance` rows above it, 0 where it is the row itself.
 */
export function rowStencil(
  grid: Grid,
  offsets: readonly Offset[],
  rows: number,
  distance: 0 | 1,
): Int32Array {
  const { columns } = grid;
  return Int32Array.from({ length: columns * offsets.length }, (_, i) => {
    const offset = offsets[i % offsets.length] as Offset;
    const column = columnAt(grid, Math.floor(i / offsets.length), offset, true);
    const row = rows - 1 + distance + offset.dy;
    return column === undefined ? rows * columns : row * columns + column;
  });
}

/** Pixels of `x: [batch, pixels, channels]` at the indices (`pixels` gives zeros) side by side: `[…, taps · channels]`, a row a pixel. */
export function windows(x: Tensor, indices: Int32Array, taps: number): Tensor {
  const [batch, , channels] = x.shape as [number, number, number];
  const picked = gather(pad(x, 1, 0, 1), constant(arrayFrom("i32", [indices.length], indices)), 1);
  return reshape(picked, [batch * (indices.length / taps), taps * channels]);
}

/**
 * A convolution as one matrix product: the pixels that each pixel reads side by side, times a weight `[taps · channels,
 * outputs]`; `linked: [batch · pixels, …]` are further columns that a pixel reads at its own place, whose rows of the weight
 * come last. For x `[batch, pixels, channels]`; gives `[batch · pixels, outputs]`. Both derivatives are matrix products too.
 */
export function stencilProduct(x: Tensor, weight: Tensor, stencil: Stencil, linked?: Tensor): Tensor {
  const { taps, reads, readBy } = stencil;
  const [batch, pixels, channels] = x.shape as [number, number, number];
  const outputs = weight.shape[1] as number;
  const own = taps * channels;
  const columns = (t: Tensor, link: Tensor | undefined) =>
    concat([...(taps > 0 ? [windows(t, reads, taps)] : []), ...(link ? [link] : [])], 1);
  const [y] = customGradient(
    (t, w, link) => [matmul(columns(t as Tensor, link), w as Tensor)],
    ([g], [t, w, link]) => {
      if (!g) return [undefined, undefined, undefined];
      const ofWeight = matmul(transpose(columns(t as Tensor, link)), g);
      const parts = w as Tensor;
      let ofX: Tensor | undefined;
      if (taps > 0) {
        const backward = transpose(reshape(slice(parts, 0, 0, own), [taps, channels, outputs]), [0, 2, 1]);
        const read = windows(reshape(g, [batch, pixels, outputs]), readBy, taps);
        ofX = reshape(matmul(read, reshape(backward, [taps * outputs, channels])), x.shape);
      }
      const ofLinked = link && matmul(g, transpose(slice(parts, 0, own, parts.shape[0] as number)));
      return link ? [ofX, ofWeight, ofLinked] : [ofX, ofWeight];
    },
  )(...[x, weight, ...(linked ? [linked] : [])]);
  return y as Tensor;
}
