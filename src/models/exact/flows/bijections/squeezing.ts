import { usageError } from "../../../../error.ts";
import { reshape, type Tensor, transpose, zeros } from "../../../../tensor/index.ts";
import type { Bijection } from "../bijection.ts";
import type { NoParameters } from "./permutation.ts";

/**
 * Space to channels: data `[channels, height, width]` become latent `[4 channels, height / 2, width / 2]`, the four pixels
 * of a square being four channels of one (Dinh, Sohl-Dickstein & Bengio, arXiv:1605.08803, section 3.6). Throws AnsatzError
 * (usage) for odd sides.
 */
export function squeezing(shape: readonly number[]): Bijection<NoParameters> {
  const [channels, height, width] = shape as [number, number, number];
  if (height % 2 !== 0 || width % 2 !== 0)
    throw usageError(`${height}x${width} places cannot be squeezed: both sides must be even`);
  const [rows, columns] = [height / 2, width / 2];
  const latentShape = [4 * channels, rows, columns];
  const still = (v: Tensor) => zeros([v.shape[0] as number], v.dtype);
  return {
    latentShape,
    dataShape: shape,
    init: () => ({}),
    forward(_, z) {
      const batch = z.shape[0] as number;
      const squares = reshape(z, [batch, channels, 2, 2, rows, columns]);
      return {
        value: reshape(transpose(squares, [0, 1, 4, 2, 5, 3]), [batch, ...shape]),
        logDet: still(z),
      };
    },
    inverse(_, x) {
      const batch = x.shape[0] as number;
      const squares = reshape(x, [batch, channels, rows, 2, columns, 2]);
      return {
        value: reshape(transpose(squares, [0, 1, 3, 5, 2, 4]), [batch, ...latentShape]),
        logDet: still(x),
      };
    },
  };
}
