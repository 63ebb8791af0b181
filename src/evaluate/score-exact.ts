import type { Dataset } from "../data/dataset.ts";
import { levelCount, sites } from "../data/space.ts";
import { inputError } from "../error.ts";
import type { FittedExact } from "../models/fitted/exact.ts";
import type { SeedOrKey } from "../random/seed.ts";
import { type Estimate, perSite } from "../stats/index.ts";
import type { System } from "../systems/system.ts";
import { againstSystem } from "./known-probabilities.ts";
import { partMean } from "./part-mean.ts";
import { defaultPart, type Part, partRows } from "./rows.ts";

/** Scores of a dataset from an exact model's log-probabilities: means over rows, in nats. */
export interface ExactScore {
  /** The kind of model that was scored; discriminates the union of scores. */
  readonly kind: "exact";
  /** Mean of log P over the rows, nats. */
  readonly logProb: Estimate;
  /** Negative log-likelihood. */
  readonly nll: Estimate;
  /** `nll` divided by the number of sites, nats. */
  readonly nllPerSite: Estimate;
  /** Number of rows. */
  readonly count: number;
  /**
   * Given where rows are grey levels, with noise between the levels. On average over that noise `logProb` is a lower bound of
   * log P of the levels, and `nll` an upper bound of their negative log-likelihood. This is the latter in bits a number.
   */
  readonly levels?: { readonly noise: "uniform" | "learned"; readonly bitsPerDimension: Estimate };
  /** Exact entropy of the data's system; this and the following fields only if the system is known. */
  readonly entropy?: number;
  /** `entropy` divided by the number of sites, nats. */
  readonly entropyPerSite?: number;
  /** KL(P_data‖P_model), paired: the mean over rows of log P_data(x) − log P_model(x). */
  readonly kl?: Estimate;
  /** `kl` divided by the number of sites, nats. */
  readonly klPerSite?: Estimate;
  /** log P of each row, if requested. */
  readonly rows?: readonly number[];
}

/** See {@link scoreExact}. */
export interface ExactScoreOptions extends SeedOrKey {
  /** The rows to score (default: the test split if there is one, else all rows). */
  readonly part?: Part | undefined;
  /** The system of the rows, if their dataset does not name it. */
  readonly system?: System | undefined;
  /** Whether to return one log-probability a row. */
  readonly rows?: boolean | undefined;
}

/** Draws of learned noise between the grey levels of a row. */
const DRAWS = 4;

/**
 * Scores rows of a dataset by a model with an exact likelihood. If the dataset's meta names the system the
 * rows were drawn from, and that system's probabilities are known, the Kullback–Leibler divergence is
 * estimated paired, row by row. Its error is tens of times smaller than that of NLL minus entropy. Errors are
 * those of {@link partMean}, which allow for the autocorrelation of rows from Markov chains, and for rows of
 * one parent. Throws input errors for an empty part, rows of another shape, and rows that the model's
 * constraints rule out.
 */
export async function scoreExact(
  model: FittedExact,
  dataset: Dataset,
  { seed, key, ...options }: ExactScoreOptions = {},
): Promise<ExactScore> {
  const rows = partRows(dataset, options.part ?? defaultPart(dataset));
  const { x, context } = rows;
  const n = sites(model.model.space);
  const refused = model.model.refuses?.(x);
  if (refused !== undefined) throw inputError(`${dataset.name}: ${refused}`);
  const { space, levelBound } = model.model;
  const ofLevels = levelCount(space) !== undefined;
  const logProbs = ofLevels
    ? await model.levelBound(x, { seed, key, draws: DRAWS, ...(context && { context }) })
    : await model.logProb(x, context);
  const logProb = partMean(logProbs, rows);
  const nll = { value: -logProb.value, error: logProb.error };
  const known = againstSystem(dataset, rows, logProbs, options.system);
  return {
    kind: "exact",
    logProb,
    nll,
    nllPerSite: perSite(nll, n),
    count: logProbs.length,
    ...(ofLevels && {
      levels: { noise: levelBound ? "learned" : "uniform", bitsPerDimension: perSite(nll, n * Math.LN2) },
    }),
    ...(known && { ...known, klPerSite: perSite(known.kl, n) }),
    ...(options.rows && { rows: [...logProbs] }),
  };
}
