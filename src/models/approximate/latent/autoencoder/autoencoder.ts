import * as z from "zod";
import { real, siteShape, sites } from "../../../../data/space.ts";
import { usageError } from "../../../../error.ts";
import { add, mean, reshape, type SymbolicKey, type Tensor } from "../../../../tensor/index.ts";
import { contextFeatures, contextReader } from "../../../context.ts";
import type { Domain, Family, HasCodes, ImplicitModel, Parameters, Symbolic } from "../../../contract.ts";
import { checkHyperparameters } from "../../../hyperparameters.ts";
import { codePrior, numberPriors } from "../code-priors.ts";
import { decoderOf, encoderOf } from "../networks/ends.ts";
import type { SiteParameters } from "../networks/network.ts";
import { networkHyperparameters } from "../networks/options.ts";
import { paddingOf } from "../networks/padding.ts";
import { squaredErrorOf } from "./squared-error.ts";

const schema = z.strictObject({
  /** Numbers of a code; 0 is 32, or one for two sites if those are fewer (default 0). */
  latent: z
    .int()
    .min(0)
    .max(65_536)
    .default(0)
    .describe("numbers of a code; 0: 32, or one for two sites if those are fewer"),
  ...networkHyperparameters,
  /** A distribution over codes, fitted to them in a second course, by which the model samples (default `none`). */
  prior: z
    .enum(["none", ...numberPriors])
    .default("none")
    .describe("distribution over codes, fitted to them in a second course, by which the model samples"),
});

/** Hyperparameters of {@link autoencoder}, defaults filled in. */
export type AutoencoderHyperparameters = z.output<typeof schema>;

/**
 * Hyperparameters as they may be given: all have defaults.
 *
 * @interface
 */
export type AutoencoderOptions = z.input<typeof schema>;

/** An autoencoder: codes, and samples where these have a distribution. */
export type AutoencoderModel = ImplicitModel<AutoencoderParameters> & HasCodes<AutoencoderParameters>;

/** Parameters of an autoencoder. */
export type AutoencoderParameters = {
  /** From what is read of the sites to the code. */
  readonly encoder: Parameters;
  /** From the code to what is read of the sites. */
  readonly decoder: SiteParameters;
  /** Units of columns; empty if there are none. */
  readonly units: Parameters;
  /** Those of a distribution over codes, if there is one. */
  readonly prior?: Parameters;
};

const UNSAMPLED =
  "an autoencoder has codes but no distribution over them, so no samples and no likelihood; encode and decode with it, " +
  "or fit it with a distribution over codes (--prior spline), or fit a vae";

/**
 * Makes an autoencoder: rows are reconstructed from a code of few numbers, trained by the squared error C =
 * |x − x̂|² (Hinton & Salakhutdinov, Science 313 (2006) 504). C is −log of a normal density of variance 1/2
 * around x̂, minus (n/2) log π for n numbers: a likelihood of a row given its own code, not of the row. With
 * a prior, a flow is fitted to the codes of the rows in a second course, and samples are decoded from codes
 * that it draws; without one the model does not sample. Optional context. Throws AnsatzError (usage) for
 * spaces with sites that are not numbers and for hyperparameters out of range, naming them.
 */
