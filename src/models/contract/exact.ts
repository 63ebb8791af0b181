import type { SymbolicKey } from "../../tensor/ops/random.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Autoregressive } from "./autoregressive.ts";
import type { ModelBase } from "./definition.ts";
import type { Draws } from "./draws.ts";
import type { Flow } from "./flow.ts";
import type { Parameters, Symbolic } from "./parameters.ts";

/** A model that is trained by minimising one differentiable scalar. */
export interface DifferentiableModel<P extends Parameters = Parameters> extends ModelBase<P> {
  /** The scalar that training minimises over a batch, in nats a row. */
  loss(parameters: Symbolic<P>, x: Tensor, key: SymbolicKey, context?: Tensor): Tensor;
  /**
   * Where log P costs far more than a step of training: an estimate of −log P, or of a bound of it, for each row,
   * `[batch]` nats. `loss` is its mean, and validation reports it, with the same noise after every epoch.
   */
  estimate?(parameters: Symbolic<P>, x: Tensor, key: SymbolicKey, context?: Tensor): Tensor;
}

/** Exact likelihood: log P(x) is computed, and samples are independent. */
export interface ExactModel<P extends Parameters = Parameters> extends DifferentiableModel<P> {
  /** log P(x) is known; see `byKind`. */
  readonly kind: "exact";
  /** log P of each row in nats: `[batch, ...sites]` → `[batch]`. */
  logProb(parameters: Symbolic<P>, x: Tensor, context?: Tensor): Tensor;
  /**
   * One batch of independent samples; its size is the symbolic batch (or that of the context). If the
   * probability is a product of conditionals, their logits are divided by `temperature`, a scalar; the
   * log-probabilities stay those of the model itself.
   */
  sample(parameters: Symbolic<P>, key: SymbolicKey, context?: Tensor, temperature?: Tensor): Draws;
  /**
   * For rows that are grey levels as real numbers (a space with `levels`) with learned noise between them:
   * one draw for each row, `[batch]`, nats, with a mean that is a lower bound of log P of its levels. Values
   * of rows within their levels do not enter. If omitted, the bound is the mean of log P over uniform noise.
   */
  levelBound?(parameters: Symbolic<P>, x: Tensor, key: SymbolicKey, context?: Tensor): Tensor;
  /** Further functions of a probability that is a product of conditionals, one per site. */
  readonly autoregressive?: Autoregressive<P>;
  /** Where rows are a smooth invertible image of simple noise, so that they can be differentiated by the parameters. */
  readonly flow?: Flow<P>;
}
