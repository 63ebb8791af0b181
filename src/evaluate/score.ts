import type { Dataset } from "../data/dataset.ts";
import { type AnyFitted, byKind } from "../models/fitted/fitted.ts";
import { type BoundedScore, type BoundedScoreOptions, scoreBounded } from "./score-bounded.ts";
import { type EnergyScore, type EnergyScoreOptions, scoreEnergy } from "./score-energy.ts";
import { type ExactScore, type ExactScoreOptions, scoreExact } from "./score-exact.ts";
import { type ImplicitScore, type ImplicitScoreOptions, scoreImplicit } from "./score-implicit.ts";

/** The score of a dataset by a model, by the model's kind. */
export type Score = ExactScore | BoundedScore | EnergyScore | ImplicitScore;

/** The score of each kind. */
export interface ScoreOf {
  /** The score of a model that gives log P. */
  readonly exact: ExactScore;
  /** The score of a model that gives a lower bound of log P. */
  readonly bounded: BoundedScore;
  /** The score of a model that gives log P up to a constant; log Z is summed or bracketed. */
  readonly energy: EnergyScore;
  /** The score of a model that gives samples alone. */
  readonly implicit: ImplicitScore;
}

/** Options of {@link score}; options for other kinds of models are ignored. */
export type ScoreOptions = ExactScoreOptions &
  BoundedScoreOptions &
  EnergyScoreOptions &
  ImplicitScoreOptions;

/**
 * Scores rows of a dataset by a fitted model of any kind: calls `scoreExact`, `scoreBounded`, `scoreEnergy`
 * or `scoreImplicit`; see these for what they return and throw.
 */
export function score<F extends AnyFitted>(
  fitted: F,
  dataset: Dataset,
  options: ScoreOptions = {},
): Promise<ScoreOf[F["model"]["kind"]]> {
  return byKind<Promise<Score>>(fitted, {
    exact: (own) => scoreExact(own, dataset, options),
    bounded: (own) => scoreBounded(own, dataset, options),
    energy: (own) => scoreEnergy(own, dataset, options),
    implicit: (own) => scoreImplicit(own, dataset, options),
  }) as Promise<ScoreOf[F["model"]["kind"]]>;
}
