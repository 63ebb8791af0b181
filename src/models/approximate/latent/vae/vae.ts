import { levelCount, real, siteShape, sites } from "../../../../data/space.ts";
import { usageError } from "../../../../error.ts";
import type { Key } from "../../../../random/key.ts";
import { BATCH, normal, reshape, type SymbolicKey, type Tensor } from "../../../../tensor/index.ts";
import { constantColumns } from "../../../constant-columns.ts";
import { contextFeatures, contextReader } from "../../../context.ts";
import type { BoundedModel, Domain, Family, HasCodes, Symbolic } from "../../../contract.ts";
import { doubtfulColumns } from "../../../doubtful-columns.ts";
import { checkHyperparameters } from "../../../hyperparameters.ts";
import { sphericalWalk } from "../../../walks.ts";
import { likelihoodOf } from "../likelihoods/of-space.ts";
import { decoderOf, encoderOf } from "../networks/ends.ts";
import { paddingOf } from "../networks/padding.ts";
import { boundDraw, vaeObjective } from "./objective.ts";
import { schema, type VaeHyperparameters, type VaeOptions } from "./options.ts";
import {
  decodeLatent,
  encodeRows,
  flatRows,
  logLikelihood,
  realType,
  siteLogLikelihood,
  type VaeParameters,
  type VaeParts,
} from "./parts.ts";
import { flowPosterior, normalPosterior, type Posterior } from "./posterior.ts";
import { priorOf } from "./prior.ts";

/** A variational autoencoder: a bound, and codes. */
export type VaeModel = BoundedModel<VaeParameters> & HasCodes<VaeParameters>;

/**
 * The variational autoencoder: P(x) = ∫ P(z) P(x | z) dz with sites independent given z, trained by a lower bound of log P
 * with an encoder q(z | x) (Kingma & Welling, arXiv:1312.6114). Optional context. Throws AnsatzError (usage) for spaces that no
 * likelihood fits and for hyperparameters out of range, naming them.
 */
export function makeVae(domain: Domain, options: VaeOptions = {}): VaeModel {
  const { space } = domain;
  const { h, parts } = planned(domain, options);
  const { likelihood, prior, posterior, size } = parts;
  const shaped = (x: Tensor) => reshape(x, [x.shape[0] as number, ...siteShape(space)]);
  const rowsOf = (context: Tensor | undefined) => (context ? (context.shape[0] as number) : BATCH);
  const drawPrior = (p: Symbolic<VaeParameters>, key: SymbolicKey, context?: Tensor) =>
    prior.draw(p.prior, key, rowsOf(context), realType(p));
  const drawVisible = (p: Symbolic<VaeParameters>, key: SymbolicKey, latent: Tensor, context?: Tensor) =>
    shaped(likelihood.draw(p.likelihood, decodeLatent(parts, p, latent, context), key));
  return {
    kind: "bounded",
    family: "vae",
    hyperparameters: h,
    ...domain,
    importance: true,
    init: (key: Key) => ({
      encoder: parts.encoder.init(key.fold(0)),
      decoder: parts.decoder.init(key.fold(1)),
      likelihood: likelihood.init(),
      prior: prior.init(key.fold(2)),
      posterior: posterior.init(key.fold(3)),
    }),
    adapt(p, x) {
      const { parameters, start } = likelihood.adapt(p.likelihood, flatRows(parts, x), realType(p));
      return { ...p, likelihood: parameters, decoder: { ...p.decoder, bias: start } };
    },
    ...(space.kind === "real" &&
      levelCount(space) === undefined && {
        refusesTraining: constantColumns(space),
        doubtsTraining: doubtfulColumns(space),
      }),
    fitOptions: () => ({ batch: 128, lr: 1e-3 }),
    ...(prior.masks && {
      masks: Object.fromEntries(Object.entries(prior.masks).map(([path, mask]) => [`prior.${path}`, mask])),
    }),
    decays(path) {
      const [part, ...rest] = path.split(".");
      const own = part === "prior" ? prior : part === "posterior" ? posterior : undefined;
      return own?.decays?.(rest.join(".")) ?? path.endsWith("weight");
    },
    objective: vaeObjective(parts, h),
    bound: (parameters, x, key, context) => boundDraw(parts, { parameters, x, key, context }),
    sample: (p, key, context) => ({
      x: drawVisible(p, key.fold(1), drawPrior(p, key.fold(0), context), context),
    }),
    latent: {
      size,
      drawPrior,
      logPrior: (p, latent) => prior.logProb(p.prior, latent),
      logLikelihood: (p, x, latent, context) => logLikelihood(parts, p, x, latent, context),
      siteLogLikelihood: (p, x, latent, context) => siteLogLikelihood(parts, p, x, latent, context),
      drawVisible,
      drawPosterior(p, key, x, context) {
        const noise = normal(key, [x.shape[0] as number, size], realType(p));
        return posterior.draw(p.posterior, encodeRows(parts, p, x, context), noise);
      },
    },
    coding: {
      codes: real([size]),
      encode: (p, x, context) => posterior.centre(p.posterior, encodeRows(parts, p, x, context)),
      decode: (p, codes, context) =>
        shaped(likelihood.centre(p.likelihood, decodeLatent(parts, p, codes, context))),
      draw: drawPrior,
      ...(prior.standard && { walk: sphericalWalk }),
    },
  };
}

function planned(domain: Domain, options: unknown): { h: VaeHyperparameters; parts: VaeParts } {
  const { space } = domain;
  const given = checkHyperparameters("vae", schema, options);
  const checked = { ...given, padding: paddingOf(given.padding) };
  const n = sites(space);
  const size = checked.latent || Math.min(32, Math.ceil(n / 2));
  if (size > n)
    throw usageError(
      `vae: ${size} latent variables for ${n} sites; take latent=${n} or fewer (--set latent=…)`,
    );
  if (checked.draws > 1 && checked.freeBits > 0)
    throw usageError("vae: freeBits are of the loss of one draw; leave them out, or take draws=1");
  const likelihood = likelihoodOf("vae", space, checked);
  const ends = { ...checked, family: "vae", shape: siteShape(space), contextSize: contextFeatures(domain) };
  const posterior = checked.posterior === "flow" ? flowPosterior(size) : (normalPosterior(size) as Posterior);
  return {
    h: { ...checked, latent: size },
    parts: {
      ...{ size, sites: n, likelihood, posterior },
      encoder: encoderOf(ends, likelihood.features, posterior.outputs),
      decoder: decoderOf(ends, size, likelihood.outputs),
      prior: priorOf(checked.prior, size),
      read: contextReader(domain.context),
    },
  };
}

/** The family for the registry. */
export const vae: Family<VaeModel> = {
  name: "vae",
  kind: "bounded",
  summary:
    "variational autoencoder: few latent variables, a bound of the likelihood, codes and reconstructions",
  schema,
  parameterCount(domain, options) {
    const { encoder, decoder, likelihood, prior, posterior } = planned(domain, options).parts;
    return encoder.count + decoder.count + likelihood.count + prior.count + posterior.count;
  },
  create: (domain, hyperparameters) => makeVae(domain, hyperparameters as VaeOptions),
};
