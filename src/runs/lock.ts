import { randomBytes } from "node:crypto";
import { readFile, rename, rm } from "node:fs/promises";
import { type AnsatzError, inputError } from "../error.ts";
import { codeOf, placed, writeFileAtomic } from "../files/index.ts";
import { runFile } from "./layout.ts";

/**
 * Marks a run folder as being worked on by this process, in a file that comes to exist with its content or not at all.
 * The mark of a process that is no more is taken over. Throws an input error while another process works on the folder;
 * `name` is the folder as the user knows it.
 */
export async function takeLock(folder: string, name = folder): Promise<void> {
  for (let attempt = 0; attempt < 5; attempt++) {
    await requireUnlocked(folder, name);
    await removeStale(folder, name);
    try {
      return await writeFileAtomic(runFile(folder, "lock"), `${process.pid}\n`);
    } catch (error) {
      // Somebody else was quicker; whoever it is, the next look tells.
      if ((await holder(folder)) === undefined) throw error;
    }
  }
  throw inputError(`${name}: other fits are about to begin there`);
}

/** Takes this process's mark away; where there is none nothing happens. */
export async function releaseLock(folder: string): Promise<void> {
  if ((await holder(folder)) === process.pid) await rm(runFile(folder, "lock"), { force: true });
}

/** Throws an input error while another process works on a run folder. */
export async function requireUnlocked(folder: string, name = folder): Promise<void> {
  const pid = await holder(folder);
  if (pid !== undefined && isAlive(pid)) throw busy(name, pid);
}

/** Takes away the mark of a process that is no more; it is moved first, so that nobody's fresh mark is lost. */
async function removeStale(folder: string, name: string): Promise<void> {
  if ((await holder(folder)) === undefined) return;
  const path = runFile(folder, "lock");
  const aside = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    await rename(path, aside);
    const pid = numberIn(await readFile(aside, "utf8"));
    if (isAlive(pid)) {
      await rename(aside, path);
      throw busy(name, pid);
    }
    await rm(aside, { force: true });
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw placed(error, path);
  }
}

/** The process that marked a folder; undefined where none did, NaN where the mark is unreadable. */
async function holder(folder: string): Promise<number | undefined> {
  const path = runFile(folder, "lock");
  try {
    return numberIn(await readFile(path, "utf8"));
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return undefined;
    throw placed(error, path);
  }
}

const numberIn = (text: string) => (/^\d{1,10}\n?$/.test(text) ? Number(text) : Number.NaN);

/** Whether another process has a number. A mark with our own was left by one that had it before us. */
function isAlive(pid: number): boolean {
  if (!(pid > 0) || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== "ESRCH";
  }
}

function busy(name: string, pid: number): AnsatzError {
  return inputError(
    `${name}: another fit (process ${pid}) is working on it; if that process is no fit, remove ${runFile(name, "lock")}`,
  );
}
