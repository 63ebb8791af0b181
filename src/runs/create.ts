import { realpath, rm } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { type AnsatzError, inputError } from "../error.ts";
import { placed, type WriteOptions, writeFileAtomic } from "../files/index.ts";
import { clearLock, type Lock, type LockOptions, takeLock } from "../files/lock/lock.ts";
import { makeLocked } from "../files/lock/make-locked.ts";
import { entries, sweep } from "./folder.ts";
import { runEntries, runFile, runFiles } from "./layout.ts";
import { formatRecord, type RunRecord } from "./record.ts";
import { Run } from "./run.ts";

/**
 * Throws an input error when `folder` exists and may not be replaced, or while another process works on it: ask before
 * the work. The lock of a dead process goes.
 */
export async function checkRunFolder(
  folder: string,
  { force, ...lock }: WriteOptions & LockOptions = {},
): Promise<void> {
  const found = await entries(folder);
  if (found === undefined || found.length === 0) return;
  if (!force) throw existing(folder);
  // Never delete what may be somebody's home because of a mistyped name.
  if (!found.includes(runFiles.record))
    throw inputError(`${folder} exists and is not a run folder; remove it yourself or give another --out`);
  await clearLock(folder, folder, lock);
}

/**
 * Makes a run folder with its record, locked until its training ends ({@link Run.unlock}). A new folder
 * appears whole or not at all. If a run is replaced by force, its own files are removed and other files in
 * the folder stay. Throws an input error as {@link checkRunFolder}, and if the data of a fit is among the
 * files that would be removed.
 */
export async function createRun<R extends RunRecord>(
  folder: string,
  record: R,
  options: WriteOptions & LockOptions = {},
): Promise<Run<R>> {
  await checkRunFolder(folder, options);
  let lock: Lock;
  try {
    // A folder that a link leads to is made or emptied where it is; the link stays.
    const target = await whereItIs(folder);
    if ((await entries(target))?.length) lock = await replace(target, record, folder, options);
    else
      lock = await makeLocked(
        target,
        (fresh) => writeFileAtomic(runFile(fresh, "record"), formatRecord(record)),
        { name: folder, taken: () => existing(folder), ...options },
      );
  } catch (error) {
    throw placed(error, folder);
  }
  return new Run(folder, record, lock);
}

/** The old record goes last: until then the folder is a run, which can be replaced again. */
async function replace(
  target: string,
  record: RunRecord,
  folder: string,
  options: LockOptions,
): Promise<Lock> {
  const gone = runEntries.map((name) => join(target, name));
  for (const path of await dataPaths(record))
    if (gone.some((entry) => isWithin(path, entry)))
      throw inputError(`${path}: is among the files of ${folder} that --force removes; move it out first`);
  const lock = (await takeLock(target, folder, options)).keep();
  try {
    await sweep(target);
    for (const path of gone) await rm(path, { recursive: true, force: true });
    await writeFileAtomic(runFile(target, "record"), formatRecord(record), { force: true });
    return lock;
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function dataPaths(record: RunRecord): Promise<string[]> {
  if (record.task !== "fit") return [];
  const { source, context } = record.data;
  const paths = [...Object.values(source), context].filter((path) => path !== undefined);
  return Promise.all(paths.map(whereItIs));
}

/** A path with its links followed, as far as it exists. */
async function whereItIs(path: string): Promise<string> {
  return realpath(path).catch(() => resolve(path));
}

function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === "" || !/^\.\.([/\\]|$)/.test(way);
}

function existing(folder: string): AnsatzError {
  return inputError(`${folder} exists; use --force to replace it or --resume to continue`);
}
