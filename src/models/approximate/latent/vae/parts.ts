import type { Tensor } from "../../../../tensor/index.ts";
import { broadcastTo, expandDims, reshape, sum } from "../../../../tensor/index.ts";
import type { Parameters, Symbolic } from "../../../contract.ts";
import type { Likelihood, Real } from "../likelihoods/likelihood.ts";
import type { Network, SiteParameters } from "../networks/network.ts";
import type { Posterior } from "./posterior.ts";
import type { Prior } from "./prior.ts";

/** Parameters of a variational autoencoder, by its parts. */
export type VaeParameters = {
  /** Network from the encoded sites to the parameters of the posterior. */
  readonly encoder: Parameters;
  /** From latent variables to what the likelihood takes of the sites. */
  readonly decoder: SiteParameters;
  /** Units of columns, and what else all latent variables share; empty if there is nothing. */
  readonly likelihood: Parameters;
  /** Those of a flow as prior; empty for the normal one. */
  readonly prior: Parameters;
  /** Those of a flow in the encoder's distribution; empty for the normal one. */
  readonly posterior: Parameters;
};

/** The parts of a variational autoencoder. */
export interface VaeParts {
  /** Number of latent variables. */
  readonly size: number;
  /** Number of sites. */
  readonly sites: number;
  readonly encoder: Network;
  readonly decoder: Network<SiteParameters>;
  readonly likelihood: Likelihood;
  readonly prior: Prior;
  readonly posterior: Posterior;
  /** Input of the networks from a context. */
  read(context: Tensor | undefined): Tensor | undefined;
}

type P = Symbolic<VaeParameters>;

/** The type that a graph computes in. */
export const realType = (p: P): Real => p.decoder.bias.dtype as Real;

/** Rows as `[batch, sites]`. */
export const flatRows = ({ sites }: Pick<VaeParts, "sites">, x: Tensor): Tensor =>
  reshape(x, [x.shape[0] as number, sites]);

/** Returns the parameters of each row's posterior, `[batch, outputs]`. */
export function encodeRows(parts: VaeParts, p: P, x: Tensor, context: Tensor | undefined): Tensor {
  const { encoder, likelihood } = parts;
  return encoder.apply(
    p.encoder,
    likelihood.read(p.likelihood, flatRows(parts, x), realType(p)),
    parts.read(context),
  );
}

/** Returns the parameters of each site's likelihood, `[batch, sites, outputs]`, given z. */
export const decodeLatent = (parts: VaeParts, p: P, z: Tensor, context: Tensor | undefined): Tensor =>
  parts.decoder.apply(p.decoder, z, parts.read(context));

/** log P(x_i | z) of each site, `[batch, sites]`. */
export const siteLogLikelihood = (
  parts: VaeParts,
  p: P,
  x: Tensor,
  z: Tensor,
  context: Tensor | undefined,
): Tensor => parts.likelihood.logProb(p.likelihood, decodeLatent(parts, p, z, context), flatRows(parts, x));

/** log P(x | z), `[batch]`. */
export const logLikelihood = (
  parts: VaeParts,
  p: P,
  x: Tensor,
  z: Tensor,
  context: Tensor | undefined,
): Tensor => sum(siteLogLikelihood(parts, p, x, z, context), 1);

/** Every row `times` times, its copies side by side: `[batch · times, ...]`. */
export function repeated(rows: Tensor, times: number): Tensor {
  const [batch, ...rest] = rows.shape as [number, ...number[]];
  return reshape(broadcastTo(expandDims(rows, 1), [batch, times, ...rest]), [batch * times, ...rest]);
}
