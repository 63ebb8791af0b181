import { createRequire } from "node:module";
import { cpus } from "node:os";
import type { RunRecord } from "./record.ts";

/** The version of this package. */
export const ansatzVersion = (
  createRequire(import.meta.url)("ansatz/package.json") as { readonly version: string }
).version;

/** What a fit's bits depend on in addition to its options: they repeat only if all of this is equal. */
export type Environment = Pick<RunRecord, "engine" | "processor" | "node" | "ansatz" | "threads">;

/** The environment of this process with an engine and a number of threads. */
export function environment(engine: string, threads: number): Environment {
  return {
    engine,
    threads,
    processor: cpus()[0]?.model.trim() || "unknown",
    node: process.version,
    ansatz: ansatzVersion,
  };
}

/** One phrase for each part of the environment that is not what a run recorded: `threads 2, was 1`. */
export function environmentChanges(before: Environment, now: Environment): string[] {
  return (["engine", "threads", "processor", "ansatz"] as const)
    .filter((part) => before[part] !== now[part])
    .map((part) => `${part} ${now[part]}, was ${before[part]}`);
}
