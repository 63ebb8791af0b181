import type { Dataset } from "../data/dataset.ts";
import { levelCount, sites } from "../data/space.ts";
import { inputError } from "../error.ts";
import type { FittedBounded } from "../models/fitted/bounded.ts";
import { isLatent, requireLatent } from "../models/index.ts";
import { keyOf, type SeedOrKey } from "../random/seed.ts";
import { type Estimate, perSite, sum } from "../stats/index.ts";
import type { System } from "../systems/system.ts";
import { type FlowTimeScore, scoreFlowTime } from "./flow-time-score.ts";
import { againstSystem } from "./known-probabilities.ts";
import { type AnnealedScore, scoreAnnealed } from "./latent/annealed-score.ts";
import { type EncoderScore, scoreEncoder } from "./latent/encoder-score.ts";
import { partMean } from "./part-mean.ts";
import { defaultPart, type Part, partRows } from "./rows.ts";

/** Scores of a dataset from the bound of a model: means over rows, in nats. */
export interface BoundedScore {
  /** The kind of model that was scored, by which scores are told apart. */
  readonly kind: "bounded";
  /** The mean lower bound of log P; the draws of each row enter its error by their spread over the rows. */
  readonly bound: Estimate;
  /** An upper bound of the negative log-likelihood, on average over the draws. */
  readonly nll: Estimate;
  /** `nll` divided by the number of sites, nats. */
  readonly nllPerSite: Estimate;
  /** The part of the error of `bound` that is by the draws alone; NaN of one draw. The rest is how rows differ. */
  readonly noise: number;
  /** The mean of single draws, a bound too and never a closer one: the evidence lower bound, where draws are weights. */
  readonly single: Estimate;
  /** Given where rows are grey levels: `nll` in bits a number. */
  readonly levels?: { readonly bitsPerDimension: Estimate };
  /** Draws of each row. */
  readonly draws: number;
  /**
   * Whether draws are importance weights. The bound is then the logarithm of their mean, which comes closer to log P the more
   * there are; else it is the mean of the draws.
   */
  readonly importance: boolean;
  /** Number of rows. */
  readonly count: number;
  /** Exact entropy of the data's system; this and what follows only where the system is known. */
  readonly entropy?: number;
  /** `entropy` divided by the number of sites, nats. */
  readonly entropyPerSite?: number;
  /** An upper bound of KL(P_data‖P_model), paired row by row. */
  readonly kl?: Estimate;
  /** `kl` divided by the number of sites, nats. */
  readonly klPerSite?: Estimate;
  /** The bound of the NLL after fewer of the same draws; only where they are weights. Neighbours share draws and rows. */
  readonly curve?: readonly { readonly draws: number; readonly nll: Estimate }[];
  /** Statistics of the encoder; only for models with latent variables. */
  readonly encoder?: EncoderScore;
  /** Bounds by annealing of the latent variables, if requested. */
  readonly annealed?: AnnealedScore;
  /** Estimates of log P by the flow's equation; only of flows in time. */
  readonly flowTime?: FlowTimeScore;
  /** The bound of each row, if requested. */
  readonly rows?: readonly number[];
}

/** See {@link scoreBounded}. */
export interface BoundedScoreOptions extends SeedOrKey {
  /** The test split where the dataset has one, else all rows, where left out. */
  readonly part?: Part | undefined;
  /** The system of the rows, if their dataset does not name it. */
  readonly system?: System | undefined;
  /** Whether to return one bound a row. */
  readonly rows?: boolean | undefined;
  /** Draws of each row (default 200 of models with latent variables, 16 of others). */
  readonly draws?: number | undefined;
  /** Whether to anneal latent variables of 200 random rows and 200 samples, in how many steps (true: 500). */
  readonly anneal?: boolean | number | undefined;
  /** Draws done, over all rows, and all of them. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Stops the work, which then throws AnsatzError (interrupted). */
  readonly signal?: AbortSignal | undefined;
}

