import type { SymbolicKey } from "../../tensor/ops/random.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Parameters, Symbolic } from "./parameters.ts";

/**
 * P(x) = ∫ P(z) P(x | z) dz with real latent variables z: what importance weights, annealed importance sampling (Wu et al.,
 * arXiv:1611.04273) and bounds from both sides (Grosse, Ghahramani & Adams, arXiv:1511.02543) ask of a model. A capability, found
 * at `latent` of a bounded model. All densities are normalised, in nats, `[batch]`.
 */
export interface LatentVariables<P extends Parameters = Parameters> {
  /** Number of latent variables: a z is `[batch, size]`. */
  readonly size: number;
  /** One batch of z from the prior; its size is the symbolic batch (or that of the context). */
  drawPrior(parameters: Symbolic<P>, key: SymbolicKey, context?: Tensor): Tensor;
  /** log P(z). */
  logPrior(parameters: Symbolic<P>, z: Tensor, context?: Tensor): Tensor;
  /** log P(x | z). */
  logLikelihood(parameters: Symbolic<P>, x: Tensor, z: Tensor, context?: Tensor): Tensor;
  /** log P(x_i | z) of each site, `[batch, sites]`, where P(x | z) is a product over sites: what gaps are filled by. */
  siteLogLikelihood?(parameters: Symbolic<P>, x: Tensor, z: Tensor, context?: Tensor): Tensor;
  /** x drawn from P(x | z), `[batch, ...sites]`. */
  drawVisible(parameters: Symbolic<P>, key: SymbolicKey, z: Tensor, context?: Tensor): Tensor;
  /** z drawn from the encoder's q(z | x), and log q of it. */
  drawPosterior(
    parameters: Symbolic<P>,
    key: SymbolicKey,
    x: Tensor,
    context?: Tensor,
  ): { readonly z: Tensor; readonly logProb: Tensor };
}
