import type { Dataset } from "../../data/dataset.ts";
import { type Judgement, judge, type PartRows, partRows } from "../../evaluate/index.ts";
import type { System } from "../../systems/index.ts";
import type { DrawnRows } from "../draw-rows.ts";
import type { LookOptions } from "../study.ts";
import { rowSetOf } from "./row-set.ts";

/** Rows of each set: enough to see what matters, few enough for some seconds. */
export const mostJudged = 500;
const pairRows = 250;
/** Fewer rows, of data or of a model, prove nothing. */
export const leastJudged = 200;

/** Samples of models and what they are tested against; see {@link judgeSamples} and {@link judgeSolved}. */
interface JudgeRequest extends LookOptions {
  /** Samples of each model, by its name. */
  readonly drawn: readonly (DrawnRows & { readonly name: string })[];
  /** The seed of permutations and of the choice of rows. */
  readonly seed: number;
  /** Hears what a reader should know of the rows. */
  readonly note?: ((line: string) => void) | undefined;
}

/** See {@link judgeSamples}. */
export interface JudgeSamplesRequest extends JudgeRequest {
  /** The data that the models were fitted to. */
  readonly dataset: Dataset;
  /** The system of the rows, if known; its observables are tested. */
  readonly system?: System | undefined;
  /** Name of the scored rows. */
  readonly rows: string;
  /** The rows that samples are tested against. */
  readonly scored: PartRows;
}

/** See {@link judgeSolved}. */
export interface JudgeSolvedRequest extends JudgeRequest {
  /** The system that the models were solved for. */
  readonly target: System;
  /** Rows of the system's own simulation. */
  readonly simulated: PartRows;
}

/** Whether scored rows are enough for two-sample tests of samples: 200 rows or more, without contexts, and no sequences. */
export const canJudge = ({ space, context }: Dataset, { x }: PartRows): boolean =>
  !context && (x.shape[0] as number) >= leastJudged && space.kind !== "sequence";

/**
 * The quicker two-sample tests of samples of models against rows that are scored: at most 500 rows of each, no network. Copies are
 * looked for among the training rows if the scored ones are held out.
 */
export function judgeSamples(request: JudgeSamplesRequest): Promise<Judgement> {
  const { dataset, system, rows, scored } = request;
  const { space, encoding, splits } = dataset;
  const isHeldOut =
    splits.test.length === (scored.x.shape[0] as number) && splits.train.length >= leastJudged;
  const train = isHeldOut ? rowSetOf("training rows", partRows(dataset, "train")) : undefined;
  const real = rowSetOf(rows, scored, request.note);
  return judge(
    { space, encoding, system, train, real, candidates: candidatesOf(request) },
    quickOptions(request),
  );
}

/**
 * Runs the same tests on samples of models that were solved for a system, not reweighted, against rows of its
 * own simulation.
 */
export function judgeSolved(request: JudgeSolvedRequest): Promise<Judgement> {
  const { target: system, simulated, note } = request;
  const real = rowSetOf("rows of the system's own simulation", simulated, note);
  return judge(
    { space: system.space, system, real, candidates: candidatesOf(request) },
    quickOptions(request),
  );
}

const candidatesOf = ({ drawn, note }: JudgeRequest) =>
  drawn.map(({ name, ...own }) => rowSetOf(name, own, note));

const quickOptions = ({ seed, signal, onProgress }: JudgeRequest) => ({
  ...{ seed, rows: mostJudged, pairRows, permutations: 199, network: false, signal },
  onProgress: (done: number, total: number) => onProgress?.("two-sample tests", done, total),
});
