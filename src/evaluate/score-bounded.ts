import type { Dataset } from "../data/dataset.ts";
import { sites } from "../data/space.ts";
import { inputError } from "../error.ts";
import type { FittedBounded } from "../models/fitted/bounded.ts";
import type { SeedOrKey } from "../random/seed.ts";
import { type Estimate, perSite } from "../stats/index.ts";
import type { System } from "../systems/system.ts";
import { againstSystem } from "./known-probabilities.ts";
import { partMean } from "./part-mean.ts";
import { defaultPart, type Part, partRows } from "./rows.ts";

/** What the bound of a model says of a dataset: means over rows, in nats. */
export interface BoundedScore {
  /** The kind of model that was scored, by which scores are told apart. */
  readonly kind: "bounded";
  /** The mean lower bound of log P; the draws of each row enter its error by their spread over the rows. */
  readonly bound: Estimate;
  /** An upper bound of the negative log-likelihood, on average over the draws. */
  readonly nll: Estimate;
  /** `nll` divided by the number of sites, nats. */
  readonly nllPerSite: Estimate;
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
  /** The bound of each row, where asked for. */
  readonly rows?: readonly number[];
}

/** See {@link scoreBounded}. */
export interface BoundedScoreOptions extends SeedOrKey {
  /** The test split where the dataset has one, else all rows, where left out. */
  readonly part?: Part | undefined;
  /** The system of the rows, if it is none that their dataset can name. */
  readonly system?: System | undefined;
  /** Whether to return one bound a row. */
  readonly rows?: boolean | undefined;
  /** Draws of each row (default 16). */
  readonly draws?: number | undefined;
  /** Draws done, over all rows, and all of them. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Stops the work, which then throws AnsatzError (interrupted). */
  readonly signal?: AbortSignal | undefined;
}

const DRAWS = 16;

/**
 * Scores rows of a dataset by a model with a bound on its likelihood; never as a likelihood. Errors of means over rows are those
 * of `partMean`. Throws input errors as `scoreExact` does, and AnsatzError (interrupted) once `signal` is aborted.
 */
export async function scoreBounded(
  fitted: FittedBounded,
  dataset: Dataset,
  { part, rows = false, draws = DRAWS, system, seed, key, onProgress, signal }: BoundedScoreOptions = {},
): Promise<BoundedScore> {
  const scored = partRows(dataset, part ?? defaultPart(dataset));
  const { x, context } = scored;
  const { space, refuses, importance } = fitted.model;
  const n = sites(space);
  const refused = refuses?.(x);
  if (refused !== undefined) throw inputError(`${dataset.name}: ${refused}`);
  const bounds = await fitted.bound(x, { seed, key, draws, context, onProgress, signal });
  const bound = partMean(bounds, scored);
  const nll = { value: -bound.value, error: bound.error };
  const known = againstSystem(dataset, scored, bounds, system);
  return {
    kind: "bounded",
    ...{ bound, nll, nllPerSite: perSite(nll, n), draws, importance, count: bounds.length },
    ...(known && { ...known, klPerSite: perSite(known.kl, n) }),
    ...(rows && { rows: [...bounds] }),
  };
}
