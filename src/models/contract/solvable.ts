import type { SymbolicKey } from "../../tensor/ops/random.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { ModelBase } from "./definition.ts";
import type { Draws } from "./draws.ts";
import type { Flow } from "./flow.ts";
import type { Parameters, Symbolic } from "./parameters.ts";

/** A model of any kind that can learn from an energy: it draws independent samples, each with log q. */
export interface Solvable<P extends Parameters = Parameters> extends ModelBase<P> {
  /** log q of each row `x: [batch, ...sites]` in nats, `[batch]`, as a graph of the parameters. */
  logProb(parameters: Symbolic<P>, x: Tensor, context?: Tensor): Tensor;
  /**
   * Independent samples `[batch, ...sites]` with their log q; `temperature` divides the logits of models that have
   * conditionals.
   */
  sample(parameters: Symbolic<P>, key: SymbolicKey, context?: Tensor, temperature?: Tensor): Draws;
  /** Present if rows are a smooth image of noise, so that they can be differentiated by the parameters. */
  readonly flow?: Flow<P>;
}
