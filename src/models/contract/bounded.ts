import type { SymbolicKey } from "../../tensor/ops/random.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { ModelBase } from "./definition.ts";
import type { TimeFlow } from "./flow-time.ts";
import type { LatentVariables } from "./latent.ts";
import type { Parameters, Symbolic } from "./parameters.ts";

/** One draw of a lower bound on the log-likelihood of each row. */
export interface BoundDraw {
  /** `[batch]`, nats: its mean over draws is at most log P of the row. */
  readonly bound: Tensor;
  /** What the bound is made of, `[batch]` nats each, such as `reconstruction` and `KL`. */
  readonly parts: Readonly<Record<string, Tensor>>;
}

/**
 * Approximate likelihood by a bound: latent variables and diffusion. Samples are independent, and of data a lower bound of
 * log P is drawn. Where the bound is the logarithm of an unbiased estimate of P (an importance weight), the mean of k
 * weights bounds log P more closely (Burda, Grosse & Salakhutdinov, arXiv:1509.00519, theorem 1).
 */
export interface BoundedModel<P extends Parameters = Parameters> extends ModelBase<P> {
  /** A bound of log P(x) is known; see `byKind`. */
  readonly kind: "bounded";
  /** One draw of a bound for each row: `[batch, ...sites]` → `[batch]`, nats. Training maximises its mean. */
  bound(parameters: Symbolic<P>, x: Tensor, key: SymbolicKey, context?: Tensor): BoundDraw;
  /** Whether exp(bound) is an unbiased estimate of P(x), so that the logarithm of the mean of several draws is a bound too. */
  readonly importance: boolean;
  /** One batch of independent samples; its size is the symbolic batch (or that of the context). */
  sample(parameters: Symbolic<P>, key: SymbolicKey, context?: Tensor): { readonly x: Tensor };
  /** The latent variables, where P(x) is an integral over some; see {@link LatentVariables}. */
  readonly latent?: LatentVariables<P> | undefined;
  /** The path between noise and rows, if the model is a flow in time; see {@link TimeFlow}. */
  readonly flowTime?: TimeFlow<P, BoundedModel<P>> | undefined;
}
