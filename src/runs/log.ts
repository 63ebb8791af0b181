import { type FileHandle, open, readFile } from "node:fs/promises";
import { z } from "zod";
import { inputError } from "../error.ts";
import { codeOf, placed, writeFileAtomic } from "../files/index.ts";
import type { FitEvent } from "../train/events.ts";
import { runFile } from "./layout.ts";

const count = z.number().int().nonnegative();
// JSON has no NaN, which is written as null: the error of a single row, or a loss that went astray.
const real = z.union([z.number(), z.null().transform(() => Number.NaN)]);

const eventSchema: z.ZodType<FitEvent> = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("start"),
    parameters: count,
    rows: z.object({ train: count, valid: count }),
    epochs: count,
    stepsPerEpoch: count,
    step: count,
  }),
  z.object({
    type: z.literal("progress"),
    epoch: count,
    step: count,
    loss: real,
    lr: real,
    rowsPerSecond: real,
    secondsLeft: real,
  }),
  z.object({
    type: z.literal("epoch"),
    epoch: count,
    step: count,
    train: real,
    valid: z.object({ value: real, error: real }),
    best: z.boolean(),
    lr: real,
    seconds: real,
  }),
  z.object({ type: z.literal("checkpoint"), epoch: count, step: count }),
  z.object({
    type: z.literal("done"),
    reason: z.enum(["epochs", "patience"]),
    epoch: count,
    step: count,
    bestEpoch: count,
    seconds: real,
  }),
]);

/**
 * Events of a fit in a run's `log.jsonl`, oldest first; a last line that a crash cut short is left out. Throws an input
 * error that names the line which is no event.
 */
export async function readLog(folder: string): Promise<FitEvent[]> {
  const path = runFile(folder, "log");
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return "";
    throw placed(error, path);
  });
  // What follows the last line end was cut short, or is nothing.
  const lines = text.split("\n").slice(0, -1);
  return lines.map((line, i) => readEvent(line, `${path}: line ${i + 1}`));
}

function readEvent(line: string, where: string): FitEvent {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw inputError(`${where} is not JSON; the log is damaged`, cause);
  }
  const parsed = eventSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join(".");
  throw inputError(`${where} is no event of a fit${field ? ` (${field})` : ""}; the log is damaged`);
}

/**
 * Appends events to a run's `log.jsonl`. At a `start` event whatever the log holds from a later step than the one
 * the fit goes on from is dropped, so that the log of a run that was killed reads as if it had not been.
 */
export class LogWriter {
  readonly #folder: string;
  #file: FileHandle | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async write(event: FitEvent): Promise<void> {
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
    const kept = (await readLog(this.#folder)).filter(
      (event) => step > 0 && event.type !== "done" && (event.type === "start" || event.step <= step),
    );
    const text = kept.map((event) => `${JSON.stringify(event)}\n`).join("");
    await writeFileAtomic(runFile(this.#folder, "log"), text, { force: true });
  }
}
