import type { Dataset } from "../data/dataset.ts";
import { sites } from "../data/space.ts";
import { AnsatzError } from "../error.ts";
import type { ApproximateModel, ExactModel } from "../models/contract.ts";
import type { FittedExact } from "../models/fitted.ts";
import type { FittedApproximate } from "../models/fitted-approximate.ts";
import { trueMinus } from "../report/figures/format.ts";
import { type FitRecord, LogWriter, type Run, type RunResult, readLog } from "../runs/index.ts";
import { type Estimate, perSite, rangePerSite } from "../stats/index.ts";
import {
  type BracketedNll,
  type FitEvent,
  type FitSettings,
  fit as fitModel,
  type Quantity,
} from "../train/index.ts";
import { densitySnapshots } from "./density-snapshots.ts";
import { betweenText, estimateText } from "./numbers.ts";
import { clock, type Progress, short } from "./progress.ts";
import type { Session } from "./session.ts";

/** See {@link runFit}. */
export interface FitJob<M extends ExactModel | ApproximateModel = ExactModel | ApproximateModel> {
  readonly model: M;
  readonly dataset: Dataset;
  readonly settings: FitSettings;
  /** Bytes of a checkpoint to go on from. */
  readonly resume?: Uint8Array | undefined;
  /** Makes or opens the run folder, once the fit has found nothing wrong with what it was given. */
  open(start: Extract<FitEvent, { type: "start" }>): Promise<Run<FitRecord>>;
  readonly session: Session;
}

/** What a fit's monitor said of the validation rows, nats a row, and what that is. */
export interface Validation extends Estimate {
  readonly quantity: Quantity;
  /** The NLL from both sides, where the monitor is no likelihood. */
  readonly nll?: BracketedNll | undefined;
}

/** A fit that has ended. */
export interface FitOutcome<F = FittedExact | FittedApproximate> {
  readonly run: Run<FitRecord>;
  readonly fitted: F;
  readonly result: RunResult;
  /** The monitor of the validation rows at the best epoch. */
  readonly valid: Validation | undefined;
}

/** Fits a model with an exact likelihood into a run folder; see below. */
export function runFit(job: FitJob<ExactModel>): Promise<FitOutcome<FittedExact>>;
export function runFit(job: FitJob): Promise<FitOutcome>;
/**
 * Fits a model into a run folder, with live progress: every event goes to the log, checkpoints and at last the best
 * parameters to their files. Ctrl-C keeps a checkpoint and throws AnsatzError (interrupted); a run that fails before a
 * checkpoint has learned anything is taken away.
 */
export async function runFit(job: FitJob): Promise<FitOutcome> {
  const { model, dataset, settings, session } = job;
  let run: Run<FitRecord> | undefined;
  let log: LogWriter<FitEvent> | undefined;
  const progress = session.progress(`fit ${model.family}`);
  const snapshot =
    model.kind === "exact"
      ? densitySnapshots(model, dataset, settings.threads)
      : async (): Promise<undefined> => undefined;
  let density: FitEvent | undefined;
  let hasLearned = job.resume !== undefined;
  let isDead = false;
  const events = fitModel(model, dataset, settings, {
    afterEpoch: async (at, parameters) => {
      density = await snapshot(at, parameters);
    },
    signal: session.signal,
    ...(job.resume && { resume: job.resume }),
    saveCheckpoint: async (bytes, { step }) => {
      await run?.saveCheckpoint(bytes);
      hasLearned ||= step > 0;
    },
  });
  const show = narrator(progress, sites(model.space));
  try {
    for (;;) {
      const next = await events.next();
      if (next.done === true) {
        if (!run) throw new AnsatzError("failure", "the fit ended before it began");
        const result = await endOf(run.folder);
        const valid = await bestValid(run.folder, result);
        await run.finish(next.value.parameters, result);
        return { run, fitted: next.value, result, valid };
      }
      const event = next.value;
      if (event.type === "start") {
        run = await job.open(event);
        log = new LogWriter(run.folder, readLog, () => run?.checkLock());
        session.note(introduction(job, event));
      }
      await log?.write(event);
      if (event.type === "epoch" && density) await log?.write(density);
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

/** The end of a fit, as its log tells it. */
async function endOf(folder: string): Promise<RunResult> {
  const done = (await readLog(folder)).findLast((event) => event.type === "done");
  if (!done) throw new AnsatzError("failure", `${folder}: its log does not say how the fit ended`);
  const { type: _, ...result } = done;
  return result;
}

/** The validation of a fit's best epoch, where its log tells it. */
export async function bestValid(folder: string, { bestEpoch }: RunResult): Promise<Validation | undefined> {
  const events = await readLog(folder);
  const best = events.findLast((event) => event.type === "epoch" && event.epoch === bestEpoch);
  if (best?.type !== "epoch") return undefined;
  return { ...best.valid, quantity: quantitiesIn(events).valid, ...(best.nll && { nll: best.nll }) };
}

/** What the numbers of a fit's log are. */
export function quantitiesIn(events: readonly FitEvent[]): { train: Quantity; valid: Quantity } {
  const start = events.find((event) => event.type === "start");
  return (start?.type === "start" && start.quantities) || { train: "NLL", valid: "NLL" };
}

function introduction({ model, settings }: FitJob, start: Extract<FitEvent, { type: "start" }>): string {
  const { train, valid } = start.rows;
  const threads = settings.threads === 1 ? "1 thread" : `${settings.threads} threads`;
  const from = start.step > 0 ? `; going on from step ${start.step}` : "";
  return (
    `fitting ${model.family} (${short(start.parameters)} parameters) to ${train} rows, ` +
    `validating on ${valid}, ${threads}${from}`
  );
}

/** Shows events as progress; NLL is per site, as it is in reports. */
function narrator(progress: Progress, n: number): (event: FitEvent) => void {
  let [epochs, stepsPerEpoch] = [1, 1];
  let [valid, bracket] = ["", ""];
  let quantities: { train: string; valid: string } = { train: "loss", valid: "NLL" };
  return (event) => {
    if (event.type === "start") quantities = event.quantities ?? quantities;
    if (event.type === "start") [epochs, stepsPerEpoch] = [event.epochs, event.stepsPerEpoch];
    if (event.type === "epoch")
      valid = `valid ${quantities.valid}/site ${estimateText(perSite(event.valid, n))}`;
    if (event.type === "epoch" && event.nll)
      bracket = `NLL/site ${betweenText(rangePerSite(event.nll, n))} at epoch ${event.epoch}`;
    if (event.type !== "progress" && event.type !== "epoch") return;
    const current = event.type === "progress" ? event.epoch + 1 : event.epoch;
    const loss = (event.type === "progress" ? event.loss : event.train) / n;
    const speed =
      event.type === "progress"
        ? [`${short(event.rowsPerSecond)} rows/s`, `${clock(event.secondsLeft)} left`]
        : [];
    progress.update({
      fraction: event.step / (epochs * stepsPerEpoch),
      details: [
        `epoch ${current}/${epochs}`,
        ...speed,
        `${quantities.train}/site ${trueMinus(loss.toFixed(4))}`,
        ...[valid, bracket].filter(Boolean),
      ],
    });
  };
}

function withAdvice(error: unknown, folder: string): unknown {
  if (!(error instanceof AnsatzError) || error.code !== "interrupted") return error;
  const how = `go on with: ansatz fit --resume --out ${folder}`;
  return new AnsatzError("interrupted", `${error.message}; the checkpoint is kept, ${how}`, { cause: error });
}
