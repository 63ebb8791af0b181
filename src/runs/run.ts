import { randomBytes } from "node:crypto";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { inputError, usageError } from "../error.ts";
import { codeOf, placed, readBytes, type WriteOptions, writeFileAtomic } from "../files/index.ts";
import type { Model, Parameters } from "../models/contract.ts";
import { type FittedExact, fitted } from "../models/fitted.ts";
import { createModel } from "../models/registry.ts";
import type { EngineOptions } from "../runtime/engine.ts";
import { runFile, runFiles } from "./layout.ts";
import { readParameters, writeParameters } from "./parameters.ts";
import { formatRecord, parseRecord, type RunRecord, type RunResult } from "./record.ts";

/** A run folder: one fit, with all that is needed to use it, to go on with it and to repeat it. */
export class Run {
  /** As the user named it. */
  readonly folder: string;
  #record: RunRecord;

  constructor(folder: string, record: RunRecord) {
    this.folder = folder;
    this.#record = record;
  }

  get record(): RunRecord {
    return this.#record;
  }

  /** The model that was fitted, by its recorded family and hyperparameters. */
  model(): Model {
    const { family, space, contextSize, hyperparameters } = this.#record;
    try {
      return createModel(family, { space, contextSize }, hyperparameters);
    } catch (error) {
      throw inputError(`${runFile(this.folder, "record")}: ${(error as Error).message}`, error);
    }
  }

  /** The fitted parameters; throws an input error when the fit has not ended or the file is damaged. */
  async parameters(model: Model): Promise<Parameters> {
    const path = runFile(this.folder, "parameters");
    if (this.#record.result === undefined && !(await exists(path)))
      throw inputError(
        `${this.folder}: its fit has not ended; go on with: ansatz fit --resume --out ${this.folder}`,
      );
    return readParameters(await readBytes(path), model, path);
  }

  /** Bytes of the checkpoint, or undefined where none was saved. */
  async checkpoint(): Promise<Uint8Array | undefined> {
    const path = runFile(this.folder, "checkpoint");
    return (await exists(path)) ? readBytes(path) : undefined;
  }

  /** Replaces the checkpoint, atomically. */
  async saveCheckpoint(bytes: Uint8Array): Promise<void> {
    const path = runFile(this.folder, "checkpoint");
    await mkdir(dirname(path), { recursive: true });
    await writeFileAtomic(path, bytes, { force: true });
  }

  /** Records the end of the fit: parameters first, then the result, whose presence says that they are there. */
  async finish(parameters: Parameters, result: RunResult): Promise<void> {
    const bytes = writeParameters(parameters, this.#record.family);
    await writeFileAtomic(runFile(this.folder, "parameters"), bytes, { force: true });
    await this.update({ result });
  }

  /** Replaces fields of the record. */
  async update(changes: Partial<RunRecord>): Promise<void> {
    this.#record = { ...this.#record, ...changes };
    await writeFileAtomic(runFile(this.folder, "record"), formatRecord(this.#record), { force: true });
  }
}

/** Throws an input error when `folder` exists and may not be replaced: ask before the work. */
export async function checkRunFolder(folder: string, { force }: WriteOptions = {}): Promise<void> {
  const found = await entries(folder);
  if (found === undefined || found.length === 0) return;
  if (!force) throw inputError(`${folder} exists; use --force to replace it or --resume to go on`);
  // Never delete what may be somebody's home because of a mistyped name.
  if (!found.includes(runFiles.record))
    throw inputError(`${folder} exists and is not a run folder; remove it yourself or give another --out`);
}

/**
 * Makes a run folder with its record, whole or not at all; a run that was there is removed by force. Throws an
 * input error as {@link checkRunFolder}.
 */
export async function createRun(folder: string, record: RunRecord, options: WriteOptions = {}): Promise<Run> {
  await checkRunFolder(folder, options);
  const target = resolve(folder);
  const beside = (what: string) =>
    join(dirname(target), `.${basename(target)}.${randomBytes(6).toString("hex")}.${what}`);
  const fresh = beside("tmp");
  const old = beside("old");
  try {
    await mkdir(dirname(target), { recursive: true });
    await mkdir(fresh);
    try {
      await writeFileAtomic(runFile(fresh, "record"), formatRecord(record));
      if (await exists(target)) await rename(target, old);
      await rename(fresh, target);
    } catch (error) {
      await rm(fresh, { recursive: true, force: true });
      throw error;
    }
    await rm(old, { recursive: true, force: true });
  } catch (error) {
    throw placed(error, folder);
  }
  return new Run(folder, record);
}

/** Opens a run folder; throws an input error that says what is wrong with one that cannot be read. */
export async function openRun(folder: string): Promise<Run> {
  const found = await entries(folder);
  if (found === undefined) throw inputError(`${folder}: no such run folder`);
  const path = runFile(folder, "record");
  if (!found.includes(runFiles.record))
    throw inputError(`${folder}: is not a run folder (it has no ${runFiles.record})`);
  const text = new TextDecoder().decode(await readBytes(path));
  return new Run(folder, parseRecord(text, path));
}

/** Whether `folder` is a run. */
export function isRun(folder: string): Promise<boolean> {
  return exists(runFile(folder, "record"));
}

async function entries(folder: string): Promise<string[] | undefined> {
  if (folder === "") throw usageError("the name of a run folder is empty");
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    if (codeOf(error) === "ENOTDIR") throw inputError(`${folder}: is a file, not a run folder`);
    throw placed(error, folder);
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return false;
    throw placed(error, path);
  }
}

/**
 * The fitted model of a run folder, ready to score and sample. Throws input errors for a folder that is no run, whose fit
 * has not ended, or whose files are damaged, and a usage error for a model without an exact likelihood.
 */
export async function loadModel(folder: string, options: EngineOptions = {}): Promise<FittedExact> {
  const run = await openRun(folder);
  const model = run.model();
  if (model.kind !== "exact") throw usageError(`${folder}: a ${model.family} has no exact likelihood`);
  return fitted(model, await run.parameters(model), options);
}
