import type { Key } from "../../../../random/key.ts";
import { add, div, exp, mul, slice, square, sub, sum, type Tensor } from "../../../../tensor/index.ts";
import type { Parameters, Symbolic } from "../../../contract.ts";
import { logStandardNormal } from "./prior.ts";

/** The encoder's distribution q(z | x), by what its network gives for a row: `[batch, outputs]`. */
export interface Posterior<P extends Parameters = Parameters> {
  /** Number of its own parameters. */
  readonly count: number;
  /** Numbers that the encoder's network gives for a row. */
  readonly outputs: number;
  init(key: Key): P;
  /** z from standard normal `noise: [batch, size]`, and log q(z | x) `[batch]`, nats. */
  draw(
    parameters: Symbolic<P>,
    encoded: Tensor,
    noise: Tensor,
  ): { readonly z: Tensor; readonly logProb: Tensor };
  /** log q(z | x) of any z. */
  logProb(parameters: Symbolic<P>, encoded: Tensor, z: Tensor): Tensor;
  /** The z that stands for a row: that of noise zero. */
  centre(parameters: Symbolic<P>, encoded: Tensor): Tensor;
  /** KL(q ‖ N(0, 1)) of each variable, `[batch, size]`, nats, where it has a closed form. */
  divergence?(encoded: Tensor): Tensor;
}

/** Independent normal variables whose means and log-deviations the network gives. */
export function normalPosterior(size: number): Posterior<Record<never, never>> {
  const parts = (encoded: Tensor) => ({
    mean: slice(encoded, 1, 0, size),
    logScale: slice(encoded, 1, size, 2 * size),
  });
  return {
    ...{ count: 0, outputs: 2 * size },
    init: () => ({}),
    draw(_, encoded, noise) {
      const { mean, logScale } = parts(encoded);
      return {
        z: add(mean, mul(noise, exp(logScale))),
        logProb: sub(logStandardNormal(noise), sum(logScale, 1)),
      };
    },
    logProb(_, encoded, z) {
      const { mean, logScale } = parts(encoded);
      return sub(logStandardNormal(div(sub(z, mean), exp(logScale))), sum(logScale, 1));
    },
    centre: (_, encoded) => parts(encoded).mean,
    divergence(encoded) {
      const { mean, logScale } = parts(encoded);
      return sub(mul(sub(add(square(mean), exp(mul(logScale, 2))), 1), 0.5), logScale);
    },
  };
}
