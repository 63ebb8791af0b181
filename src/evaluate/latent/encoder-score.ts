import type { FittedBounded } from "../../models/fitted/bounded.ts";
import { encoderMeans, type LatentModel, reconstructionErrors } from "../../models/index.ts";
import type { Key } from "../../random/key.ts";
import type { Estimate } from "../../stats/index.ts";
import { partMean } from "../part-mean.ts";
import type { PartRows } from "../rows.ts";

/** Variance of the mean of a latent variable above which it is called active (Burda, Grosse & Salakhutdinov 2016). */
const ACTIVE = 0.01;

/**
 * Statistics of the encoder of a model with latent variables on rows; the bound of one draw is −rate −
 * distortion.
 */
export interface EncoderScore {
  /** KL(q(z | x) ‖ P(z)), nats per row: the information in a code. */
  readonly rate: Estimate;
  /** −log P(x | z) averaged over q(z | x), nats per row. */
  readonly distortion: Estimate;
  /** Number of latent variables with a mean under q(z | x) that varies over the rows, by more than 0.01. */
  readonly activeUnits: number;
  /** Number of latent variables. */
  readonly units: number;
  /** The variance over rows of the mean of each latent variable. */
  readonly activity: readonly number[];
  /**
   * Distance of rows from the rows that their codes decode to, per site; see `reconstructionErrors`. Only for
   * models with codes.
   */
  readonly reconstruction?: Estimate;
}

/** Rate, distortion, active units and reconstruction error of rows, with the errors of `partMean`. */
export async function scoreEncoder(
  { parameters, engine }: FittedBounded,
  model: LatentModel,
  scored: PartRows,
  key: Key,
  signal?: AbortSignal,
): Promise<EncoderScore> {
  const { x, context } = scored;
  const options = { ...engine, key, context, signal };
  const { rate, distortion, activity } = await encoderMeans(model, parameters, x, options);
  const { coding } = model;
  const errors = coding && (await reconstructionErrors({ ...model, coding }, parameters, x, options));
  return {
    rate: partMean(rate, scored),
    distortion: partMean(distortion, scored),
    activeUnits: activity.filter((v) => v > ACTIVE).length,
    units: activity.length,
    activity: [...activity],
    ...(errors && { reconstruction: partMean(errors, scored) }),
  };
}
