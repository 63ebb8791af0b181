import * as z from "zod";
import { usageError } from "../../error.ts";
import type { EnergyTraining } from "../contract.ts";

/** Terms of log Z up to which the gradient is exact unless another method is asked for: cheaper than chains. */
const EXACT_TERMS = 1 << 12;
/** Terms above which an exact gradient is refused: it would hold them all at once. */
const MOST_TERMS = 1 << 16;
/** Methods that compare data with chains, with gradients that can be centred. */
const CHAIN_METHODS: ReadonlySet<string> = new Set(["cd", "pcd", "tempering"]);

/** Hyperparameters of every family that is trained by its energy: how the gradient is estimated. */
export const trainingHyperparameters = {
  /** How the gradient is estimated, see `EnergyTraining`; `auto` is exact where that is cheap, else `pcd` (default `auto`). */
  method: z
    .enum(["auto", "exact", "cd", "pcd", "tempering", "pseudo-likelihood", "score-matching"])
    .default("auto")
    .describe(
      "estimate of the gradient: exact by enumeration, contrastive divergence (cd), persistent chains (pcd), " +
        "parallel tempering, pseudo-likelihood, score-matching; auto is exact where that is cheap, else pcd",
    ),
  /** Sweeps of each chain in a training step (the k of CD-k) (default 1). */
  sweeps: z.int().min(1).default(1).describe("sweeps of each chain in a training step (the k of CD-k)"),
  /** Persistent chains, of each temperature (default 100). */
  chains: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(100)
    .describe("number of persistent chains at each temperature"),
  /** Temperatures of method tempering (default 10). */
  temperatures: z.int().min(2).max(256).default(10).describe("temperatures of method tempering"),
  /** Train by the gradient of centred units, which mixes parameters and needs --optimiser sgd (default false). */
  centred: z
    .boolean()
    .default(false)
    .describe("train by the gradient of centred units, which mixes parameters and needs --optimiser sgd"),
};

/** {@link trainingHyperparameters}, defaults filled in. */
export type TrainingHyperparameters = z.output<z.ZodObject<typeof trainingHyperparameters>>;

/** What of a model decides how it may be trained. */
export interface Trainable {
  readonly family: string;
  /** Number of terms of log Z by the smaller side; undefined if no side can be enumerated. */
  readonly terms: number | undefined;
  readonly pseudoLikelihood: boolean;
  readonly scoreMatching: boolean;
}

/** How a model is trained; throws AnsatzError (usage) for a method that does not apply to it. */
export function energyTraining(h: TrainingHyperparameters, model: Trainable): EnergyTraining {
  const { terms = Number.POSITIVE_INFINITY, family } = model;
  const { sweeps, chains, temperatures, centred } = h;
  const auto = terms <= EXACT_TERMS && !centred ? "exact" : "pcd";
  const method = h.method === "auto" ? auto : h.method;
  if (centred && !CHAIN_METHODS.has(method))
    throw usageError(
      `${family}: a centred gradient is one of chains (cd, pcd, tempering), not of method=${method}`,
    );
  if (method === "exact" && terms > MOST_TERMS)
    throw usageError(
      `${family}: an exact gradient sums over ${Number.isFinite(terms) ? terms.toPrecision(3) : "infinitely many"} states, ` +
        `more than ${MOST_TERMS}; use method=pcd`,
    );
  if (method === "pseudo-likelihood" && !model.pseudoLikelihood)
    throw usageError(
      `${family}: pseudo-likelihood needs sites with finitely many states; use method=score-matching`,
    );
  if (method === "score-matching" && !model.scoreMatching)
    throw usageError(`${family}: score-matching needs real sites; use method=pseudo-likelihood`);
  return { method, sweeps, chains, temperatures, centred };
}
