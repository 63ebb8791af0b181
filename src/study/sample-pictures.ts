import { siteShape, sites } from "../data/space.ts";
import { numbers } from "../data/values.ts";
import type { BoundedModel, ImplicitModel, Model } from "../models/contract.ts";
import { FittedBounded } from "../models/fitted/bounded.ts";
import { FittedImplicit } from "../models/fitted/implicit.ts";
import { Key } from "../random/key.ts";
import type { TrainHooks } from "../train/index.ts";

/** Samples of one picture. */
const pictureSamples = 4;
/** Sites beyond which samples are not kept, so that a log stays small. */
const mostSites = 4096;

/**
 * Returns a hook that draws a model with latent variables, or one that samples by a critic, during a fit,
 * after epochs 1, 2, 4, 8, …: samples by the same noise each time, in events named `samples`. Undefined for
 * other models, and for rows that are no lattice or picture.
 */
export function samplePictures(model: Model, threads: number): TrainHooks["picture"] {
  if (!isShown(model) || model.context) return undefined;
  if (siteShape(model.space).length < 2 || sites(model.space) > mostSites) return undefined;
  return async ({ round }, parameters) => {
    if (!Number.isInteger(Math.log2(round))) return undefined;
    const fitted =
      model.kind === "bounded"
        ? new FittedBounded(model, parameters(), { threads })
        : new FittedImplicit(model, parameters(), { threads });
    try {
      const { x } = await fitted.sample(pictureSamples, { key: Key.fromSeed(0) });
      return { name: "samples", data: { values: Array.from(numbers(x), (v) => Number(v.toPrecision(4))) } };
    } finally {
      await fitted.release();
    }
  };
}

/** Whether a model has samples of its own noise. */
const isShown = (model: Model): model is BoundedModel | ImplicitModel =>
  (model.kind === "bounded" && model.latent !== undefined) ||
  (model.kind === "implicit" && model.critic !== undefined);
