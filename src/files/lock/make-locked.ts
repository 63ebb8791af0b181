import { mkdir, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { codeOf } from "../atomic.ts";
import { besideOf, isAbandoned, unfinishedBeside } from "../leftovers.ts";
import { isOfDead, type Lock, type LockOptions, takeLock } from "./lock.ts";

/** See {@link makeLocked}. */
export interface MakeOptions extends LockOptions {
  /** The folder as the user knows it. */
  readonly name: string;
  /** The error to throw if the folder has come to exist in the meantime. */
  taken(): Error;
}

/**
 * Makes a folder that appears whole or not at all, locked, with what `fill` writes into it: next to its
 * place, then renamed, which fails if another has come first. The heartbeat of the lock has begun.
 */
export async function makeLocked(
  folder: string,
  fill: (fresh: string) => Promise<void>,
  { name, taken, ...options }: MakeOptions,
): Promise<Lock> {
  await mkdir(dirname(folder), { recursive: true });
  await sweepUnfinished(folder);
  const fresh = besideOf(folder);
  await mkdir(fresh);
  try {
    const lock = await takeLock(fresh, name, options);
    await fill(fresh);
    await rename(fresh, folder);
    return lock.keep(folder);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    throw ["ENOTEMPTY", "EEXIST"].includes(codeOf(error) ?? "") ? taken() : error;
  }
}

/** Removes folders that were never finished, because the process that made them was killed. */
async function sweepUnfinished(target: string): Promise<void> {
  for (const folder of await unfinishedBeside(target))
    if ((await isOfDead(folder)) || (await isAbandoned(folder)))
      await rm(folder, { recursive: true, force: true });
}
