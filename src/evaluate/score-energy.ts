import type { NDArray } from "../array.ts";
import type { Dataset } from "../data/dataset.ts";
import { sites } from "../data/space.ts";
import { inputError } from "../error.ts";
import type { FittedEnergy } from "../models/fitted/energy.ts";
import { bracketLogZ, exactLogZ, type LogZBracket, termsOf } from "../models/index.ts";
import { keyOf, type SeedOrKey } from "../random/seed.ts";
import { between, type Estimate, minus, plus, type Range, rangePerSite } from "../stats/index.ts";
import type { System } from "../systems/system.ts";
import { againstSystem } from "./known-probabilities.ts";
import { partMean } from "./part-mean.ts";
import { defaultPart, type Part, partRows } from "./rows.ts";

/** log Z as a sum over all states of the model's smaller side, or bracketed. */
export type LogZ =
  | {
      /** A sum over states: exact up to rounding. */
      readonly method: "enumeration";
      /** log Z in nats. */
      readonly value: number;
      /** Number of states that were summed. */
      readonly terms: number;
    }
  | ({
      /** Annealed importance sampling from both sides, with errors. */
      readonly method: "annealing";
    } & LogZBracket);

/** Scores of a dataset from an energy model's log-weights minus log Z: means over rows, in nats. */
export interface EnergyScore {
  /** The kind of model that was scored; discriminates the union of scores. */
  readonly kind: "energy";
  /** Whether log Z is exact: both ends of every range are then the same. */
  readonly exact: boolean;
  /** log Z and the method that found it. */
  readonly logZ: LogZ;
  /** Mean of log P over the rows, nats. The lower end follows from the upper end of log Z. */
  readonly logProb: Range;
  /** Negative log-likelihood. */
  readonly nll: Range;
  /** `nll` divided by the number of sites, nats. */
  readonly nllPerSite: Range;
  /** Number of rows. */
  readonly count: number;
  /** The mean log-weight log P + log Z of the rows, with the error over rows alone. */
  readonly logWeight: Estimate;
  /** Exact entropy of the data's system; this and the following fields only if the system is known. */
  readonly entropy?: number;
  /** `entropy` divided by the number of sites, nats. */
  readonly entropyPerSite?: number;
  /** KL(P_data‖P_model), paired row by row. */
  readonly kl?: Range;
  /** `kl` divided by the number of sites, nats. */
  readonly klPerSite?: Range;
  /** log P of each row, if requested, with log Z in the middle of its bracket. */
  readonly rows?: readonly number[];
}

/** See {@link scoreEnergy}. */
export interface EnergyScoreOptions extends SeedOrKey {
  /** The rows to score (default: the test split if there is one, else all rows). */
  readonly part?: Part | undefined;
  /** The system of the rows, if their dataset does not name it. */
  readonly system?: System | undefined;
  /** Whether to return one log-probability a row. */
  readonly rows?: boolean | undefined;
  /** Whether to bracket log Z even if it can be summed exactly. */
  readonly bracket?: boolean | undefined;
  /** Chains of each side of a bracket; see `bracketLogZ`. */
  readonly chains?: number | undefined;
  /** Points of the path of a bracket; see `bracketLogZ`. */
  readonly temperatures?: number | undefined;
  /** Is called with the work on log Z done so far and all of it: terms of a sum, or sweeps of chains. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Stops the work, which then throws AnsatzError (interrupted). */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Scores rows of a dataset by a model of unnormalised log-weights. log Z is summed exactly if the model's
 * smaller side has at most 2^25 states; else it is bracketed by annealed importance sampling, and the
 * log-likelihood with it. The upper end of the log-likelihood belongs to the lower side of log Z, which holds
 * on average; the other end is as good as the chains that start the reverse path. Errors of means over rows
 * are those of `partMean`. Throws AnsatzError (input) for rows of another shape and for an empty part, and as
 * `bracketLogZ` does.
 */
export async function scoreEnergy(
  fitted: FittedEnergy,
  dataset: Dataset,
  options: EnergyScoreOptions = {},
): Promise<EnergyScore> {
  const rows = partRows(dataset, options.part ?? defaultPart(dataset));
  const { x } = rows;
  const n = sites(fitted.model.space);
  const refused = fitted.model.refuses?.(x);
  if (refused !== undefined) throw inputError(`${dataset.name}: ${refused}`);
  const logWeights = await fitted.logWeight(x);
  const logZ = await logZOf(fitted, x, options);
  const [low, high] = sidesOf(logZ);
  const logWeight = partMean(logWeights, rows);
  const nll = between(minus(low, logWeight), minus(high, logWeight));
  const middle = (low.value + high.value) / 2;
  const known = againstSystem(dataset, rows, logWeights, options.system);
  const divergence = known && between(plus(known.kl, low), plus(known.kl, high));
  return {
    kind: "energy",
    exact: logZ.method === "enumeration",
    logZ,
    logProb: between(minus(logWeight, high), minus(logWeight, low)),
    nll,
    nllPerSite: rangePerSite(nll, n),
    count: logWeights.length,
    logWeight,
    ...(known && divergence && { ...known, kl: divergence, klPerSite: rangePerSite(divergence, n) }),
    ...(options.rows && { rows: Array.from(logWeights, (w) => w - middle) }),
  };
}

/** Returns log Z of a fitted model: exact if it can be summed and a bracket is not requested. */
async function logZOf(
  { model, parameters, engine }: FittedEnergy,
  data: NDArray,
  { bracket = false, chains, temperatures, onProgress, signal, ...from }: EnergyScoreOptions,
): Promise<LogZ> {
  const terms = termsOf(model);
  if (terms !== undefined && !bracket)
    return {
      method: "enumeration",
      value: await exactLogZ(model, parameters, { ...engine, onProgress, signal }),
      terms,
    };
  const options = { ...engine, key: keyOf(from), chains, temperatures, data, onProgress, signal };
  return { method: "annealing", ...(await bracketLogZ(model, parameters, options)) };
}

/** log Z from below and from above. */
function sidesOf(logZ: LogZ): [Estimate, Estimate] {
  if (logZ.method === "annealing") return [logZ.lower, logZ.upper];
  const exact = { value: logZ.value, error: 0 };
  return [exact, exact];
}
