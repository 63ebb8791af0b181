import { type FileHandle, open, readFile } from "node:fs/promises";
import { codeOf, placed, writeFileAtomic } from "../files/index.ts";
import type { FitEvent } from "../train/events.ts";
import { runFile } from "./layout.ts";

/** Events of a fit in a run's `log.jsonl`, oldest first; a last line that a crash cut short is left out. */
export async function readLog(folder: string): Promise<FitEvent[]> {
  const path = runFile(folder, "log");
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return "";
    throw placed(error, path);
  });
  return text.split("\n").flatMap((line) => {
    try {
      return line === "" ? [] : [JSON.parse(line) as FitEvent];
    } catch {
      return []; // cut short
    }
  });
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
