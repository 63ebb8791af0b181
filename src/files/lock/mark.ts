import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { codeOf, placed } from "../atomic.ts";

/** Name of the lock file in the folder that it locks. */
export const lockName = "lock";

/** Path of the lock file of a folder. */
export function lockPath(folder: string): string {
  return join(folder, lockName);
}

const markSchema = z.object({
  host: z.string(),
  pid: z.number().int().positive(),
  start: z.number().exactOptional(),
  namespace: z.string().exactOptional(),
  boot: z.string().exactOptional(),
  /** Random, one for every lock that is taken. */
  token: z.string().min(1),
  /** Heartbeats so far. */
  beats: z.number().int().nonnegative(),
  /** Of the last heartbeat, by the holder's clock; for people to read. */
  time: z.string(),
});

/** A lock file's description of the process that holds it. */
export type Mark = z.infer<typeof markSchema>;

/** A lock file as it was found. */
export interface FoundMark {
  readonly text: string;
  /** The number in a file of an earlier version, which had nothing else; NaN in a damaged file. */
  readonly pid: number;
  /** Undefined in a file of an earlier version and in a damaged one. */
  readonly mark: Mark | undefined;
}

/**
 * Returns the lock file of a folder, or undefined if there is none. Throws an input error if it cannot be
 * read.
 */
export async function readMark(folder: string): Promise<FoundMark | undefined> {
  const path = lockPath(folder);
  for (let attempt = 1; ; attempt++)
    try {
      return parseMark(await readFile(path, "utf8"));
    } catch (error) {
      const code = codeOf(error);
      if (code === "ENOENT" || code === "ENOTDIR") return undefined;
      // On NFS a heartbeat may replace the file between opening and reading it.
      if (code !== "ESTALE" || attempt === 3) throw placed(error, path);
    }
}

function parseMark(text: string): FoundMark {
  if (/^\d{1,10}\n?$/.test(text)) return { text, pid: Number(text), mark: undefined };
  const mark = markSchema.safeParse(jsonOf(text)).data;
  return { text, pid: mark?.pid ?? Number.NaN, mark };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a damaged file is the lock of nobody
  }
}

/** The content of a lock file. */
export function formatMark(mark: Mark): string {
  return `${JSON.stringify(mark)}\n`;
}
