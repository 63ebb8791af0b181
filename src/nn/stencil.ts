import { arrayFrom } from "../array.ts";
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
} from "../tensor/index.ts";

/** The source that each tap of each target reads, and the reverse; the index after the last means zeros. */
export interface Stencil {
  readonly taps: number;
  /** `[targets · taps]`: sources. */
  readonly reads: Int32Array;
  /** `[sources · taps]`: the target with a tap that reads this source. */
  readonly readBy: Int32Array;
}

/** Pixels of `x: [batch, pixels, channels]` at the indices (`pixels` gives zeros) side by side: `[…, taps · channels]`, a row a pixel. */
export function windows(x: Tensor, indices: Int32Array, taps: number): Tensor {
  const [batch, , channels] = x.shape as [number, number, number];
  const picked = gather(pad(x, 1, 0, 1), constant(arrayFrom("i32", [indices.length], indices)), 1);
  return reshape(picked, [batch * (indices.length / taps), taps * channels]);
}

/**
 * A convolution as one matrix product: the pixels that each pixel reads, side by side, times a weight
 * `[taps · channels, outputs]`. `linked: [batch · pixels, …]` are further columns that a pixel reads at its
 * own place, with the last rows of the weight. For x `[batch, sources, channels]`; returns
 * `[batch · targets, outputs]`. Both derivatives are matrix products too.
 */
export function stencilProduct(x: Tensor, weight: Tensor, stencil: Stencil, linked?: Tensor): Tensor {
  const { taps, reads, readBy } = stencil;
  const [batch, sources, channels] = x.shape as [number, number, number];
  const targets = taps > 0 ? reads.length / taps : sources;
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
        const read = windows(reshape(g, [batch, targets, outputs]), readBy, taps);
        ofX = reshape(matmul(read, reshape(backward, [taps * outputs, channels])), x.shape);
      }
      const ofLinked = link && matmul(g, transpose(slice(parts, 0, own, parts.shape[0] as number)));
      return link ? [ofX, ofWeight, ofLinked] : [ofX, ofWeight];
    },
  )(...[x, weight, ...(linked ? [linked] : [])]);
  return y as Tensor;
}
