import type { Key } from "../../../random/key.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import type { Parameters, Symbolic } from "../../contract.ts";

/** Where a bijection takes a batch, and by how much it stretches space there. */
export interface Mapped {
  /** `[batch, ...shape]` of the side that was asked for. */
  readonly value: Tensor;
  /** `[batch]`: log |det| of the Jacobian of the map that was asked for, at the point it was given. */
  readonly logDet: Tensor;
}

/**
 * An invertible differentiable map between latent variables z and data x, row by row. `forward` is z → x, the
 * direction of sampling. `inverse` is x → z, the direction of scoring; its log-determinant is minus that of
 * `forward` at z. Either side is `[batch, ...shape]`; a row never depends on another. Functions are pure,
 * over tensors of f32 or f64.
 */
export interface Bijection<P extends Parameters = Parameters> {
  /** Shape of one z. */
  readonly latentShape: readonly number[];
  /** Shape of one x, with the same number of elements. */
  readonly dataShape: readonly number[];
  /** Fresh parameters; the same key gives the same bits. */
  init(key: Key): P;
  /** z → x with log |det ∂x/∂z|. */
  forward(parameters: Symbolic<P>, z: Tensor, context?: Tensor): Mapped;
  /** x → z with log |det ∂z/∂x|. */
  inverse(parameters: Symbolic<P>, x: Tensor, context?: Tensor): Mapped;
  /**
   * Parameters that suit the data, from one batch of it, before training starts: scales and shifts of
   * normalising layers (activation normalisation: Kingma & Dhariwal, arXiv:1807.03039, section 3.1). Omit if
   * data change nothing.
   */
  adapt?(parameters: Symbolic<P>, x: Tensor, context?: Tensor): Symbolic<P>;
  /** See `ModelBase`. */
  readonly masks?: Readonly<Record<string, Float32Array>>;
  /** See `ModelBase`. */
  decays?(path: string): boolean;
}

/** A bijection among others of other parameters: a chain passes each its own. */
export const erased = <P extends Parameters>(bijection: Bijection<P>): Bijection =>
  bijection as unknown as Bijection;
