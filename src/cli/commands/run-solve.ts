import { sites } from "../../data/space.ts";
import type { ExactModel } from "../../models/contract.ts";
import type { FittedExact } from "../../models/fitted/exact.ts";
import type { Run, SolveRecord } from "../../runs/index.ts";
import type { System } from "../../systems/index.ts";
import { type EventOf, type SolveSettings, solve } from "../../train/index.ts";
import { short } from "../terminal/progress.ts";
import type { Session } from "../terminal/session.ts";
import { type EndedCourse, runTraining } from "./run-training.ts";

/** See {@link runSolve}. */
export interface SolveJob {
  readonly model: ExactModel;
  readonly target: System;
  /** The system that annealing begins at, if it is another. */
  readonly start?: System | undefined;
  readonly settings: SolveSettings;
  /** Bytes of a checkpoint to go on from. */
  readonly resume?: Uint8Array | undefined;
  /** Makes or opens the run folder, once the solve has found nothing wrong with what it was given. */
  open(start: EventOf<"start">): Promise<Run<SolveRecord>>;
  readonly session: Session;
}

/** A solve that has ended. */
export interface SolveOutcome {
  readonly run: Run<SolveRecord>;
  readonly fitted: FittedExact;
}

/** Solves for a target into a run folder, with live progress; see `runTraining`. */
export function runSolve(job: SolveJob): Promise<SolveOutcome> {
  const { model, target, start, settings, session, resume } = job;
  return runTraining<SolveRecord, FittedExact>({
    label: `solve ${target.name}`,
    sites: sites(target.space),
    train: (hooks) => solve(model, { target, start }, settings, hooks),
    ...{ resume, session },
    open: (event) => job.open(event),
    introduction: (event) => introduction(job, event),
    result: (courses) => {
      const { step, seconds } = (courses.at(-1) as EndedCourse).done;
      return { step, seconds };
    },
  });
}

function introduction({ model, target, settings }: SolveJob, start: EventOf<"start">): string {
  const threads = settings.threads === 1 ? "1 thread" : `${settings.threads} threads`;
  const from = start.step > 0 ? `; going on from step ${start.step}` : "";
  return (
    `solving ${target.name} with ${model.family} (${short(start.parameters)} parameters): ${settings.steps} steps of ` +
    `${settings.batch} configurations, ${threads}${from}`
  );
}
