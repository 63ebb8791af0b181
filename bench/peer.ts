import { type ChildProcessByStdio, spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";

/** What a peer answers to a request (see peers/harness.py). */
export interface Answer {
  readonly seconds_per_step: readonly number[];
  readonly variant: string;
  readonly first_step_seconds: number;
  readonly import_seconds: number;
  readonly peak_rss_mb: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly error?: string;
}

/** A Python with the package, or undefined: the one ANSATZ_PYTHON names, else python3. */
export function pythonWith(packageName: string): string | undefined {
  const python = process.env.ANSATZ_PYTHON ?? "python3";
  const found = spawnSync(python, ["-c", `import ${packageName}`], { stdio: "ignore" });
  return found.status === 0 ? python : undefined;
}

const scriptPath = (script: string) => fileURLToPath(new URL(`./peers/${script}.py`, import.meta.url));

/** Whether there is a peer of this name: not every workload has one in every framework. */
export const hasPeer = (script: string): boolean => existsSync(scriptPath(script));

/** A peer's process, which lives as long as the benchmark so that its blocks and ours can alternate. */
export class Peer {
  private readonly child: ChildProcessByStdio<Writable, Readable, null>;
  private readonly lines: AsyncIterator<string>;

  constructor(python: string, script: string, threads: number) {
    this.child = spawn(python, [scriptPath(script), "--threads", String(threads)], {
      stdio: ["pipe", "pipe", "ignore"],
    });
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  /** Sends one request and waits for its answer; throws what the peer reports. */
  async ask(request: Readonly<Record<string, unknown>>): Promise<Answer> {
    this.child.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.lines.next();
    if (done) throw new Error("the peer ended without an answer");
    const answer = JSON.parse(value) as Answer;
    if (answer.error) throw new Error(answer.error);
    return answer;
  }

  stop(): void {
    this.child.kill();
  }
}
