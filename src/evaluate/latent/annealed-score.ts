import { takeRows } from "../../array.ts";
import { modelRows } from "../../models/arrays.ts";
import type { FittedBounded } from "../../models/fitted/bounded.ts";
import { annealPosterior, drawJoint, type LatentModel } from "../../models/index.ts";
import type { Key } from "../../random/key.ts";
import { permutation } from "../../random/permutation.ts";
import { type Estimate, independentMean, mean } from "../../stats/index.ts";
import { partMean } from "../part-mean.ts";
import type { PartRows } from "../rows.ts";

/** Rows of data and samples of the model that are annealed. */
const ROWS = 200;
/** Points of the path. */
const TEMPERATURES = 500;
/** Width in nats of the bracket of own samples above which it is warned of. */
const WIDE = 1;

/** Annealed bound for random rows of data. */
export interface AnnealedData {
  /** An upper bound of the mean NLL of these rows, nats; one-sided, since z of data is unknown. */
  readonly nll: Estimate;
  /** Difference of that from the bound of the score on the same rows, paired; positive if lower. */
  readonly gain: Estimate;
  /** Number of rows. */
  readonly count: number;
  /** Effective sample size of the chains of a row as a fraction of them, the mean over rows. */
  readonly ess: number;
}

/** Annealed bounds, from both sides, for samples of the model itself. */
export interface AnnealedOwn {
  /** −log P of a sample is at least this on average, nats: an entropy of the model from below. */
  readonly lower: Estimate;
  /** −log P of a sample is at most this on average, nats. */
  readonly upper: Estimate;
  /** upper − lower, paired: what the annealing does not know of log P. Below 0 by chance alone. */
  readonly gap: Estimate;
  /** Number of samples. */
  readonly count: number;
}

/** Bounds by annealing of the latent variables, with errors; see `annealPosterior`. */
export interface AnnealedScore {
  /** Random rows of data, from one side. */
  readonly data: AnnealedData;
  /** Samples of the model, from both sides. */
  readonly own: AnnealedOwn;
  /** Chains of each row and side. */
  readonly chains: number;
  /** Points of the path from the prior to the posterior. */
  readonly temperatures: number;
  /** Leapfrog steps at each point. */
  readonly leaps: number;
  /** Mean probability of a move to be accepted. */
  readonly acceptance: number;
  /** Reasons not to rely on the numbers, one line each. */
  readonly warnings: readonly string[];
}

/** See {@link scoreAnnealed}. */
export interface AnnealedOptions {
  /** Points of the path (default 500). */
  readonly temperatures?: number | undefined;
  readonly key: Key;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Anneals the latent variables of 200 random rows, with their `bounds` by importance weights, and of 200
 * samples of the model, in the contexts of the rows if there are contexts. Data is bounded from one side, own
 * samples from both.
 */
export async function scoreAnnealed(
  { parameters, engine }: FittedBounded,
  model: LatentModel,
  rows: PartRows,
  bounds: Float64Array,
  { temperatures = TEMPERATURES, key, onProgress, signal }: AnnealedOptions,
): Promise<AnnealedScore> {
  const all = bounds.length;
  const chosen = permutation(key.fold(0), all).slice(0, ROWS).sort();
  const count = chosen.length;
  const context = rows.context && takeRows(rows.context, chosen);
  const given = context && { context };
  const of = (side: 0 | 1) => ({
    ...{ ...engine, temperatures, signal, key: key.fold(1 + side) },
    // Own samples go both ways.
    onProgress: (done: number, total: number) =>
      onProgress?.(side === 0 ? done / total : 1 + (2 * done) / total, 3),
  });
  const x = modelRows(model.space, takeRows(rows.x, chosen), 0, count);
  const data = await annealPosterior(model, parameters, { count, x, ...given }, of(0));
  const joint = await drawJoint(model, parameters, count, key.fold(3), { ...engine, ...given });
  const own = await annealPosterior(
    model,
    parameters,
    { count, x: joint.x, ...given },
    { ...of(1), exact: joint.z },
  );
  const some = (of: Int32Array | undefined) => of && Int32Array.from(chosen, (row) => of[row] as number);
  const [chain, parent] = [some(rows.chain), some(rows.parent)];
  const part = {
    ...(chain && { chain }),
    ...(parent && { parent }),
    ...(rows.spacing && { spacing: rows.spacing }),
  };
  const low = data.lower.value;
  const gain = low.map((l, i) => l - (bounds[chosen[i] as number] as number));
  const [below, above] = [own.lower.value, (own.upper as typeof own.lower).value];
  const gap = independentMean(above.map((v, i) => v - (below[i] as number)));
  return {
    data: {
      nll: negative(partMean(low, part)),
      gain: partMean(gain, part),
      ...{ count, ess: mean(data.lower.ess) },
    },
    own: {
      lower: negative(independentMean(above)),
      upper: negative(independentMean(below)),
      ...{ gap, count },
    },
    ...{ chains: data.chains, temperatures, leaps: data.leaps },
    acceptance: mean([data.acceptance, own.acceptance]),
    warnings: warningsOf(gap),
  };
}

const negative = ({ value, error }: Estimate): Estimate => ({ value: 0 - value, error });

function warningsOf({ value }: Estimate): string[] {
  if (!(value > WIDE)) return [];
  return [
    `log P of the model's own samples is known to ${value.toFixed(1)} nats only, and that of data no better; anneal in more steps (--anneal N)`,
  ];
}
