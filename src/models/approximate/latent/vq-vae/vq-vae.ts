import { categorical, levelCount, siteShape, sites } from "../../../../data/space.ts";
import { usageError } from "../../../../error.ts";
import { mean, neg, reshape, type Tensor } from "../../../../tensor/index.ts";
import { constantColumns } from "../../../constant-columns.ts";
import { contextFeatures, contextReader } from "../../../context.ts";
import type { BoundedModel, CodePrior, Domain, ExactModel, Family, HasCodes } from "../../../contract.ts";
import { doubtfulColumns } from "../../../doubtful-columns.ts";
import { checkHyperparameters } from "../../../hyperparameters.ts";
import { codePrior, suitedPrior } from "../code-priors.ts";
import { likelihoodOf } from "../likelihoods/of-space.ts";
import { paddingOf } from "../networks/padding.ts";
import { codeBound } from "./bound.ts";
import { decodeDigits, encodeDigits, joinDigits, logGiven, realType, splitCodes } from "./code.ts";
import { convolutionalNetworks } from "./convolutional-networks.ts";
import { denseNetworks } from "./dense-networks.ts";
import { MOST_STATES, schema, type VqVaeHyperparameters, type VqVaeOptions } from "./options.ts";
import type { P, VqParameters, VqParts } from "./parts.ts";
import { quantiser } from "./quantise.ts";

/** A vector-quantised autoencoder: a bound, codes that are states, and a distribution over these. */
export type VqVaeModel = BoundedModel<VqParameters> &
  HasCodes<VqParameters> & {
    /** The distribution of codes. */
    readonly prior: CodePrior<ExactModel>;
  };

/**
 * The vector-quantised autoencoder (van den Oord et al., arXiv:1711.00937) by finite scalar quantisation (Mentzer et al.,
 * arXiv:2309.15505): a row has a code of a few whole numbers, P(x) = Σ_z P(z) P(x | z) with sites independent given the code z.
 * Both ends are trained by the mean of log P(x | z) at the row's own code, straight through the rounding; then the
 * distribution of codes is fitted in a second course. Optional context. Throws AnsatzError (usage) for spaces that no
 * likelihood fits and for hyperparameters out of range, naming them.
 */
export function makeVqVae(domain: Domain, options: VqVaeOptions = {}): VqVaeModel {
  const { space } = domain;
  const { h, parts, distribution } = planned(domain, options);
  const { likelihood } = parts;
  const prior = distribution.make();
  const codes = prior.space;
  const shaped = (x: Tensor) => reshape(x, [x.shape[0] as number, ...siteShape(space)]);
  const distortion = (p: P, x: Tensor, context?: Tensor) =>
    neg(logGiven(parts, p, x, encodeDigits(parts, p, x, context), context));
  const outputsOf = (p: P, z: Tensor, context?: Tensor) =>
    decodeDigits(parts, p, splitCodes(parts, p, z), context);
  return {
    kind: "bounded",
    family: "vq-vae",
    hyperparameters: h,
    ...domain,
    // One draw estimates a part of P(x) without bias, and so the logarithm of the mean of several is a bound too.
    importance: true,
    init: (key) => ({
      encoder: parts.encoder.init(key.fold(0)),
      decoder: parts.decoder.init(key.fold(1)),
      likelihood: likelihood.init(),
      prior: prior.init(key.fold(2)),
    }),
    adapt(p, x) {
      const flat = reshape(x, [x.shape[0] as number, parts.sites]);
      const { parameters, start } = likelihood.adapt(p.likelihood, flat, realType(p));
      return { ...p, likelihood: parameters, decoder: { ...p.decoder, bias: start } };
    },
    ...(space.kind === "real" &&
      levelCount(space) === undefined && {
        refusesTraining: constantColumns(space),
        doubtsTraining: doubtfulColumns(space),
      }),
    fitOptions: () => ({ batch: 64, lr: 2e-3 }),
    decays: (path) =>
      path.startsWith("prior.") ? (prior.decays?.(path.slice(6)) ?? true) : path.endsWith("weight"),
    objective: ({ optimiser }) => ({
      players: [
        {
          ...{ name: "distortion", unit: "nats" },
          optimiser,
          loss: ({ parameters, x, context }) => ({ loss: mean(distortion(parameters, x, context)) }),
        },
      ],
    }),
    monitor: {
      ...{ name: "distortion", unit: "nats", estimated: false, selects: true },
      rows: (p, x, _, context) => distortion(p, x, context),
    },
    bound: (p, x, key, context) => codeBound(parts, prior, p, x, key, context),
    sample(p, key, context) {
      const z = prior.sample(p.prior, key.fold(0), context).x;
      return { x: shaped(likelihood.draw(p.likelihood, outputsOf(p, z, context), key.fold(1))) };
    },
    prior: { model: prior, path: "prior" },
    coding: {
      codes,
      encode: (p, x, context) => joinDigits(parts, encodeDigits(parts, p, x, context)),
      decode: (p, z, context) => shaped(likelihood.centre(p.likelihood, outputsOf(p, z, context))),
      draw: (p, key, context) => prior.sample(p.prior, key, context).x,
      walk: parts.quantiser.walk,
    },
  };
}

