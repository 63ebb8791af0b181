import { randomBytes } from "node:crypto";
import { link, open, rename, stat, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { inputError } from "../error.ts";

/** Whether existing files may be replaced. */
export interface WriteOptions {
  readonly force?: boolean | undefined;
}

/**
 * Throws an input error when `path` exists and may not be replaced, or when its folder does not exist: ask
 * before the work whose result goes there.
 */
export async function checkWritable(path: string, { force }: WriteOptions = {}): Promise<void> {
  const found = await statOf(path);
  if (found && !force) throw exists(path);
  const folder = dirname(path);
  if (!found && !(await statOf(folder))?.isDirectory())
    throw inputError(`${path}: there is no folder ${folder}; make it first`);
}

/**
 * Writes a file so that it appears whole or not at all, even if the machine stops: into a temporary file beside
 * it, flushed to disk, then renamed. Throws an input error when `path` exists and `force` is not set, also when
 * it came to exist in the meantime; nothing is left behind on failure.
 */
export async function writeFileAtomic(
  path: string,
  content: Uint8Array | string,
  options: WriteOptions = {},
): Promise<void> {
  await checkWritable(path, options);
  if ((await statOf(path))?.isDirectory()) throw inputError(`${path} is a folder; a file cannot replace it`);
  const beside = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}.tmp`);
  try {
    const file = await open(beside, "wx");
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    if (options.force) await rename(beside, path);
    else await renameNew(beside, path);
  } catch (error) {
    await unlink(beside).catch(() => undefined); // it may not have been made
    throw placed(error, path);
  }
  await syncFolder(dirname(path));
}

/** Renames unless `path` exists: a link fails where a rename would replace. */
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
  ENOSPC: "no space left on the device",
  EDQUOT: "the disk quota is used up",
  EISDIR: "is a folder, not a file",
  ENAMETOOLONG: "the name is too long",
};

/** A file-system error as an input error that names `path`; any other error unchanged. */
export function placed(error: unknown, path: string): unknown {
  const code = codeOf(error);
  if (code === undefined || !/^E[A-Z]+$/.test(code)) return error;
  return inputError(`${path}: ${reasons[code] ?? (error as Error).message}`, error);
}
