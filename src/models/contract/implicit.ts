import type { SymbolicKey } from "../../tensor/ops/random.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { ModelBase } from "./definition.ts";
import type { Objective, ObjectiveRequest } from "./objective.ts";
import type { Parameters, Symbolic } from "./parameters.ts";

/**
 * A model with an implicit likelihood: it can only draw independent samples. It defines its own training
 * objective.
 */
export interface ImplicitModel<P extends Parameters = Parameters> extends ModelBase<P> {
  /** Nothing but samples is known; see `byKind`. */
  readonly kind: "implicit";
  /**
   * Why nothing can be sampled, in words that suggest what to request instead; undefined for a model that
   * samples.
   */
  readonly unsampled?: string | undefined;
  /** What the model is trained by, made once before the first step. */
  objective(request: ObjectiveRequest): Objective<P>;
  /** One batch of independent samples; its size is the symbolic batch (or that of the context). */
  sample(parameters: Symbolic<P>, key: SymbolicKey, context?: Tensor): { readonly x: Tensor };
}
