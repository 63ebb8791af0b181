import { reshape, type Tensor, transpose, zeros } from "../../../../tensor/index.ts";
import type { Bijection } from "../bijection.ts";
import type { NoParameters } from "./permutation.ts";

/**
 * Images as data have them, `[height, width]` or `[height, width, channels]`, with their channels as the first axis of the
 * latent side, `[channels, height, width]`, where convolutions want them.
 */
export function channelsFirst(shape: readonly number[]): Bijection<NoParameters> {
  const [height, width, channels = 1] = shape as [number, number, number?];
  const still = (v: Tensor) => zeros([v.shape[0] as number], v.dtype);
  return {
    latentShape: [channels, height, width],
    dataShape: shape,
    init: () => ({}),
    forward: (_, z) => ({
      value: reshape(transpose(z, [0, 2, 3, 1]), [z.shape[0] as number, ...shape]),
      logDet: still(z),
    }),
    inverse: (_, x) => ({
      value: transpose(reshape(x, [x.shape[0] as number, height, width, channels]), [0, 3, 1, 2]),
      logDet: still(x),
    }),
  };
}
