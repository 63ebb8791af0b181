import { concatArrays, type NDArray, ndarray } from "../../../array.ts";
import { stopIfAborted, usageError } from "../../../error.ts";
import { keyOf, type SeedOrKey } from "../../../random/seed.ts";
import type { EngineOptions } from "../../../runtime/engine.ts";
import { logMeanExp, mean } from "../../../stats/index.ts";
import type { Parameters } from "../../contract.ts";
import { bothWays, leastPoints, pilotPoints } from "./both-ways.ts";
import type { LatentModel } from "./latent-model.ts";
import { type LatentAnnealing, LatentProgram } from "./program.ts";
import { type Lanes, repeated } from "./rows.ts";

/** Chains in one run of a graph, over all rows. */
const LANES = 1024;

/** See {@link annealPosterior}. */
export interface PosteriorOptions extends EngineOptions, SeedOrKey {
  /** Chains of each row and side (default 8). */
  readonly chains?: number | undefined;
  /** Points of the path from the prior to the posterior (default 500). */
  readonly temperatures?: number | undefined;
  /** Leapfrog steps at each point (default 5). */
  readonly leaps?: number | undefined;
  /** `[rows, size]`: z that was drawn together with each row, an exact draw of its posterior. The way back then starts there. */
  readonly exact?: NDArray<"f32"> | undefined;
  /** Is called with the work done and all of it. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Stops the work, which then throws AnsatzError (interrupted). */
  readonly signal?: AbortSignal | undefined;
}

/** One side of log P(x) of each row, nats. */
export interface RowSide {
  /** The estimate of each row. */
  readonly value: Float64Array;
  /** The effective sample size of the weights of each row, as a fraction of its chains. */
  readonly ess: Float64Array;
}

/** Annealed estimates of log P of rows. */
export interface AnnealedRows {
  /** From the prior to the posterior: at most log P(x) on average. */
  readonly lower: RowSide;
  /** From an exact draw of the posterior back to the prior: at least log P(x) on average. Only where such draws are given. */
  readonly upper?: RowSide;
  /** `[rows · chains, size]`: the ends of the chains of the forward path, grouped by row. */
  readonly z: NDArray<"f32">;
  /** log-weight of each of them, nats. */
  readonly logWeights: Float64Array;
  /** Mean probability of a move to be accepted. */
  readonly acceptance: number;
  /** Chains of each row and side. */
  readonly chains: number;
  /** Points of the path. */
  readonly temperatures: number;
  /** Leapfrog steps at each point. */
  readonly leaps: number;
}

/**
 * Bounds log P(x) = log ∫ P(z) P(x | z) dz of each row by annealed importance sampling of z along P(z) P(x |
 * z)^t with moves of hybrid Monte Carlo (Wu et al., arXiv:1611.04273). The logarithm of the mean weight of a
 * row's chains is at most log P(x) on average. If z was drawn together with x, chains from it back to the
 * prior give the other side (Grosse, Ghahramani & Adams, arXiv:1511.02543). Points of the path and steps of
 * the moves are found by pilot runs and then fixed.
 *
 * If a row has `known` sites, P is the probability of those alone. Throws AnsatzError (usage) for options out
 * of range.
 */
export async function annealPosterior<P extends Parameters>(
  model: LatentModel<P>,
  parameters: P,
  rows: Lanes,
  options: PosteriorOptions = {},
): Promise<AnnealedRows> {
  const { chains = 8, temperatures = 500, leaps = 5, exact, threads, onProgress, signal } = options;
  for (const [name, value, least] of [
    ["chains", chains, 1],
    ["temperatures", temperatures, leastPoints],
    ["leaps", leaps, 1],
  ] as const)
    if (!Number.isInteger(value) || value < least)
      throw usageError(
        `annealing of latent variables: ${name} is a whole number of at least ${least}, not ${value}`,
      );
  const masked = rows.known !== undefined;
  if (masked && !model.latent.siteLogLikelihood)
    throw usageError(`a ${model.family} does not say the likelihood of single sites`);
  const key = keyOf(options);
  const program = await LatentProgram.compile(model, parameters, {
    ...{ leaps, masked },
    ...(threads !== undefined && { threads }),
  });
  const block = Math.max(1, Math.floor(LANES / chains));
  const sides = exact ? 2 : 1;
  const pilots = pilotPoints(temperatures);
  // The way back has one step more.
  const perRow = pilots[0] + pilots[1] + sides * temperatures + sides - 1;
  const parts: { up: LatentAnnealing; down?: LatentAnnealing }[] = [];
  try {
    for (let start = 0; start < rows.count; start += block) {
      const end = Math.min(rows.count, start + block);
      const lanes = repeated(rows, start, end, chains);
      const exactly = exact && repeated({ count: 0, x: exact }, start, end, chains).x;
      const every = (before: number) => (done: number) => {
        stopIfAborted(signal, "the annealing was interrupted");
        onProgress?.(start * perRow + (end - start) * (before + done), rows.count * perRow);
      };
      const work = { program, lanes, chains, every, key: key.fold(start) };
      parts.push(await bothWays(work, temperatures, exactly as NDArray<"f32"> | undefined));
    }
  } finally {
    await program.release();
  }
  const logWeights = concatArrays(
    Float64Array,
    parts.map(({ up }) => up.logWeights),
  );
  const back = exact && parts.map(({ down }) => (down as LatentAnnealing).logWeights);
  return {
    lower: sideOf(logWeights, chains, 1),
    ...(back && { upper: sideOf(concatArrays(Float64Array, back), chains, -1) }),
    z: ndarray(
      "f32",
      [rows.count * chains, program.size],
      concatArrays(
        Float32Array,
        parts.map(({ up }) => up.x.data),
      ),
    ),
    logWeights,
    acceptance: mean(parts.flatMap(({ up, down }) => [up.acceptance, ...(down ? [down.acceptance] : [])])),
    ...{ chains, temperatures, leaps },
  };
}

/** The chains of each row as one estimate, for weights with the mean P(x) (sign 1) or 1/P(x) (sign −1). */
function sideOf(logWeights: Float64Array, chains: number, sign: 1 | -1): RowSide {
  const rows = logWeights.length / chains;
  const [value, ess] = [new Float64Array(rows), new Float64Array(rows)];
  for (let row = 0; row < rows; row++) {
    const own = logMeanExp(logWeights.subarray(row * chains, (row + 1) * chains));
    value[row] = sign * own.value;
    ess[row] = own.effectiveSampleSize;
  }
  return { value, ess };
}
