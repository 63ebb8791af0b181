import type { Stats } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { totalmem } from "node:os";
import { type ReadLimits, tooLarge } from "../data/formats/format.ts";
import { inputError } from "../error.ts";
import { codeOf, placed } from "./atomic.ts";
import { nearby } from "./nearby.ts";

/** A third of the machine's memory: the file, its decoded arrays and their copy in a space must fit together. */
export function memoryLimits(): ReadLimits {
  return { maxBytes: Math.floor(totalmem() / 3) };
}

/**
 * The bytes of a file. Throws input errors for one that is missing, a folder, empty, unreadable, or, before
 * anything is allocated, larger than `limits` allow.
 */
export async function readBytes(path: string, limits: ReadLimits = memoryLimits()): Promise<Uint8Array> {
  let file: FileHandle | undefined;
  try {
    // Opening a pipe would wait for whoever writes to it: look first.
    requireFile(await stat(path), path);
    file = await open(path, "r");
    const found = await file.stat();
    requireFile(found, path);
    if (found.size === 0) throw inputError(`${path}: the file is empty`);
    if (found.size > limits.maxBytes) throw tooLarge(path, found.size, limits);
    return await readAll(file, found.size, path);
  } catch (error) {
    if (codeOf(error) === "ENOENT") throw inputError(`${path}: no such file${await nearby(path)}`, error);
    throw placed(error, path);
  } finally {
    await file?.close();
  }
}

function requireFile(found: Stats, path: string): void {
  if (found.isDirectory()) throw inputError(`${path}: is a folder, not a file`);
  if (!found.isFile()) throw inputError(`${path}: is not a regular file`);
}

/** One read takes at most 2³¹ − 1 bytes, and `readFile` no larger file. */
const mostAtOnce = 2 ** 30;

async function readAll(file: FileHandle, size: number, path: string): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; ) {
    const { bytesRead } = await file.read(bytes, at, Math.min(mostAtOnce, size - at), at);
    if (bytesRead === 0) throw inputError(`${path}: the file became shorter while it was read`);
    at += bytesRead;
  }
  return bytes;
}
