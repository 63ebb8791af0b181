import { randomBytes } from "node:crypto";
import { readdir, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** Milliseconds without a change after which nobody is still writing what is to become a file. */
const patience = 3_600_000;

/**
 * Returns a fresh name next to `path`, for what is made there and then renamed: `.rows.npz.0123456789ab.tmp`.
 */
export function besideOf(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}.tmp`);
}

/**
 * Returns the files next to `path` with a name of {@link besideOf}: being made, or left by a process that was
 * killed.
 */
export async function unfinishedBeside(path: string): Promise<string[]> {
  const folder = dirname(path);
  const start = `.${basename(path)}.`;
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => name.startsWith(start) && /^[0-9a-f]{12}\.tmp$/.test(name.slice(start.length)))
    .map((name) => join(folder, name));
}

/** Whether nobody has changed a file or folder for an hour. */
export async function isAbandoned(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > patience;
}

/** Removes what killed processes left next to `path`, as far as possible. */
export async function sweepBeside(path: string): Promise<void> {
  for (const unfinished of await unfinishedBeside(path))
    if (await isAbandoned(unfinished))
      await rm(unfinished, { recursive: true, force: true }).catch(() => undefined);
}
