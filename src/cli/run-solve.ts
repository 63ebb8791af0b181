import { AnsatzError } from "../error.ts";
import type { ExactModel } from "../models/contract.ts";
import type { FittedExact } from "../models/fitted.ts";
import { LogWriter, type ResultOf, type Run, readSolveLog, type SolveRecord } from "../runs/index.ts";
import type { System } from "../systems/index.ts";
import { type SolveEvent, type SolveSettings, solve as solveModel } from "../train/index.ts";
import { estimateText } from "./numbers.ts";
import { clock, type Progress, short } from "./progress.ts";
import type { Session } from "./session.ts";

/** See {@link runSolve}. */
export interface SolveJob {
  readonly model: ExactModel;
  readonly target: System;
  /** The system that annealing begins at, where it is another. */
  readonly start?: System | undefined;
  readonly settings: SolveSettings;
  /** Bytes of a checkpoint to go on from. */
  readonly resume?: Uint8Array | undefined;
  /** Makes or opens the run folder, once the solve has found nothing wrong with what it was given. */
  open(start: Extract<SolveEvent, { type: "start" }>): Promise<Run<SolveRecord>>;
  readonly session: Session;
}

/** A solve that has ended. */
export interface SolveOutcome {
  readonly run: Run<SolveRecord>;
  readonly fitted: FittedExact;
}

/**
 * Solves for a target into a run folder, with live progress: every event goes to the log, checkpoints and at last the
 * parameters to their files. Ctrl-C keeps a checkpoint and throws AnsatzError (interrupted); a run that fails before a
 * checkpoint has learned anything is taken away.
 */
export async function runSolve(job: SolveJob): Promise<SolveOutcome> {
  const { model, target, start, settings, session } = job;
  let run: Run<SolveRecord> | undefined;
  let log: LogWriter<SolveEvent> | undefined;
  const progress = session.progress(`solve ${target.name}`);
  let hasLearned = job.resume !== undefined;
  let isDead = false;
  const events = solveModel(model, target, settings, {
    signal: session.signal,
    start,
    ...(job.resume && { resume: job.resume }),
    saveCheckpoint: async (bytes, { step }) => {
      await run?.saveCheckpoint(bytes);
      hasLearned ||= step > 0;
    },
  });
  const show = narrator(progress, settings);
  try {
    for (;;) {
      const next = await events.next();
      if (next.done === true) {
        if (!run) throw new AnsatzError("failure", "the solve ended before it began");
        await run.finish(next.value.parameters, await endOf(run.folder));
        return { run, fitted: next.value };
      }
      const event = next.value;
      if (event.type === "start") {
        run = await job.open(event);
        log = new LogWriter(run.folder, readSolveLog, () => run?.checkLock());
        session.note(introduction(job, event));
      }
      await log?.write(event);
      show(event);
    }
  } catch (error) {
    progress.end();
    isDead = !hasLearned && error instanceof AnsatzError && error.code === "failure";
    throw run ? withAdvice(error, run.folder) : error;
  } finally {
    progress.end();
    await log?.close();
    await (isDead ? run?.discard() : run?.unlock());
  }
}

/** The end of a solve, as its log tells it. */
async function endOf(folder: string): Promise<ResultOf<SolveRecord>> {
  const done = (await readSolveLog(folder)).findLast((event) => event.type === "done");
  if (!done) throw new AnsatzError("failure", `${folder}: its log does not say how the solve ended`);
  const { type: _, ...result } = done;
  return result;
}

function introduction({ model, target, settings }: SolveJob, start: { parameters: number; step: number }) {
  const threads = settings.threads === 1 ? "1 thread" : `${settings.threads} threads`;
  const from = start.step > 0 ? `; going on from step ${start.step}` : "";
  return (
    `solving ${target.name} with ${model.family} (${short(start.parameters)} parameters): ${settings.steps} steps of ` +
    `${settings.batch} configurations, ${threads}${from}`
  );
}

/** Shows events as progress. */
function narrator(progress: Progress, { steps }: SolveSettings): (event: SolveEvent) => void {
  let left = "";
  return (event) => {
    if (event.type === "progress") left = `${clock(event.secondsLeft)} left`;
    if (event.type !== "progress" && event.type !== "estimate") return;
    progress.update({
      fraction: event.step / steps,
      details: [
        `step ${event.step}/${steps}`,
        ...(left ? [left] : []),
        `log Z ≥ ${estimateText(event.bound)}`,
        `ESS ${event.ess.toFixed(2)}`,
      ],
    });
  };
}

function withAdvice(error: unknown, folder: string): unknown {
  if (!(error instanceof AnsatzError) || error.code !== "interrupted") return error;
  const how = `go on with: ansatz solve --resume --out ${folder}`;
  return new AnsatzError("interrupted", `${error.message}; the checkpoint is kept, ${how}`, { cause: error });
}
