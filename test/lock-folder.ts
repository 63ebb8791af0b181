import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { formatMark, type Mark } from "../src/files/lock/mark.ts";
import { ownIdentity } from "../src/files/lock/process-identity.ts";
import { ownFolder } from "./own-folder.ts";

/** A fresh folder for each test of a file, and what there is to see and do about the lock in it. */
export function lockFolder(prefix: string) {
  const folder = ownFolder(prefix);
  const at = (name: string) => join(folder(), name);
  const fileText = () => readFile(at("lock"), "utf8");
  return {
    folder,
    at,
    fileText,
    /** The mark in the lock file. */
    held: async () => JSON.parse(await fileText()) as Mark,
    /** The names in the folder, sorted. */
    names: async () => (await readdir(folder())).sort(),
    /** Writes a lock file of a process that this one shares nothing with, with changes. */
    lockBy: async (changes: Partial<Mark>): Promise<Mark> => {
      const mark = { ...(await ownIdentity()), token: "theirs", beats: 7, time: "2020-01-01T00:00:00.000Z" };
      const changed = { ...mark, ...changes };
      await writeFile(at("lock"), formatMark(changed));
      return changed;
    },
  };
}
