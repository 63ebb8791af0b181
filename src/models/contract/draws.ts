import type { Tensor } from "../../tensor/tensor.ts";

/** Configurations drawn from a model with an exact likelihood. */
export interface Draws {
  /** `[batch, ...sites]`, of the element type that `logProb` takes. */
  readonly x: Tensor;
  /** `[batch]`, nats: `logProb` of each. */
  readonly logProb: Tensor;
}
