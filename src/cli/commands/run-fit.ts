import type { Dataset } from "../../data/dataset.ts";
import { sites } from "../../data/space.ts";
import type { CodePrior, Model } from "../../models/contract.ts";
import type { Fitted } from "../../models/index.ts";
import type { CourseResult, FitRecord, Run, RunResult } from "../../runs/index.ts";
import { densityPictures } from "../../study/density-pictures.ts";
import { samplePictures } from "../../study/sample-pictures.ts";
import {
  type EventOf,
  eventsByCourse,
  type FitSettings,
  fit,
  isRange,
  type Measure,
  type TrainEvent,
} from "../../train/index.ts";
import { short } from "../terminal/progress.ts";
import type { Session } from "../terminal/session.ts";
import { type EndedCourse, runTraining } from "./run-training.ts";

/** See {@link runFit}. */
export interface FitJob<M extends Model = Model> {
  readonly model: M;
  readonly dataset: Dataset;
  readonly settings: FitSettings;
  /** Bytes of a checkpoint to go on from. */
  readonly resume?: Uint8Array | undefined;
  /** Makes or opens the run folder, once the fit has found nothing wrong with what it was given. */
  open(start: EventOf<"start">): Promise<Run<FitRecord>>;
  readonly session: Session;
}

/** Validation of a fit at its best epoch: the watched measure, and a bracket of the NLL. */
export interface Validation {
  /** Name of the measure that the fit was watched by. */
  readonly name: string;
  readonly measure: Exclude<Measure, { readonly lower: unknown }>;
  /** The NLL from both sides, if the fit was watched by something else. */
  readonly nll?: Extract<Measure, { readonly lower: unknown }> | undefined;
}

/** A fit that has ended. */
export interface FitOutcome<M extends Model = Model> {
  readonly run: Run<FitRecord>;
  readonly fitted: Fitted<M>;
  readonly result: RunResult;
  readonly valid: Validation | undefined;
  /** That of the codes, of a model with a prior over them. */
  readonly priorValid?: Validation | undefined;
}

/** Fits a model into a run folder, with live progress; see `runTraining`. */
export async function runFit<M extends Model>(job: FitJob<M>): Promise<FitOutcome<M>> {
  const { model, dataset, settings, session, resume } = job;
  const { run, fitted, events } = await runTraining<FitRecord, Fitted<M>>({
    label: `fit ${model.family}`,
    sites: sites(model.space),
    train: (hooks) => fit(model, dataset, settings, hooks),
    ...{ resume, session },
    picture: densityPictures(model, dataset, settings.threads) ?? samplePictures(model, settings.threads),
    open: (start) => job.open(start),
    introduction: (start) => introduction(job, start),
    ...(model.prior && { courses: coursesOf(model, model.prior) }),
    result: ([first, second]) => ({
      ...resultOf(first as EndedCourse),
      ...(second && { prior: resultOf(second) }),
    }),
  });
  const result = run.record.result as RunResult;
  return { run, fitted, result, ...validationsOf(events, result) };
}

/** What the courses of a model with a prior over its codes are called. */
const coursesOf = ({ family }: Model, prior: CodePrior) => [
  `course 1 of 2, ${family}`,
  `course 2 of 2, ${prior.model.family} of its codes`,
];

/** How a course ended. */
function resultOf({ start: { round }, done }: EndedCourse): CourseResult {
  const { reason, step, best, bestStep, seconds } = done;
  return {
    ...{ reason, epoch: epochsOf(step, round), step },
    bestEpoch: bestStep === undefined ? best : epochsOf(bestStep, round),
    seconds,
  };
}

/** The validation of each course's best epoch. */
export function validationsOf(
  events: readonly TrainEvent[],
  result: RunResult,
): Pick<FitOutcome, "valid" | "priorValid"> {
  const [first, second] = eventsByCourse(events);
  return {
    valid: bestValid(first?.events ?? [], result),
    ...(second && result.prior && { priorValid: bestValid(second.events, result.prior) }),
  };
}

/** Converts steps to epochs of `round` steps, to two decimals. */
const epochsOf = (step: number, round: number): number => Number((step / round).toFixed(2));

/** The validation of the best epoch of a course, if its log has it. */
function bestValid(
  events: readonly TrainEvent[],
  { bestEpoch }: Pick<CourseResult, "bestEpoch">,
): Validation | undefined {
  const start = events.find((event) => event.type === "start");
  const best = events.findLast(
    (event) => event.type === "round" && epochsOf(event.step, start?.round ?? 1) === bestEpoch,
  );
  const name = start?.watched;
  if (name === undefined || best?.type !== "round") return undefined;
  const [measure, nll] = [best.measures[name], best.measures.NLL];
  if (!measure || isRange(measure)) return undefined;
  return { name, measure, ...(nll && isRange(nll) && { nll }) };
}

function introduction({ model, settings }: FitJob, start: EventOf<"start">): string {
  const { train = 0, valid = 0 } = start.rows ?? {};
  const threads = settings.threads === 1 ? "1 thread" : `${settings.threads} threads`;
  const from = start.step > 0 ? `; going on from step ${start.step}` : "";
  const { symmetries, course } = start;
  const prior = course === undefined || course === 0 ? undefined : model.prior;
  if (prior)
    return (
      `course 2 of 2: fitting ${prior.model.family} (${short(start.parameters)} parameters) to the codes of ${train} rows, ` +
      `validating on ${valid}${from}`
    );
  const taken = symmetries ? `; each row by a random symmetry (${symmetries.join(", ")})` : "";
  return (
    `fitting ${model.family} (${short(start.parameters)} parameters) to ${train} rows, ` +
    `${start.watched === undefined ? "no validation" : `validating on ${valid}`}, ${threads}${taken}${from}`
  );
}