const DRAWS = 16;
/** Draws of a model with latent variables. */
const LATENT_DRAWS = 200;
/** Folds of the key beyond those of chunks of rows. */
const [ENCODER, ANNEALED, FLOW] = [2 ** 31, 2 ** 31 + 1, 2 ** 31 + 2];
/** The part of the progress that annealing is counted as. */
const ANNEALING = 0.8;

/**
 * Scores rows of a dataset by a model with a bound on its likelihood; never as a likelihood. Errors of means over rows are those
 * of `partMean`. Throws input errors as `scoreExact` does, and AnsatzError (interrupted) once `signal` is aborted.
 */
export async function scoreBounded(
  fitted: FittedBounded,
  dataset: Dataset,
  options: BoundedScoreOptions = {},
): Promise<BoundedScore> {
  const { part, rows = false, anneal = false, system, signal } = options;
  const { model } = fitted;
  const { space, refuses, importance } = model;
  const latent = isLatent(model) ? model : undefined;
  if (anneal !== false && !latent) requireLatent(model, "to anneal");
  const { draws = latent ? LATENT_DRAWS : DRAWS } = options;
  const scored = partRows(dataset, part ?? defaultPart(dataset));
  const { x, context } = scored;
  const n = sites(space);
  const refused = refuses?.(x);
  if (refused !== undefined) throw inputError(`${dataset.name}: ${refused}`);
  const key = keyOf(options);
  const first = anneal === false ? 1 : 1 - ANNEALING;
  const ofRows = await fitted.bounds(x, {
    ...{ key, draws, context, signal, counts: importance ? countsUpTo(draws) : [] },
    onProgress: (done, total) =>
      anneal === false ? options.onProgress?.(done, total) : options.onProgress?.((first * done) / total, 1),
  });
  const bound = partMean(ofRows.bound, scored);
  const nll = { value: -bound.value, error: bound.error };
  const known = againstSystem(dataset, scored, ofRows.bound, system);
  const encoder = latent && (await scoreEncoder(fitted, latent, scored, key.fold(ENCODER), signal));
  const annealed =
    latent &&
    anneal !== false &&
    (await scoreAnnealed(fitted, latent, scored, ofRows.bound, {
      ...{ key: key.fold(ANNEALED), signal },
      ...(typeof anneal === "number" && { temperatures: anneal }),
      onProgress: (done, total) => options.onProgress?.(first + (ANNEALING * done) / total, 1),
    }));
  const flowTime = await scoreFlowTime(fitted, dataset, scored, { key: key.fold(FLOW), system, signal });
  return {
    kind: "bounded",
    ...{ bound, nll, nllPerSite: perSite(nll, n), noise: noiseOf(ofRows.noise) },
    single: partMean(ofRows.mean, scored),
    ...(levelCount(space) !== undefined && { levels: { bitsPerDimension: perSite(nll, n * Math.LN2) } }),
    ...(importance && {
      curve: [...ofRows.after, { count: draws, bound: ofRows.bound }].map(({ count, bound }) => {
        const { value, error } = partMean(bound, scored);
        return { draws: count, nll: { value: 0 - value, error } };
      }),
    }),
    ...{ draws, importance, count: ofRows.bound.length },
    ...(known && { ...known, klPerSite: perSite(known.kl, n) }),
    ...(encoder && { encoder }),
    ...(annealed && { annealed }),
    ...(flowTime && { flowTime }),
    ...(rows && { rows: [...ofRows.bound] }),
  };
}

/** 1, 2, 5, 10, 20, 50, … below `draws`. */
function countsUpTo(draws: number): number[] {
  const all = [1, 2, 5];
  while ((all.at(-1) as number) < draws) all.push(10 * (all.at(-3) as number));
  return all.filter((count) => count < draws);
}

/** The error of a mean over rows by the independent noise of each. */
const noiseOf = (noise: Float64Array): number =>
  Math.sqrt(sum(noise.map((error) => error * error))) / noise.length;
