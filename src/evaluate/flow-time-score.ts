import { takeRows } from "../array.ts";
import type { Dataset } from "../data/dataset.ts";
import { sites } from "../data/space.ts";
import type { FittedBounded } from "../models/fitted/bounded.ts";
import { flowLogProb } from "../models/fitted/flow-log-prob.ts";
import type { Key } from "../random/key.ts";
import { permutation } from "../random/permutation.ts";
import { type Estimate, mean, perSite } from "../stats/index.ts";
import type { System } from "../systems/system.ts";
import { againstSystem } from "./known-probabilities.ts";
import { partMean } from "./part-mean.ts";
import type { PartRows } from "./rows.ts";

/** Rows whose log P is integrated, and numbers in them (of sites times derivatives with the full divergence), at most. */
const ROWS = 2000;
const NUMBERS = 2 ** 18;
/** Factor of the model's own steps that log P is integrated in: the own ones are the coarser half. */
const FINER = 2;

/** Estimates of log P by the equation of a flow in time; these are not bounds. */
export interface FlowTimeScore {
  /** The mean of −log P; its error is that of the rows, with the noise of an estimated divergence. */
  readonly nll: Estimate;
  /** `nll` divided by the number of sites, nats. */
  readonly nllPerSite: Estimate;
  /**
   * Change of `nll` when the steps were halved: the error of the steps is smaller, for a fourth-order method
   * in general 15 times.
   */
  readonly solverError: number;
  /** Steps of Runge and Kutta. */
  readonly steps: number;
  /** Of all sites, or estimated by one random vector a row. */
  readonly divergence: "full" | "probed";
  /** Number of rows, drawn at random where there are more. */
  readonly count: number;
  /** An estimate of KL(P_data‖P_model), paired row by row; only where the system is known. */
  readonly kl?: Estimate;
}

/** Integrates log P of rows of a part by the equation of a flow in time, twice: in twice the model's own steps, and in these. */
export async function scoreFlowTime(
  fitted: FittedBounded,
  dataset: Dataset,
  rows: PartRows,
  {
    key,
    system,
    signal,
  }: { readonly key: Key; readonly system?: System | undefined; readonly signal?: AbortSignal | undefined },
): Promise<FlowTimeScore | undefined> {
  const { flowTime, space } = fitted.model;
  if (!flowTime) return undefined;
  const { divergence } = flowTime;
  const n = sites(space);
  const work = divergence === "full" ? n * n : n;
  const part = someRows(rows, Math.max(32, Math.min(ROWS, Math.floor(NUMBERS / work))), key);
  const steps = FINER * flowTime.steps;
  const at = (count: number) =>
    flowLogProb(fitted, part.x, { steps: count, context: part.context, key, signal });
  const [fine, coarse] = [await at(steps), await at(flowTime.steps)];
  const logProb = partMean(fine, part);
  const nll = { value: 0 - logProb.value, error: logProb.error };
  const known = againstSystem(dataset, part, fine, system);
  return {
    ...{ nll, nllPerSite: perSite(nll, n) },
    solverError: Math.abs(mean(fine) - mean(coarse)),
    ...{ steps, divergence, count: fine.length },
    ...(known && { kl: known.kl }),
  };
}

/** At most so many rows of a part, at random, with what belongs to them. */
function someRows(rows: PartRows, most: number, key: Key): PartRows {
  const all = rows.x.shape[0] as number;
  if (all <= most) return rows;
  const chosen = permutation(key, all).slice(0, most).sort();
  const some = (of: Int32Array) => Int32Array.from(chosen, (row) => of[row] as number);
  return {
    x: takeRows(rows.x, chosen),
    ...(rows.context && { context: takeRows(rows.context, chosen) }),
    ...(rows.chain && { chain: some(rows.chain) }),
    ...(rows.parent && { parent: some(rows.parent) }),
    ...(rows.spacing && { spacing: rows.spacing }),
  };
}
