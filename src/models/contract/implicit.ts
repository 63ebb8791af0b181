import type { SymbolicKey } from "../../tensor/ops/random.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { ModelBase } from "./definition.ts";
import type { Objective, ObjectiveRequest } from "./objective.ts";
import type { Parameters, Symbolic } from "./parameters.ts";

/** What tells rows of data from samples, of a model that was trained against it. */
export interface Critic<P extends Parameters = Parameters> {
  /** Whether a score is the logit of the probability that a row is of the data: at its best log P(x) of the data minus that of the samples. */
  readonly isRatio: boolean;
  /** `[batch, ...sites]` → the score of each row, `[batch]`: higher for what looks like data. */
  scores(parameters: Symbolic<P>, x: Tensor, context?: Tensor): Tensor;
}

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
  /** What the samples were trained against, if they were. */
  readonly critic?: Critic<P> | undefined;
  /** What the model is trained by, made once before the first step. */
  objective(request: ObjectiveRequest): Objective<P>;
  /** One batch of independent samples; its size is the symbolic batch (or that of the context). */
  sample(parameters: Symbolic<P>, key: SymbolicKey, context?: Tensor): { readonly x: Tensor };
}