export function makeAutoencoder(domain: Domain, options: AutoencoderOptions = {}): AutoencoderModel {
  const { space } = domain;
  const { h, error, encoder, decoder, distribution } = planned(domain, options);
  const prior = distribution?.make();
  const read = contextReader(domain.context);
  const n = sites(space);
  type P = Symbolic<AutoencoderParameters>;
  const readOf = (p: P, x: Tensor) =>
    error.read(p.units, reshape(x, [x.shape[0] as number, n]), p.decoder.bias.dtype as "f32");
  const encode = (p: P, x: Tensor, context?: Tensor) => encoder.apply(p.encoder, readOf(p, x), read(context));
  const decode = (p: P, code: Tensor, context?: Tensor) => decoder.apply(p.decoder, code, read(context));
  const rows = (p: P, x: Tensor, context?: Tensor) =>
    error.between(p.units, readOf(p, x), decode(p, encode(p, x, context), context));
  const rowsOfCodes = (p: P, codes: Tensor, context?: Tensor) =>
    reshape(error.row(p.units, decode(p, codes, context)), [codes.shape[0] as number, ...siteShape(space)]);
  const logNormal = 0.5 * n * error.numbers * Math.log(Math.PI);
  return {
    kind: "implicit",
    family: "autoencoder",
    hyperparameters: h,
    ...domain,
    ...(prior ? { prior: { model: prior, path: "prior" } } : { unsampled: UNSAMPLED }),
    init: (key) => ({
      encoder: encoder.init(key.fold(0)),
      decoder: decoder.init(key.fold(1)),
      units: error.init(),
      ...(prior && { prior: prior.init(key.fold(2)) }),
    }),
    adapt(p, x) {
      const flat = reshape(x, [x.shape[0] as number, n]);
      const { parameters, start } = error.adapt(p.units, flat, p.decoder.bias.dtype as "f32");
      return { ...p, units: parameters, decoder: { ...p.decoder, bias: start } };
    },
    fitOptions: () => ({ batch: 128, lr: 1e-3 }),
    decays: (path) =>
      path.startsWith("prior.") ? (prior?.decays?.(path.slice(6)) ?? true) : path.endsWith("weight"),
    objective: ({ optimiser }) => ({
      players: [
        {
          name: "squared error",
          optimiser,
          loss({ parameters, x, context }) {
            const loss = mean(rows(parameters, x, context));
            return { loss, parts: { "Gaussian NLL given the code, variance 1/2": add(loss, logNormal) } };
          },
        },
      ],
    }),
    monitor: {
      name: "squared error",
      rows: (p, x, _, context) => rows(p, x, context),
      estimated: false,
      selects: true,
    },
    sample(p, key, context) {
      if (!prior || !p.prior) throw usageError(UNSAMPLED);
      return { x: rowsOfCodes(p, prior.sample(p.prior, key, context).x, context) };
    },
    coding: {
      codes: real([h.latent]),
      encode,
      decode: rowsOfCodes,
      ...(prior && {
        draw: (p: P, key: SymbolicKey, context?: Tensor) =>
          prior.sample(p.prior as Symbolic<Parameters>, key, context).x,
      }),
    },
  };
}

function planned(domain: Domain, options: unknown) {
  const { space } = domain;
  const given = checkHyperparameters("autoencoder", schema, options);
  const checked = { ...given, padding: paddingOf(given.padding) };
  const n = sites(space);
  const size = checked.latent || Math.min(32, Math.ceil(n / 2));
  if (size > n)
    throw usageError(
      `autoencoder: a code of ${size} numbers for ${n} sites; take latent=${n} or fewer (--set latent=…)`,
    );
  const error = squaredErrorOf("autoencoder", space);
  const ends = {
    ...{ ...checked, family: "autoencoder" },
    shape: siteShape(space),
    contextSize: contextFeatures(domain),
  };
  return {
    h: { ...checked, latent: size },
    error,
    distribution:
      checked.prior === "none" ? undefined : codePrior(checked.prior, real([size]), domain.context),
    encoder: encoderOf(ends, error.numbers, size),
    decoder: decoderOf(ends, size, error.numbers),
  };
}

/** The family for the registry. */
export const autoencoder: Family<AutoencoderModel> = {
  name: "autoencoder",
  kind: "implicit",
  summary:
    "autoencoder: a code of few numbers and reconstructions by it; samples with a distribution over codes (prior)",
  schema,
  parameterCount(domain, options) {
    const { error, encoder, decoder, distribution } = planned(domain, options);
    return encoder.count + decoder.count + error.count + (distribution?.count() ?? 0);
  },
  create: (domain, hyperparameters) => makeAutoencoder(domain, hyperparameters as AutoencoderOptions),
};
