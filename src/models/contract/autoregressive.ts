import type { SymbolicKey } from "../../tensor/ops/random.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Parameters, Symbolic } from "./parameters.ts";
import type { ShallowDraws } from "./shallow.ts";

/** A batch of configurations to complete. */
export interface CompletionRequest {
  /** `[batch, ...sites]`: values of the known sites, anything elsewhere. */
  readonly values: Tensor;
  /** `[batch, ...sites]`, real: 1 for a known site, 0 for one to be drawn. */
  readonly known: Tensor;
  /** Particles a row. */
  readonly particles: number;
  /** Which of the model's orders to visit the sites in. */
  readonly member: number;
  /** An order of the caller's own, for models that take any: `[sites]` i32 each. */
  readonly order?: { readonly sites: Tensor; readonly positions: Tensor };
  /** What each row is conditioned on, `[batch, n]`; only of conditional models. */
  readonly context?: Tensor;
  /**
   * A scalar that divides the logits of the drawn sites. The weights are those of the model itself, at
   * temperature 1.
   */
  readonly temperature?: Tensor;
}

/** Weighted completions: the particles of each row, one after the other. */
export interface Completions {
  /** `[batch · particles, ...sites]`: known sites as given. */
  readonly x: Tensor;
  /**
   * `[batch · particles]`, nats: log-weights of the particles as draws from P(unknown | known); the mean weight of a row
   * is an unbiased estimate of P(known). −∞ for what no configuration can be.
   */
  readonly logWeight: Tensor;
  /**
   * `[batch · particles]`: the smallest effective sample size of the row's particles during the run, as a
   * fraction of their number: the diversity that was left when they were resampled.
   */
  readonly leastEss: Tensor;
}

/** P(x) = Π P(x_i | sites before i), averaged over one or more orders. */
export interface Autoregressive<P extends Parameters = Parameters> {
  /** Sites by position in each order. */
  readonly orders: readonly Uint32Array[];
  /** Whether any order may be asked for. */
  readonly anyOrder: boolean;
  /** Number of symmetric images that the probability is averaged over; 1 without symmetries. */
  readonly images: number;
  /**
   * log P of each site's value given the values before it in one of the orders, in nats: `[batch, ...sites]` →
   * `[batch, sites]`, as the sites lie.
   */
  siteLogProb(parameters: Symbolic<P>, x: Tensor, member: number, context?: Tensor): Tensor;
  /** Draws unknown sites given the known ones: exact draws where those come last, weighted particles otherwise. */
  complete(parameters: Symbolic<P>, key: SymbolicKey, request: CompletionRequest): Completions;
  /** Where bits are drawn one after the other from one hidden layer, without a context: the draws as a kernel takes them. */
  readonly shallow?: ShallowDraws<P>;
}
