import { real, siteShape, sites } from "../../../data/space.ts";
import { usageError } from "../../../error.ts";
import { BATCH, mean, reshape, type Tensor } from "../../../tensor/index.ts";
import { paddingOf } from "../../approximate/latent/networks/padding.ts";
import { contextFeatures, contextReader } from "../../context.ts";
import type { Domain, Family, ImplicitModel } from "../../contract.ts";
import { checkHyperparameters } from "../../hyperparameters.ts";
import { sphericalWalk } from "../../walks.ts";
import { type Augmentation, augmented } from "./augment.ts";
import { energyScore } from "./monitor.ts";
import { imageOf, levelsOf, sitesOf } from "./networks/levels.ts";
import { type PlayerOptions, playersOf } from "./networks/players.ts";
import { ganObjective } from "./objective.ts";
import { type GanHyperparameters, type GanOptions, schema } from "./options.ts";
import {
  drawCodes,
  drawRows,
  flatRows,
  type GanParameters,
  type GanParts,
  generate,
  realType,
  scoresOf,
} from "./parts.ts";
import { rowsOf } from "./rows/of-space.ts";

/** Numbers of a code, if nothing is said: as many as sites, within these. */
const [LEAST_CODE, MOST_CODE] = [8, 64];

/** A generative adversarial network: samples alone. */
export type GanModel = ImplicitModel<GanParameters>;

/**
 * The generative adversarial network (Goodfellow et al., arXiv:1406.2661): a generator that makes rows of normal noise, trained
 * against a discriminator that tells them from data. It samples, and has no likelihood. Optional context. Throws AnsatzError (usage) for spaces
 * that it cannot model and for hyperparameters out of range, naming them.
 */
export function makeGan(domain: Domain, options: GanOptions = {}): GanModel {
  const { space } = domain;
  const { h, parts } = planned(domain, options);
  const shaped = (x: Tensor) => reshape(x, [x.shape[0] as number, ...siteShape(space)]);
  const rowsFor = (context: Tensor | undefined) => (context ? (context.shape[0] as number) : BATCH);
  return {
    kind: "implicit",
    family: "gan",
    hyperparameters: h,
    ...domain,
    init: (key) => ({
      generator: parts.generator.init(key.fold(0)),
      discriminator: parts.discriminator.init(key.fold(1)),
      units: parts.rows.init(),
    }),
    adapt(p, x) {
      const { units, start } = parts.rows.adapt(flatRows(parts, x), realType(p));
      const bias = parts.generator.shared ? mean(start, 0, true) : start;
      return { ...p, units, generator: { ...p.generator, bias } };
    },
    fitOptions: () => ({
      batch: parts.generator.shared ? 64 : 512,
      lr: parts.generator.shared ? 1e-3 : 2e-3,
      average: 0.999,
    }),
    decays: (path) => path.endsWith("weight"),
    objective: ganObjective(parts, h),
    monitor: energyScore(parts),
    coding: {
      codes: real([parts.generator.size]),
      decode: (p, codes, context) => shaped(parts.rows.centre(p.units, generate(parts, p, codes, context))),
      draw: (p, key, context) => drawCodes(parts, p, rowsFor(context), key),
      walk: sphericalWalk,
    },
    critic: {
      isRatio: h.loss !== "wgan-gp",
      scores: (p, x, context) => scoresOf(parts, p, parts.rows.read(p.units, flatRows(parts, x)), context),
    },
    sample: (p, key, context) => ({ x: shaped(drawRows(parts, p, rowsFor(context), key, context)) }),
  };
}

function planned(domain: Domain, options: unknown): { h: GanHyperparameters; parts: GanParts } {
  const { space } = domain;
  const given = checkHyperparameters("gan", schema, options);
  const n = sites(space);
  const latent = given.latent || Math.max(LEAST_CODE, Math.min(MOST_CODE, n));
  const h = { ...given, padding: paddingOf(given.padding), latent };
  const rows = rowsOf("gan", space);
  const shape = siteShape(space);
  const players = { ...h, family: "gan", shape, contextSize: contextFeatures(domain) };
  return {
    h,
    parts: {
      ...{ sites: n, rows },
      ...playersOf(players, rows),
      ...(h.diffAugment.length > 0 && { augment: augmentationOf(players, h.diffAugment) }),
      read: contextReader(domain.context),
    },
  };
}

/** Changes of what the discriminator reads of images. */
function augmentationOf(setup: PlayerOptions, names: readonly Augmentation[]): GanParts["augment"] {
  if (setup.shape.length < 2)
    throw usageError("gan: diffAugment changes images; take diffAugment=none for a table");
  const plan = levelsOf("gan", { ...setup, channels: [], patch: 1 });
  return (read, key) => sitesOf(augmented(imageOf(read, plan), key, names, setup.padding), plan);
}

/** The family for the registry. */
export const gan: Family<GanModel> = {
  name: "gan",
  kind: "implicit",
  summary: "generative adversarial network: samples alone, trained against a discriminator",
  schema,
  parameterCount(domain, options) {
    const { generator, discriminator, rows } = planned(domain, options).parts;
    return generator.count + discriminator.count + rows.count;
  },
  create: (domain, hyperparameters) => makeGan(domain, hyperparameters as GanOptions),
};
