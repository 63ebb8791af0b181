import type { Parameters } from "../../../contract.ts";
import type { Bijection } from "../bijection.ts";

/**
 * The same map the other way round: its `forward` is the `inverse` of `bijection`. For maps of which one direction is
 * fast, to choose which. Its parameters are those of `bijection`; what adapts to data there does not here.
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
