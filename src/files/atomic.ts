import type { Stats } from "node:fs";
import { type FileHandle, link, lstat, open, realpath, rename, stat, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { AnsatzError, inputError } from "../error.ts";
import { besideOf, sweepBeside } from "./leftovers.ts";

/** Whether existing files may be replaced. */
export interface WriteOptions {
  /** Whether an existing file is replaced (default false, which throws AnsatzError, input). */
  readonly force?: boolean | undefined;
}

/**
 * Throws an input error when `path` exists and may not be replaced, when it is no regular file (a folder, a
 * pipe, a device, a link to nothing), or when its folder does not exist. Call it before work with a result
 * that goes there.
 */
export async function checkWritable(path: string, { force }: WriteOptions = {}): Promise<void> {
  const found = await statOf(path);
  if (found && !force) throw exists(path);
  if (found?.isDirectory()) throw inputError(`${path} is a folder; a file cannot replace it`);
  if (found && !found.isFile()) throw inputError(`${path} is not a regular file; give another name`);
  if (!found && (await isLink(path)))
    throw inputError(`${path} is a link to a file that does not exist; remove it or give another name`);
  const folder = dirname(path);
  if (!found && !(await statOf(folder))?.isDirectory())
    throw inputError(`${path}: there is no folder ${folder}; make it first`);
}

/**
 * Writes a file so that it appears whole or not at all, even if the machine stops: into a temporary file next
 * to it, flushed to disk, then renamed. A replaced file keeps its permissions, and a link to it stays one.
 * Throws an input error as {@link checkWritable}, also when `path` came to exist in the meantime, and a
 * failure if the disk is full; nothing is left behind then.
 */
export async function writeFileAtomic(
  path: string,
  content: Uint8Array | string,
  options: WriteOptions = {},
): Promise<void> {
  await checkWritable(path, options);
  const replaced = await statOf(path);
  const target = replaced ? await realpath(path) : path;
  await sweepBeside(target);
  const beside = besideOf(target);
  try {
    const file = await open(beside, "wx");
    try {
      await file.writeFile(content);
      if (replaced) await takeAfter(file, replaced);
      await file.sync();
    } finally {
      await file.close();
    }
    if (options.force) await rename(beside, target);
    else await renameNew(beside, target);
  } catch (error) {
    await unlink(beside).catch(() => undefined); // it may not have been made
    throw placed(error, path);
  }
  await syncFolder(dirname(target));
}

/** Gives a file the owner, as far as this user may, and the permissions of another. */
async function takeAfter(file: FileHandle, { uid, gid, mode }: Stats): Promise<void> {
  const own = await file.stat();
  if (own.uid !== uid || own.gid !== gid) await file.chown(uid, gid).catch(() => undefined);
  if (own.mode !== mode) await file.chmod(mode & 0o777);
}

/** Renames unless `path` exists: a link fails in a case in which a rename would replace the file. */
async function renameNew(beside: string, path: string): Promise<void> {
  try {
    await link(beside, path);
  } catch (error) {
    if (codeOf(error) === "EEXIST") throw exists(path);
    await rename(beside, path); // file systems without links
    return;
  }
  await unlink(beside);
}

/** Makes the new name itself survive a crash; not every platform can open folders. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

async function statOf(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return undefined;
    throw placed(error, path);
  }
}

async function isLink(path: string): Promise<boolean> {
  return lstat(path).then(
    (found) => found.isSymbolicLink(),
    () => false,
  );
}

function exists(path: string): Error {
  return inputError(`${path} exists; use --force to replace it`);
}

/** The `code` of a file-system error: `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}

const reasons: Record<string, string> = {
  ENOENT: "no such file",
  ENOTDIR: "a part of its path is not a folder",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  EISDIR: "is a folder, not a file",
  ENAMETOOLONG: "the name is too long",
  ELOOP: "its links lead in a circle",
};

/** Reasons that lie in the machine, not in what the user gave. */
const failures: Record<string, string> = {
  ENOSPC: "no space left on the device",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the file is larger than the system allows (ulimit -f)",
  EMFILE: "this process has as many files open as it may (ulimit -n); allow more",
  ENFILE: "the system has as many files open as it can",
  ENOMEM: "no memory left",
  EIO: "the device does not work",
};

/**
 * Returns a file-system error that names `path`: an input error, or a failure if the machine has run out of
 * something; any other error unchanged.
 */
export function placed(error: unknown, path: string): unknown {
  const code = codeOf(error);
  if (code === "ERR_INVALID_ARG_VALUE") return inputError(`${path}: cannot be the name of a file`, error);
  if (code === undefined || !/^E[A-Z]+$/.test(code)) return error;
  const failure = failures[code];
  if (failure !== undefined) return new AnsatzError("failure", `${path}: ${failure}`, { cause: error });
  return inputError(`${path}: ${reasons[code] ?? (error as Error).message}`, error);
}
