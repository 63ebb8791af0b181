import { mkdir, realpath, rm, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type AnsatzError, inputError } from "../error.ts";
import { nearby, readBytes, writeFileAtomic } from "../files/index.ts";
import { type Lock, type LockOptions, takeLock } from "../files/lock/lock.ts";
import type { Model, Parameters } from "../models/contract.ts";
import { type AnyFitted, fitted } from "../models/fitted/fitted.ts";
import { createModel, recordedHyperparameters } from "../models/registry.ts";
import type { EngineOptions } from "../runtime/engine.ts";
import { entries, exists, sweep } from "./folder.ts";
import { runEntries, runFile, runFiles } from "./layout.ts";
import { readParameters, writeParameters } from "./parameters.ts";
import {
  commandOf,
  type FitRecord,
  formatRecord,
  parseRecord,
  type ResultOf,
  type RunRecord,
  type SolveRecord,
} from "./record.ts";
import { checkModelSize } from "./size.ts";

/**
 * A run folder: one fit or solve, with all that is needed to use its model, to continue it and to repeat it.
 */
export class Run<R extends RunRecord = RunRecord> {
  /** As the user named it. */
  readonly folder: string;
  #record: R;
  #lock: Lock | undefined;

  /** Makes a run; `lock` is that of the folder, if this process holds it. */
  constructor(folder: string, record: R, lock?: Lock) {
    this.folder = folder;
    this.#record = record;
    this.#lock = lock;
  }

  /** What `model.json` holds: model, options, data, seed and, after the end, the result. */
  get record(): R {
    return this.#record;
  }

  /** The run of a fit; throws an input error for one made otherwise. */
  ofFit(): Run<FitRecord> {
    return this.#of("fit");
  }

  /** The run of a solve; throws an input error for one made otherwise. */
  ofSolve(): Run<SolveRecord> {
    return this.#of("solve");
  }

  #of<T extends RunRecord["task"]>(task: T): Run<Extract<RunRecord, { readonly task: T }>> {
    if (this.#record.task !== task) throw otherwise(this.folder, this.#record.task, task);
    return this as unknown as Run<Extract<RunRecord, { readonly task: T }>>;
  }

  /** The model that was trained, by its recorded family and hyperparameters. */
  model(): Model {
    const { family, space, context } = this.#record;
    try {
      const hyperparameters = recordedHyperparameters(family, this.#record.hyperparameters);
      checkModelSize(family, { space, context }, hyperparameters);
      return createModel(family, { space, context }, hyperparameters);
    } catch (error) {
      throw inputError(`${runFile(this.folder, "record")}: ${(error as Error).message}`, error);
    }
  }

  /** The fitted parameters; throws an input error when the fit has not ended or the file is damaged. */
  async parameters(model: Model): Promise<Parameters> {
    const path = runFile(this.folder, "parameters");
    if (this.#record.result === undefined && !(await exists(path)))
      throw inputError(
        `${this.folder}: its ${this.#record.task} has not ended; continue with: ansatz ${commandOf(this.#record)} --resume --out ${this.folder}`,
      );
    return readParameters(await readBytes(path), model, path);
  }

  /** The model with its fitted parameters, to be used as its kind allows. */
  async fitted(options: EngineOptions = {}): Promise<AnyFitted> {
    const model = this.model();
    return fitted(model, await this.parameters(model), options) as AnyFitted;
  }

  /** Returns the bytes of the checkpoint, or undefined if none was saved. */
  async checkpoint(): Promise<Uint8Array | undefined> {
    const path = runFile(this.folder, "checkpoint");
    return (await exists(path)) ? readBytes(path) : undefined;
  }

  /** Replaces the checkpoint, atomically. */
  saveCheckpoint(bytes: Uint8Array): Promise<void> {
    return this.#write("checkpoint", bytes);
  }

  /**
   * Records the end of training: parameters first, then the result; a result thus implies that the parameters
   * are there.
   */
  async finish(parameters: Parameters, result: ResultOf<R>): Promise<void> {
    const bytes = writeParameters(parameters, this.#record.family);
    await this.#write("parameters", bytes);
    await this.update({ result } as Partial<R>);
    await this.unlock();
  }

  /**
   * Keeps other processes from working on this run until {@link Run.unlock}, reads its record anew and removes what
   * writes that were cut short left behind. Throws an input error while another process works on it.
   */
  async lock(options: LockOptions = {}): Promise<void> {
    this.#lock = (await takeLock(this.folder, this.folder, options)).keep();
    try {
      await sweep(this.folder);
      this.#record = (await readRecord(this.folder)) as R;
    } catch (error) {
      await this.unlock();
      throw error;
    }
  }

  /**
   * Throws an input error if another process has taken this run over, as it may while this one is suspended. A run that
   * is not locked passes.
   */
  async checkLock(): Promise<void> {
    await this.#lock?.check();
  }

  /** Lets others work on this run again. */
  async unlock(): Promise<void> {
    await this.#lock?.release();
    this.#lock = undefined;
  }

  /**
   * Removes a useless run with its lock, and the folder if nothing else is in it; other files stay. A run
   * that another process has taken over stays.
   */
  async discard(): Promise<void> {
    const isLost = this.#lock !== undefined && !(await this.#lock.isOwn());
    if (isLost) return this.unlock();
    for (const path of [...runEntries, runFiles.record, ...(this.#lock ? [] : [runFiles.lock])])
      await rm(join(this.folder, path), { recursive: true, force: true });
    await this.unlock();
    const left = await entries(this.folder);
    if (left?.length === 0) await rmdir(await realpath(this.folder));
  }

  /** Replaces fields of the record. */
  async update(changes: Partial<R>): Promise<void> {
    this.#record = { ...this.#record, ...changes };
    await this.#write("record", formatRecord(this.#record));
  }

  async #write(file: "record" | "checkpoint" | "parameters", content: Uint8Array | string): Promise<void> {
    await this.checkLock();
    const path = runFile(this.folder, file);
    try {
      if (file === "checkpoint") await mkdir(dirname(path), { recursive: true });
      await writeFileAtomic(path, content, { force: true });
    } catch (error) {
      // Whoever took the run over in the middle of the write swept the unfinished file away.
      await this.checkLock();
      throw error;
    }
  }
}

const words = { fit: "a model fitted to data", solve: "a model solved for from an energy" } as const;

function otherwise(folder: string, is: RunRecord["task"], wanted: RunRecord["task"]): AnsatzError {
  return inputError(`${folder}: is the run of ${words[is]}, not of ${words[wanted]}`);
}

/** Opens a run folder; throws an input error that describes what is wrong with one that cannot be read. */
export async function openRun(folder: string): Promise<Run> {
  const found = await entries(folder);
  if (found === undefined) throw inputError(`${folder}: no such run folder${await nearby(folder)}`);
  if (!found.includes(runFiles.record))
    throw inputError(`${folder}: is not a run folder (it has no ${runFiles.record})`);
  return new Run(folder, await readRecord(folder));
}

async function readRecord(folder: string): Promise<RunRecord> {
  const path = runFile(folder, "record");
  return parseRecord(new TextDecoder().decode(await readBytes(path)), path);
}

/** Whether `folder` is a run. */
export function isRun(folder: string): Promise<boolean> {
  return exists(runFile(folder, "record"));
}

/**
 * Returns the fitted model of a run folder, ready to score and sample. Throws input errors for a folder that
 * is no run, that has a fit that has not ended, or has damaged files.
 */
export async function loadModel(folder: string, options: EngineOptions = {}): Promise<AnyFitted> {
  return (await openRun(folder)).fitted(options);
}
