import type { Bijection } from "../bijection.ts";
import { type AffineParameters, affine, momentsOf } from "./affine.ts";

/** The shape of parameters that all places of a channel share: `[channels, 1, ...]` for `[channels, ...places]`. */
export const perChannel = ([channels = 0, ...places]: readonly number[]): readonly number[] => [
  channels,
  ...places.map(() => 1),
];

/**
 * Activation normalisation: x = z · exp(logScale) + shift with one scale and one shift for each channel of `shape`
 * `[channels, ...places]`. They start from the data that reaches the layer, so that z has mean 0 and variance 1 there, and
 * are learned from then on; a channel that does not vary starts at scale 1 (Kingma & Dhariwal, arXiv:1807.03039, section 3.1).
 */
export function activationNormalisation(shape: readonly number[]): Bijection<AffineParameters> {
  const per = perChannel(shape);
  return { ...affine(shape, per), adapt: (_, x) => momentsOf(x, per) };
}
