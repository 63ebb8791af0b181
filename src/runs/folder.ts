import { readdir, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { inputError, usageError } from "../error.ts";
import { codeOf, placed } from "../files/index.ts";
import { runFile, runFiles } from "./layout.ts";

/** Returns the names in a folder, or undefined if it does not exist; throws an input error for a file. */
export async function entries(folder: string): Promise<string[] | undefined> {
  if (folder === "") throw usageError("the name of a run folder is empty");
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    if (codeOf(error) === "ENOTDIR") throw inputError(`${folder}: is a file, not a run folder`);
    throw placed(error, folder);
  }
}

/** Whether a file or folder is there. */
export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return false;
    throw placed(error, path);
  }
}

/** Removes the temporary files that writes into a run left when their process was killed. */
export async function sweep(folder: string): Promise<void> {
  for (const place of [folder, dirname(runFile(folder, "checkpoint")), runFile(folder, "figures")])
    for (const name of (await exists(place)) ? await readdir(place) : [])
      if (isLeftOver(name)) await rm(join(place, name), { force: true });
}

/** As `writeFileAtomic` and the lock name them: `.state.safetensors.0123456789ab.tmp`. */
function isLeftOver(name: string): boolean {
  const [, of] = /^\.?(.+)\.[0-9a-f]{12}\.tmp$/.exec(name) ?? [];
  if (of === undefined) return false;
  return Object.values(runFiles).some((path) => basename(path) === of) || /\.(svg|png)$/.test(of);
}
