import type { NDArray } from "../../array.ts";
import type { EnergyModel, EnergyParameters } from "../../models/contract.ts";
import { FittedEnergy } from "../../models/fitted/energy.ts";
import { bracketLogZ } from "../../models/index.ts";
import type { Key } from "../../random/key.ts";
import { between, type Estimate, minus } from "../../stats/index.ts";
import type { Measure } from "../measure.ts";
import type { FitSettings } from "../options.ts";

/** Brackets of one fit at most. */
const MOST_BRACKETS = 10;
/** Chains of each side. */
const CHAINS = 100;
/**
 * Numbers of points on the path: the maximum, the minimum if there are several brackets, and the minimum for
 * one.
 */
const TEMPERATURES = { most: 1000, ofSeveral: 250, least: 100 };
/** Sweeps of a chain for each point of the path: both ways, the chains to start from, RAISE, and pilot runs. */
const SWEEPS_PER_POINT = 5.3;
/** Work allowed for all brackets of a fit, as a fraction of its training. */
const SHARE = 0.2;

/** When the NLL of a fit is bracketed, and along how many points of the path. */
export interface BracketPlan {
  /** Epochs after which there is a bracket, the last among them. */
  readonly epochs: readonly number[];
  /** Points of the path. */
  readonly temperatures: number;
}

/** The training for which brackets are planned. */
export interface BracketedWork {
  /** Steps of the training. */
  readonly steps: number;
  /** Epochs of the training. */
  readonly epochs: number;
  /** Rows in a step. */
  readonly batch: number;
  /** Whether brackets come after 1, 2, 4, … epochs, and not evenly. */
  readonly doubling: boolean;
}

/**
 * Plans brackets that take about a fifth of the work of a training, counted in rows that pass through the
 * model: the same plan for the same settings on every machine. There is at least one bracket, after the last
 * epoch; if doubling gives too many, the first ones are dropped.
 */
export function planBrackets(
  { training }: Pick<EnergyModel, "training">,
  { epochs, steps, batch, doubling }: BracketedWork,
): BracketPlan {
  const { method, sweeps, chains, temperatures } = training;
  const walkers =
    method === "cd" ? batch : method === "pcd" ? chains : method === "tempering" ? chains * temperatures : 0;
  // A gradient takes about two passes beside that of the loss.
  const affordable = (SHARE * steps * (3 * batch + walkers * sweeps)) / (SWEEPS_PER_POINT * CHAINS);
  const count = Math.max(1, Math.min(MOST_BRACKETS, epochs, Math.floor(affordable / TEMPERATURES.ofSeveral)));
  const every = Math.ceil(epochs / count);
  const before = doubling
    ? Array.from({ length: Math.ceil(Math.log2(epochs)) }, (_, k) => 2 ** k).slice(
        count > 1 ? 1 - count : epochs,
      )
    : Array.from({ length: Math.ceil(epochs / every) - 1 }, (_, i) => (i + 1) * every);
  return {
    epochs: [...before, epochs],
    temperatures: Math.max(TEMPERATURES.least, Math.min(TEMPERATURES.most, Math.floor(affordable / count))),
  };
}

/** Brackets the NLL after the epochs of a plan, in nats per row; returns undefined after other epochs. */
export type Bracketer<P extends EnergyParameters = EnergyParameters> = (
  epoch: number,
  parameters: P,
) => Promise<Measure | undefined>;

/** A training during which the NLL is bracketed. */
export interface BracketedRun {
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  /** See {@link BracketedWork.doubling}. */
  readonly doubling: boolean;
  readonly key: Key;
  /** Returns the mean of one value per row, with its error. */
  mean(values: Float64Array): Estimate;
}

/** Brackets the mean negative log-likelihood of rows `x`, as datasets store them, as a fit goes; see `bracketLogZ`. */
export function makeBracketer<P extends EnergyParameters>(
  model: EnergyModel<P>,
  x: NDArray,
  { batch, threads }: Pick<FitSettings, "batch" | "threads">,
  { epochs, stepsPerEpoch, doubling, key, mean }: BracketedRun,
): Bracketer<P> {
  const work = { epochs, steps: epochs * stepsPerEpoch, batch, doubling };
  const { epochs: bracketed, temperatures } = planBrackets(model, work);
  return async (epoch, parameters) => {
    if (!bracketed.includes(epoch)) return undefined;
    const fitted = new FittedEnergy(model, parameters, { threads });
    try {
      const logWeight = mean(await fitted.logWeight(x));
      const { lower, upper, warnings } = await bracketLogZ(model, fitted.parameters, {
        ...{ chains: CHAINS, temperatures, data: x, threads },
        key: key.fold(epoch),
      });
      return { ...between(minus(lower, logWeight), minus(upper, logWeight)), unit: "nats", warnings };
    } finally {
      await fitted.release();
    }
  };
}
