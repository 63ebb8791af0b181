import type { Parameters } from "../../../contract.ts";
import type { Bijection } from "../bijection.ts";

/**
 * The reverse map: its `forward` is the `inverse` of `bijection`. For maps with one fast direction, to choose
 * which. Its parameters are those of `bijection`; `adapt` is not passed on.
 */
export function invert<P extends Parameters>(bijection: Bijection<P>): Bijection<P> {
  const { latentShape, dataShape, init, forward, inverse, masks, decays } = bijection;
  return {
    latentShape: dataShape,
    dataShape: latentShape,
    init,
    forward: inverse,
    inverse: forward,
    ...(masks && { masks }),
    ...(decays && { decays }),
  };
}
