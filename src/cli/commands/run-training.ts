import { AnsatzError } from "../../error.ts";
import type { Parameters } from "../../models/contract.ts";
import { commandOf, LogWriter, type ResultOf, type Run, type RunRecord, readLog } from "../../runs/index.ts";
import {
  type CourseEvents,
  type EventOf,
  eventsByCourse,
  type TrainEvent,
  type TrainHooks,
  type Training,
} from "../../train/index.ts";
import { narrator } from "../terminal/narrator.ts";
import type { Session } from "../terminal/session.ts";

/** A course that has ended. */
export type EndedCourse = CourseEvents & { readonly done: EventOf<"done"> };

/** A training to be run into a folder. */
export interface TrainingJob<R extends RunRecord, F> {
  /** What progress is called: `fit made`. */
  readonly label: string;
  /** Number of sites of a row. */
  readonly sites: number;
  train(hooks: TrainHooks): Training<F>;
  /** Bytes of a checkpoint to go on from. */
  readonly resume?: Uint8Array | undefined;
  /** Makes or opens the run folder, once training has found nothing wrong with what it was given. */
  open(start: EventOf<"start">): Promise<Run<R>>;
  /** Names of the courses of the training, if there are several. */
  readonly courses?: readonly string[] | undefined;
  /** Text shown when a course begins. */
  introduction(start: EventOf<"start">): string;
  /** The end of the training, for the record of its run. */
  result(courses: readonly EndedCourse[]): ResultOf<R>;
  readonly picture?: TrainHooks["picture"];
  readonly session: Session;
}

/** A training that has ended. */
export interface TrainingOutcome<R extends RunRecord, F> {
  readonly run: Run<R>;
  readonly fitted: F;
  /** All events of the run, those before a resume too. */
  readonly events: readonly TrainEvent[];
}

/**
 * Trains into a run folder, with live progress: every event goes to the log, checkpoints and at last the parameters to their
 * files. Ctrl-C keeps a checkpoint and throws AnsatzError (interrupted); a run that fails before a checkpoint has learned
 * anything is taken away.
 */
export async function runTraining<R extends RunRecord, F extends { readonly parameters: Parameters }>(
  job: TrainingJob<R, F>,
): Promise<TrainingOutcome<R, F>> {
  const { session, resume, picture } = job;
  let run: Run<R> | undefined;
  let log: LogWriter | undefined;
  const progress = session.progress(job.label);
  const show = narrator(progress, job.sites, job.courses);
  let hasLearned = resume !== undefined;
  let isDead = false;
  const training = job.train({
    signal: session.signal,
    ...(resume && { resume }),
    ...(picture && { picture }),
    saveCheckpoint: async (bytes, { step }) => {
      await run?.saveCheckpoint(bytes);
      hasLearned ||= step > 0;
    },
  });
  try {
    for await (const event of training) {
      if (event.type === "start" && !run) {
        run = await job.open(event);
        log = new LogWriter(run.folder, () => run?.checkLock());
        session.note(job.introduction(event));
      } else if (event.type === "start") progress.line(job.introduction(event));
      if (event.type === "warning") progress.line(`warning: ${event.text}`);
      await log?.write(event);
      show(event);
    }
    const fitted = await training.result();
    if (!run) throw new AnsatzError("failure", "the training ended before it began");
    const events = await readLog(run.folder);
    const courses = eventsByCourse(events);
    const ended = courses.filter((course): course is EndedCourse => course.done !== undefined);
    if (ended.length === 0 || ended.length < courses.length)
      throw new AnsatzError("failure", `${run.folder}: its log does not say how the training ended`);
    await run.finish(fitted.parameters, job.result(ended));
    return { run, fitted, events };
  } catch (error) {
    progress.end();
    isDead = !hasLearned && error instanceof AnsatzError && error.code === "failure";
    throw run ? withAdvice(error, run) : error;
  } finally {
    progress.end();
    await log?.close();
    await (isDead ? run?.discard() : run?.unlock());
  }
}

function withAdvice(error: unknown, { folder, record }: Run): unknown {
  if (!(error instanceof AnsatzError) || error.code !== "interrupted") return error;
  const how = `continue with: ansatz ${commandOf(record)} --resume --out ${folder}`;
  return new AnsatzError("interrupted", `${error.message}; the checkpoint is kept; ${how}`, { cause: error });
}
