import type { Tensor } from "../../../../tensor/index.ts";
import type { Parameters, Symbolic } from "../../../contract.ts";
import type { Likelihood } from "../likelihoods/likelihood.ts";
import type { Network, SiteParameters } from "../networks/network.ts";
import type { Quantiser } from "./quantise.ts";

/** Parameters of a vector-quantised autoencoder, by its parts. */
export type VqParameters = {
  /** From what is read of the sites to the numbers of each code. */
  readonly encoder: Parameters;
  /** From codes to what the likelihood takes of the sites. */
  readonly decoder: SiteParameters;
  /** Units of columns, and what else all codes share; empty if there is nothing. */
  readonly likelihood: Parameters;
  /** The distribution of codes, fitted in a second course. */
  readonly prior: Parameters;
};

/** Networks between rows and codes. */
export interface CodeNetworks {
  /** The shape of the codes of one row. */
  readonly codeShape: readonly number[];
  /** `[batch, sites, features]` → `[batch, codes, channels]`. */
  readonly encoder: Network;
  /** `[batch, codes, channels]` → `[batch, sites, outputs]`. */
  readonly decoder: Network<SiteParameters>;
}

/** The parts of a vector-quantised autoencoder. */
export interface VqParts extends CodeNetworks {
  /** Number of sites. */
  readonly sites: number;
  /** Number of codes of one row. */
  readonly codes: number;
  readonly likelihood: Likelihood;
  readonly quantiser: Quantiser;
  /** Input of the networks from a context. */
  read(context: Tensor | undefined): Tensor | undefined;
}

/** Parameters inside a graph. */
export type P = Symbolic<VqParameters>;
