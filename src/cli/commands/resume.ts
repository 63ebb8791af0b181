import type { Dataset } from "../../data/dataset.ts";
import { readSafetensors } from "../../data/formats/safetensors.ts";
import { inputError, usageError } from "../../error.ts";
import { loadDataset } from "../../files/index.ts";
import { createModel, recordedHyperparameters } from "../../models/registry.ts";
import {
  checkFitSize,
  environment,
  environmentChanges,
  type FitRecord,
  fingerprint,
  openRun,
  type Run,
  type RunRecord,
  readLog,
  runFile,
} from "../../runs/index.ts";
import { engine } from "../../runtime/index.ts";
import type { GivenSystem } from "../../systems/index.ts";
import { namedSymmetries } from "../../train/index.ts";
import { picturesOf, sourceOf } from "../options/data-options.ts";
import { checkFitOptions } from "../options/fit-options.ts";
import type { FitRequest } from "../options/fit-request.ts";
import { flagName } from "../options/option-flags.ts";
import { parseGivenSystem } from "../options/system-options.ts";
import type { Outcome, Session } from "../terminal/session.ts";
import { fitResult } from "./fit-result.ts";
import { ofSystem, optionsAsFitted, requireSystemOfRun } from "./run-data.ts";
import { runFit, validationsOf } from "./run-fit.ts";

/**
 * Continues the fit of a run folder with its own options; a finished fit is left unchanged. Throws when the
 * request contradicts the run, or when the data has changed.
 */
export async function resumeFit(out: string, request: FitRequest, session: Session): Promise<Outcome> {
  const run = (await openRun(out)).ofFit();
  requireSame(run, request);
  if (!run.record.result) await run.lock({ note: (line) => session.note(line) });
  try {
    return await goOn(run, request, session);
  } finally {
    await run.unlock();
  }
}

async function goOn(run: Run<FitRecord>, request: FitRequest, session: Session): Promise<Outcome> {
  const { folder, record } = run;
  const { result } = record;
  if (result) {
    session.note(`${folder} is done: its fit ended at epoch ${result.epoch}; nothing to resume`);
    return fitResult({ run, result, ...validationsOf(await readLog(folder), result) });
  }
  const { threads } = checkFitOptions({ ...record.training, ...request.options });
  const dataset = await runData(run, request);
  const model = run.model();
  const settings = { ...record.training, threads };
  const outcome = await runFit({ model, dataset, ...(await continued(run, settings, session)) });
  await outcome.fitted.release();
  return fitResult(outcome);
}

/**
 * What a run continues with: `settings` are its own except for the threads, and its checkpoint is checked.
 * The record stores changes of the environment once training continues.
 */
export async function continued<R extends RunRecord>(run: Run<R>, settings: R["training"], session: Session) {
  const { folder, record } = run;
  const now = environment(engine.version, settings.threads);
  const changes = environmentChanges(record, now);
  if (changes.length > 0)
    session.note(
      `warning: the result may differ in its last bits from a ${record.task} that was never stopped: ${changes.join("; ")}`,
    );
  const resume = await run.checkpoint();
  if (resume) readSafetensors(resume, runFile(folder, "checkpoint")); // a damaged one is named before the work
  return {
    ...{ settings, session, resume },
    open: async () => {
      if (changes.length > 0) await run.update({ ...now, training: settings } as Partial<R>);
      return run;
    },
  };
}

/** Throws a usage error if a request names another family, hyperparameter or option than the run has. */
function requireSame(run: Run<FitRecord>, request: FitRequest): void {
  const { family, hyperparameters, options, data } = request;
  requireSameModel(run, family, hyperparameters);
  requireSameSystem(run, givenIn(request));
  if (options.schedule !== undefined) requireSameOptions(run, ["schedule"], options);
  const checked = checkFitOptions({ ...run.record.training, ...options });
  const settings = { ...checked, augment: namedSymmetries(checked) };
  // What `auto` takes was decided when the run was begun.
  const given = Object.keys(options).filter((key) => key !== "augment" || !checked.augment.includes("auto"));
  requireSameOptions(run, given, settings);
  for (const [key, value] of Object.entries(picturesOf(data)))
    if (String(value) !== String(run.record.data.pictures?.[key as "resize" | "colour"]))
      throw usageError(`${run.folder} was started with another --${key}, which a resumed fit keeps; ${anew}`);
}

function requireSameSystem(run: Run<FitRecord>, given: GivenSystem | undefined): void {
  if (!given) return;
  if (!run.record.data.system)
    throw usageError(`${run.folder} was started without a system, which a resumed fit keeps; ${anew}`);
  // Temperatures of contexts are those of the rows, which are compared once they are read.
  if (given.parameters.beta !== "context") requireSystemOfRun(run, given);
}

/** The system of the rows that a request names. */
function givenIn({ data: { system } }: FitRequest): GivenSystem | undefined {
  return system === undefined ? undefined : parseGivenSystem(system);
}

/** Advice if a request contradicts the run that it continues. */
export const anew = "leave it out, or start again with --force";

/** Throws a usage error where another family or hyperparameter is asked for than the run has. */
export function requireSameModel(
  { folder, record }: Run,
  family: string | undefined,
  hyperparameters: Readonly<Record<string, unknown>>,
): void {
  if (family !== undefined && family !== record.family)
    throw usageError(`${folder} is a run of ${record.family}, not of ${family}; ${anew}`);
  const { space, context: given } = record;
  const domain = { space, context: given };
  const wanted = recordedHyperparameters(record.family, { ...record.hyperparameters, ...hyperparameters });
  checkFitSize(record.family, domain, wanted);
  const asked = createModel(record.family, domain, wanted);
  for (const key of Object.keys(hyperparameters))
    if (JSON.stringify(asked.hyperparameters[key]) !== JSON.stringify(record.hyperparameters[key]))
      throw usageError(
        `${folder} was started with ${key} ${JSON.stringify(record.hyperparameters[key])}, which a resumed ${record.task} keeps; ${anew}`,
      );
}

/** Throws a usage error if one of the options `given` differs from the run's `settings`. */
export function requireSameOptions(
  { folder, record }: Run,
  given: readonly string[],
  settings: Readonly<Record<string, unknown>>,
): void {
  const before: Readonly<Record<string, unknown>> = record.training;
  for (const key of given) {
    if (key === "threads" || JSON.stringify(settings[key]) === JSON.stringify(before[key])) continue;
    const [flag, value] = [`--${flagName(key)}`, before[key]];
    const was = value === undefined ? `without ${flag}` : `with ${flag} ${JSON.stringify(value)}`;
    throw usageError(`${folder} was started ${was}, which a resumed ${record.task} keeps; ${anew}`);
  }
}

/** The data a run was fitted to, from its recorded place or from the place in the request. */
async function runData({ folder, record }: Run<FitRecord>, request: FitRequest): Promise<Dataset> {
  const source = sourceOf(request.data) ?? record.data.source;
  const context = request.data.context ?? record.data.context;
  const { text } = request.data;
  const dataset = await loadDataset(source, optionsAsFitted(record, source, { context, text }));
  const { rows, splits } = fingerprint(dataset);
  const was = record.data.fingerprint;
  if (rows !== was.rows || splits !== was.splits)
    throw inputError(
      `${dataset.name}: is not the data that ${folder} was started with; give that file, or start again with --force`,
    );
  return ofSystem(dataset, record.data.system, givenIn(request));
}
