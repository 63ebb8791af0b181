import { sizeOf } from "../../../../array.ts";
import { alongAxes } from "./along-axes.ts";
import { fixedModes } from "./fixed.ts";
import type { Modes } from "./modes.ts";

/** The orthonormal cosine transform (DCT-II) of `side` numbers, `[side, side]`: column k is the k-th cosine. */
function cosineMatrix(side: number): Float64Array {
  return Float64Array.from({ length: side * side }, (_, i) => {
    const [x, k] = [Math.floor(i / side), i % side];
    return Math.sqrt((k === 0 ? 1 : 2) / side) * Math.cos((Math.PI * k * (2 * x + 1)) / (2 * side));
  });
}

/**
 * Cosines along every axis, channels of a pixel too: the modes of pictures, whose statistics hardly depend on the place and which do
 * not close around their edges (Ahmed, Natarajan & Rao, IEEE Trans. Comput. C-23 (1974) 90).
 */
export function cosineModes(shape: readonly number[]): Modes {
  const matrices = shape.map(cosineMatrix);
  return fixedModes(sizeOf(shape), {
    to: alongAxes(shape, matrices),
    from: alongAxes(shape, matrices, true),
  });
}
