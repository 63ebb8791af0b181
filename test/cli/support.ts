import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll } from "vitest";
import { main } from "../../src/cli/terminal/main.ts";

/** What a command did: its exit code and what it wrote. */
export interface Done {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Milliseconds a hook or a test may take that needs a second or two where nothing else runs. */
export const patient = 240_000;

/** Runs a command in this process, without a terminal. */
export async function ansatz(...argv: string[]): Promise<Done> {
  let [stdout, stderr] = ["", ""];
  const code = await main(argv, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
  });
  return { code, stdout, stderr };
}

/** Runs a command that must succeed, and gives its JSON document. */
export async function documentOf(...argv: string[]): Promise<Record<string, never>> {
  const { code, stdout, stderr } = await ansatz(...argv, "--json");
  if (code !== 0) throw new Error(`ansatz ${argv.join(" ")} exited with ${code}: ${stderr}`);
  return JSON.parse(stdout) as Record<string, never>;
}

/** The built command, to start as a process. */
export const script = fileURLToPath(new URL("../../bin/ansatz.js", import.meta.url));

/** Starts the built command as a process of its own, for signals. */
export function start(...argv: string[]): { child: ChildProcess; done: Promise<Done> } {
  const child = spawn(process.execPath, [script, ...argv], { stdio: ["ignore", "pipe", "pipe"] });
  const text = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name].setEncoding("utf8").on("data", (part: string) => {
      text[name] += part;
    });
  const done = new Promise<Done>((resolve, reject) => {
    child.on("error", reject).on("close", (code) => resolve({ code, ...text }));
  });
  return { child, done };
}

/** A folder for the tests of one file, removed after them. */
export function workFolder(): { at(name: string): string; names(): Promise<string[]> } {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "ansatz-cli-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return {
    at: (name) => join(folder, name),
    names: async () => (await readdir(folder)).sort(),
  };
}

/** Arguments that simulate a small lattice quickly. */
export const smallIsing = ["simulate", "ising", "--shape", "4x4", "--beta", "0.4", "--samples", "2000"];
