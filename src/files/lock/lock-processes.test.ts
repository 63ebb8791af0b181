import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ownFolder } from "../../../test/own-folder.ts";
import { takeLock } from "./lock.ts";
import type { Mark } from "./mark.ts";
import { ownIdentity } from "./process-identity.ts";

let folder = "";
const fresh = ownFolder("ansatz-lock-");
beforeEach(() => {
  folder = fresh();
});

const at = (name: string) => join(folder, name);
const held = async () => JSON.parse(await readFile(at("lock"), "utf8")) as Mark;
const names = async () => (await readdir(folder)).sort();

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

/** The end of a child: its exit code, and what it wrote to both streams. */
function ended(child: ChildProcess): Promise<{ code: number | null; output: string }> {
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, output })));
}

/** Arguments of node for a process that locks `folder` and then, while `writes`, appends to a file. */
async function holder(writes: boolean): Promise<string[]> {
  const path = join(folder, "..", "holder.mjs");
  const [runner, lock] = ["../../../scripts/run.js", "./lock.ts"].map(
    (name) => new URL(name, import.meta.url).href,
  );
  const script = `
    import { appendFileSync } from "node:fs";
    import { takeLock } from ${JSON.stringify(lock)};
    const [, , folder, writes] = process.argv;
    const lock = (await takeLock(folder, "runs/x", { times: { period: 20, look: 20 } })).keep();
    while (writes === "true") {
      await lock.check();
      appendFileSync(folder + "/written", "x");
      await new Promise((resolve) => setTimeout(resolve, 10));
    }`;
  await writeFile(path, script);
  return [fileURLToPath(runner ?? ""), path, folder, String(writes)];
}

/** Starts a holder that writes, by the given command, and returns once it has begun to. */
async function startHolder(...command: string[]): Promise<ChildProcess> {
  const [program = "", ...args] = [...command, process.execPath, ...(await holder(true))];
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  while (!(await names()).includes("written") && child.exitCode === null) await sleep(10);
  return child;
}

describe("processes", () => {
  it("that hold a lock can end", async () => {
    const child = spawn(process.execPath, await holder(false), { stdio: ["ignore", "pipe", "pipe"] });
    expect(await ended(child)).toEqual({ code: 0, output: "" });
    expect((await held()).pid).toBe(child.pid);
  });

  it("that are suspended are alive, and taken over at once when they are killed", async () => {
    const child = await startHolder();
    child.kill("SIGSTOP");
    const busy = `another fit (process ${child.pid}) is working on it`;
    await expect(takeLock(folder, "runs/x")).rejects.toThrow(busy);
    const end = ended(child);
    child.kill("SIGKILL");
    await end;
    expect(await (await takeLock(folder, "runs/x")).isOwn()).toBe(true);
  });
});

const unshared = ["unshare", "--pid", "--fork", "--kill-child"] as const;
const [program, ...flags] = unshared;
// It needs Linux and the right to make a process namespace (root, or CAP_SYS_ADMIN).
const canUnshare = spawnSync(program, [...flags, "true"]).status === 0;

const skipped = canUnshare ? "" : " (skipped: unshare --pid is missing or not permitted here)";

describe.skipIf(!canUnshare)(`processes in another process namespace${skipped}`, () => {
  it("refuse while they live, though their number here is another's", async () => {
    await startHolder(...unshared);
    expect((await held()).pid).toBe(1);
    const { host } = await ownIdentity();
    await expect(takeLock(folder, "runs/x", { times: { look: 20 } })).rejects.toThrow(
      `runs/x: another fit (process 1 on host ${host}, in another process namespace) is working on it`,
    );
  });

  it("ask for each other there, though they may see the process table of another namespace", async () => {
    const [ends, writes] = [await holder(false), await holder(true)].map((args) =>
      [process.execPath, ...args].map((word) => `'${word}'`).join(" "),
    );
    const waits = `while [ ! -e '${at("written")}' ]; do sleep 0.05; done`;
    const script = `${ends}; ${writes} & ${waits}; ${ends}; exit $?`;
    const end = await ended(
      spawn("unshare", ["--pid", "--fork", "sh", "-c", script], { stdio: ["ignore", "pipe", "pipe"] }),
    );
    // The second took over from the first, which had ended; the third found the second alive.
    const { pid } = await held();
    expect(end).toEqual({
      code: 1,
      output: expect.stringContaining(`runs/x: another fit (process ${pid}) is working on it`),
    });
  });

  it("stop when they wake from suspension and find that they were taken over", async () => {
    const child = await startHolder(...unshared);
    const end = ended(child);
    // The process itself, of which `unshare` is the parent.
    const [pid] = (await readFile(`/proc/${child.pid}/task/${child.pid}/children`, "utf8"))
      .split(" ")
      .map(Number);
    process.kill(pid ?? 0, "SIGSTOP");
    const notes: string[] = [];
    const times = { patience: 300, look: 20, silence: 100 };
    const lock = await takeLock(folder, "runs/x", { note: (line) => notes.push(line), times });
    const { host } = await ownIdentity();
    expect(notes).toEqual([
      `runs/x: locked by process 1 on host ${host}; waiting up to 0.3 s for a sign of life from it`,
      `runs/x: taken over from process 1 on host ${host}, which has given no sign of life for 0.3 s`,
    ]);
    const written = await readFile(at("written"), "utf8");
    process.kill(pid ?? 0, "SIGCONT");
    const { code, output } = await end;
    expect([code, output]).toEqual([
      1,
      expect.stringContaining(`runs/x: the run was taken over by process ${process.pid} on host ${host}`),
    ]);
    // At most the write that it was in the middle of.
    expect((await readFile(at("written"), "utf8")).length).toBeLessThanOrEqual(written.length + 1);
    expect(await lock.isOwn()).toBe(true);
  });
});
