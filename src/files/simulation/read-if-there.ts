import { readFile, stat } from "node:fs/promises";
import { codeOf, placed } from "../atomic.ts";

/**
 * Returns the content of a file, or undefined if there is none; throws an input error if it cannot be read.
 */
export async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw placed(error, path);
  }
}

/** Whether a file or folder is there. */
export async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
