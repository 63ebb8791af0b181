import type { Space } from "../../data/space.ts";
import type { SymbolicKey } from "../../tensor/ops/random.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Parameters, Symbolic } from "./parameters.ts";

/** A model that has codes, with parameters `P`. */
export interface HasCodes<P extends Parameters = Parameters> {
  /** Codes of rows, with an encoder. */
  readonly coding: Coding<P> & Required<Pick<Coding<P>, "encode">>;
}

/**
 * Codes of rows: what an autoencoder has instead of a distribution, and an addition for models of any kind. A
 * capability, found at `coding` of a model.
 */
export interface Coding<P extends Parameters = Parameters> {
  /** What a code is. */
  readonly codes: Space;
  /** Whether `decode` of `encode` gives a row back, up to rounding or a solver's error, as of flows (default false). */
  readonly invertible?: boolean | undefined;
  /** `[batch, ...sites]` → `[batch, ...sites of codes]`. Left out of models that make rows of codes alone, such as adversarial ones. */
  encode?(parameters: Symbolic<P>, x: Tensor, context?: Tensor): Tensor;
  /** `[batch, ...sites of codes]` → the most probable or mean row of each code, `[batch, ...sites]`. */
  decode(parameters: Symbolic<P>, codes: Tensor, context?: Tensor): Tensor;
  /**
   * One batch of codes from the distribution that samples are decoded from; its size is the symbolic batch
   * (or that of the context). Omit if codes have no distribution.
   */
  draw?(parameters: Symbolic<P>, key: SymbolicKey, context?: Tensor): Tensor;
  /**
   * The code at the fraction `t` of the way from code `a` to code `b`; each array holds the numbers of one
   * code in the order of its sites (default: the straight line).
   */
  walk?(a: ArrayLike<number>, b: ArrayLike<number>, t: number): number[];
}
