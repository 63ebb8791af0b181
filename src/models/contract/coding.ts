import type { Space } from "../../data/space.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Parameters, Symbolic } from "./parameters.ts";

/**
 * Codes of rows: what an autoencoder has instead of a distribution, and what models of any kind may have besides. A
 * capability, found at `coding` of a model.
 */
export interface Coding<P extends Parameters = Parameters> {
  /** What a code is. */
  readonly codes: Space;
  /** `[batch, ...sites]` → `[batch, ...sites of codes]`. */
  encode(parameters: Symbolic<P>, x: Tensor, context?: Tensor): Tensor;
  /** `[batch, ...sites of codes]` → the most probable or mean row of each code, `[batch, ...sites]`. */
  decode(parameters: Symbolic<P>, codes: Tensor, context?: Tensor): Tensor;
}
