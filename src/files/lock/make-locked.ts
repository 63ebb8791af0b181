import { randomBytes } from "node:crypto";
import { mkdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { codeOf } from "../atomic.ts";
import { type Lock, type LockOptions, takeLock } from "./lock.ts";

/** See {@link makeLocked}. */
export interface MakeOptions extends LockOptions {
  /** The folder as the user knows it. */
  readonly name: string;
  /** The error to throw if the folder has come to exist in the meantime. */
  taken(): Error;
}

/**
 * Makes a folder that appears whole or not at all, locked, with what `fill` writes into it: beside its place, then renamed,
 * which fails if another has come first. The heartbeat of the lock has begun.
 */
export async function makeLocked(
  folder: string,
  fill: (fresh: string) => Promise<void>,
  { name, taken, ...options }: MakeOptions,
): Promise<Lock> {
  const fresh = join(dirname(folder), `.${basename(folder)}.${randomBytes(6).toString("hex")}.tmp`);
  await mkdir(dirname(folder), { recursive: true });
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
