import { type FileHandle, open, readFile } from "node:fs/promises";
import type { z } from "zod";
import { inputError } from "../error.ts";
import { codeOf, placed, writeFileAtomic } from "../files/index.ts";
import type { FitEvent, SolveEvent } from "../train/events.ts";
import { fitEventSchema, solveEventSchema } from "./events.ts";
import { runFile } from "./layout.ts";

/**
 * Events of a fit in a run's `log.jsonl`, oldest first; a last line that a crash cut short is left out. Throws an input
 * error that names the line which is no event.
 */
export function readLog(folder: string): Promise<FitEvent[]> {
  return readEvents(folder, fitEventSchema, "a fit");
}

/** Events of a solve, as {@link readLog} reads those of a fit. */
export function readSolveLog(folder: string): Promise<SolveEvent[]> {
  return readEvents(folder, solveEventSchema, "a solve");
}

async function readEvents<E>(folder: string, schema: z.ZodType<E>, of: string): Promise<E[]> {
  const path = runFile(folder, "log");
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return "";
    throw placed(error, path);
  });
  // What follows the last line end was cut short, or is nothing.
  const lines = text.split("\n").slice(0, -1);
  return lines.map((line, i) => readEvent(line, schema, `${path}: line ${i + 1}`, of));
}

function readEvent<E>(line: string, schema: z.ZodType<E>, where: string, of: string): E {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw inputError(`${where} is not JSON; the log is damaged`, cause);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join(".");
  throw inputError(`${where} is no event of ${of}${field ? ` (${field})` : ""}; the log is damaged`);
}

/**
 * Appends events to a run's `log.jsonl`. At a `start` event whatever the log holds from a later step than the one
 * the fit goes on from is dropped, so that the log of a run that was killed reads as if it had not been.
 */
export class LogWriter<E extends { readonly type: string; readonly step: number } = FitEvent> {
  readonly #folder: string;
  readonly #read: (folder: string) => Promise<E[]>;
  readonly #guard: (() => Promise<void> | undefined) | undefined;
  #file: FileHandle | undefined;

  /**
   * `read` reads the log of the same kind of run: {@link readLog} or {@link readSolveLog}. `guard` is awaited before
   * every write and throws to prevent it.
   */
  constructor(
    folder: string,
    read: (folder: string) => Promise<E[]>,
    guard?: () => Promise<void> | undefined,
  ) {
    this.#folder = folder;
    this.#read = read;
    this.#guard = guard;
  }

  async write(event: E): Promise<void> {
    await this.#guard?.();
    if (event.type === "start") await this.#rewind(event.step);
    // A run that goes on has had its start.
    if (event.type === "start" && event.step > 0) return;
    if (event.type === "checkpoint") return;
    const path = runFile(this.#folder, "log");
    try {
      this.#file ??= await open(path, "a");
      await this.#file.appendFile(`${JSON.stringify(event)}\n`);
    } catch (error) {
      throw placed(error, path);
    }
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }

  async #rewind(step: number): Promise<void> {
    await this.close();
    const kept = (await this.#read(this.#folder)).filter(
      (event) => step > 0 && event.type !== "done" && (event.type === "start" || event.step <= step),
    );
    const text = kept.map((event) => `${JSON.stringify(event)}\n`).join("");
    await writeFileAtomic(runFile(this.#folder, "log"), text, { force: true });
  }
}
