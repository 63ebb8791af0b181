import { type FileHandle, open, readFile } from "node:fs/promises";
import * as z from "zod";
import { inputError } from "../error.ts";
import { codeOf, placed, writeFileAtomic } from "../files/index.ts";
import { type TrainEvent, trainEventSchema } from "../train/event.ts";
import { asNow, fitEventSchema, solveEventSchema } from "./earlier-events.ts";
import { runFile } from "./layout.ts";

const lineSchema = z.union([trainEventSchema, fitEventSchema, solveEventSchema]);

/**
 * Returns the events of a training in a run's `log.jsonl`, oldest first, those of an earlier version
 * converted; a last line that a crash cut short is dropped. Throws an input error that names a line that is
 * not an event.
 */
export async function readLog(folder: string): Promise<TrainEvent[]> {
  const path = runFile(folder, "log");
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return "";
    throw placed(error, path);
  });
  // What follows the last line end was cut short, or is nothing.
  const lines = text.split("\n").slice(0, -1);
  return asNow(lines.map((line, i) => eventIn(line, `${path}: line ${i + 1}`)));
}

function eventIn(line: string, where: string): z.output<typeof lineSchema> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw inputError(`${where} is not JSON; the log is damaged`, cause);
  }
  const parsed = lineSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const type = (value as { readonly type?: unknown } | null)?.type;
  const own = [trainEventSchema, fitEventSchema, solveEventSchema].find((schema) =>
    schema.options.some((option) => option.shape.type.value === type),
  );
  const field = own?.safeParse(value).error?.issues[0]?.path.join(".");
  throw inputError(`${where} is not a training event${field ? ` (${field})` : ""}; the log is damaged`);
}

/**
 * Appends events to a run's `log.jsonl`. At a `start` event whatever the log holds from a later step than the one
 * the training goes on from is dropped, so that the log of a run that was killed reads as if it had not been.
 */
export class LogWriter {
  readonly #folder: string;
  readonly #guard: (() => Promise<void> | undefined) | undefined;
  #file: FileHandle | undefined;

  /** `guard` is awaited before every write and throws to prevent it. */
  constructor(folder: string, guard?: () => Promise<void> | undefined) {
    this.#folder = folder;
    this.#guard = guard;
  }

  /** Appends one event; throws an input error that names the file if it cannot be written. */
  async write(event: TrainEvent): Promise<void> {
    await this.#guard?.();
    if (event.type === "start") await this.#rewind(event.step, event.course ?? 0);
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

  /** Closes the file. A later `write` opens it again. */
  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }

  /** Keeps the events of earlier courses, and of this one up to a step. */
  async #rewind(step: number, course: number): Promise<void> {
    await this.close();
    let at = 0;
    const kept = (await readLog(this.#folder)).filter((event) => {
      if (event.type === "start") at = event.course ?? 0;
      if (at !== course) return at < course;
      return (
        step > 0 &&
        event.type !== "done" &&
        (!("step" in event) || event.type === "start" || event.step <= step)
      );
    });
    const text = kept.map((event) => `${JSON.stringify(event)}\n`).join("");
    await writeFileAtomic(runFile(this.#folder, "log"), text, { force: true });
  }
}
