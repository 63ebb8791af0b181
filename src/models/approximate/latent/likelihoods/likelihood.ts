import type { SymbolicKey, Tensor } from "../../../../tensor/index.ts";
import type { Parameters, Symbolic } from "../../../contract.ts";

/** The type that a graph computes in; whole numbers, such as states, come as `i32`. */
export type Real = "f32" | "f64";

/**
 * P(x | z) of a latent model as a product over sites: how what the decoder gives a site makes its distribution. Rows `x` are
 * `[batch, sites]`, what the decoder gives is `[batch, sites, outputs]`.
 */
export interface Likelihood<P extends Parameters = Parameters> {
  /** Its name as a hyperparameter. */
  readonly name: string;
  /** Numbers that the encoder reads of a site. */
  readonly features: number;
  /** Numbers that the decoder gives a site. */
  readonly outputs: number;
  /** Number of its own parameters. */
  readonly count: number;
  /** Its own parameters, shared by all z, such as units of columns; `{}` if it has none. */
  init(): P;
  /** Input of the encoder, `[batch, sites, features]`: numbers of the order of 1. */
  read(parameters: Symbolic<P>, x: Tensor, dtype: Real): Tensor;
  /** log P(x_i | z), nats, `[batch, sites]`. */
  logProb(parameters: Symbolic<P>, outputs: Tensor, x: Tensor): Tensor;
  /** x drawn from P(x | z). */
  draw(parameters: Symbolic<P>, outputs: Tensor, key: SymbolicKey): Tensor;
  /** The most probable value of each site, or its mean where sites are real numbers. */
  centre(parameters: Symbolic<P>, outputs: Tensor): Tensor;
  /**
   * Its parameters for the data, from one large batch, and the outputs `[sites, outputs]` by which sites have the data's own
   * distribution whatever z is, as closely as is known.
   */
  adapt(
    parameters: Symbolic<P>,
    x: Tensor,
    dtype: Real,
  ): { readonly parameters: Symbolic<P>; readonly start: Tensor };
}