function planned(domain: Domain, options: unknown) {
  const { space, context } = domain;
  const given = checkHyperparameters("vq-vae", schema, options);
  const shape = siteShape(space);
  const code = quantiser(given.levels);
  if (code.states > MOST_STATES)
    throw usageError(
      `vq-vae: levels ${given.levels.join(",")} are ${code.states} states of a code; take at most ${MOST_STATES}`,
    );
  const likelihood = likelihoodOf("vq-vae", space, given);
  const { features, outputs } = likelihood;
  const sizes = { features, outputs, channels: code.channels };
  const h = { ...given, ...networkFor(shape, given), padding: paddingOf(given.padding) };
  const contextSize = contextFeatures(domain);
  const networks =
    h.network === "convolutional"
      ? convolutionalNetworks({ ...h, shape, contextSize }, sizes)
      : denseNetworks({ ...h, shape, contextSize }, h.codes, sizes);
  const { codeShape } = networks;
  const name = h.prior === "auto" ? suitedPrior(codeShape, code.states) : h.prior;
  const parts: VqParts = {
    ...networks,
    ...{ likelihood, quantiser: code, sites: sites(space) },
    codes: codeShape.reduce((product, n) => product * n, 1),
    read: contextReader(context),
  };
  const distribution = codePrior(name, categorical(codeShape, code.states), context);
  return { h: { ...h, prior: name }, parts, distribution };
}

/**
 * The networks of a shape: which, and how finely rows are coded. Throws AnsatzError (usage) for an impossible
 * combination.
 */
function networkFor(
  shape: readonly number[],
  { network, patch, codes }: VqVaeHyperparameters,
): Pick<VqVaeHyperparameters, "patch" | "codes"> & { readonly network: "convolutional" | "dense" } {
  const [height = 1, width = 1] = shape;
  const n = shape.reduce((product, side) => product * side, 1);
  const divides = (size: number) => shape.length > 1 && height % size === 0 && width % size === 0;
  // A lattice of two by two codes or more.
  const suits = [4, 2].find((size) => divides(size) && Math.min(height, width) >= 2 * size);
  const side = patch || (suits ?? 0);
  if (network === "convolutional" && !(side > 0 && divides(side)))
    throw usageError(
      patch > 0
        ? `vq-vae: patches of ${patch}x${patch} do not divide rows of ${shape.join("x")}; take another patch, or network=dense`
        : `vq-vae: no patches of 4x4 or 2x2 divide rows of ${shape.join("x")}; give patch, or take network=dense`,
    );
  if (network !== "dense" && side > 0 && divides(side))
    return { network: "convolutional", patch: side, codes };
  const count = codes || Math.max(1, Math.ceil(n / 16));
  if (count > n) throw usageError(`vq-vae: ${count} codes for ${n} sites; take codes=${n} or fewer`);
  return { network: "dense", patch, codes: count };
}

/** The family for the registry. */
export const vqVae: Family<VqVaeModel> = {
  name: "vq-vae",
  kind: "bounded",
  summary:
    "autoencoder with codes of whole numbers and an autoregressive distribution over them: a bound, strong compression",
  schema,
  parameterCount(domain, options) {
    const { parts, distribution } = planned(domain, options);
    return parts.encoder.count + parts.decoder.count + parts.likelihood.count + distribution.count();
  },
  create: (domain, hyperparameters) => makeVqVae(domain, hyperparameters as VqVaeOptions),
};
