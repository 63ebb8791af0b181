import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { ansatz, type Done, documentOf, patient, script, smallIsing, workFolder } from "./support.ts";

const work = workFolder();
const job = ["--epochs", "2", "--set", "hidden=4"];

beforeAll(async () => {
  await documentOf(...smallIsing, "--seed", "1", "--out", work.at("ising.npz"));
  // A fit that was killed: without result and parameters, with its checkpoint.
  const killed = work.at("killed");
  await documentOf("fit", "made", work.at("ising.npz"), "--out", killed, ...job);
  const { result: _, ...record } = JSON.parse(await readFile(`${killed}/model.json`, "utf8"));
  await writeFile(`${killed}/model.json`, JSON.stringify(record));
  await rm(`${killed}/params.safetensors`);
}, patient);

/** A copy of the killed fit's folder, with the lock of a process elsewhere. */
async function lockedElsewhere(name: string): Promise<string> {
  const folder = work.at(name);
  await cp(work.at("killed"), folder, { recursive: true });
  const lock = { host: "elsewhere", pid: 12, token: "theirs", beats: 7, time: "2020-01-01T00:00:00.000Z" };
  await writeFile(`${folder}/lock`, JSON.stringify(lock));
  return folder;
}

/** Runs a command with the minute that it waits made short. */
async function hurried(...argv: string[]): Promise<Done> {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  const hurry = setInterval(() => vi.advanceTimersByTime(500), 5);
  try {
    return await ansatz(...argv);
  } finally {
    clearInterval(hurry);
    vi.useRealTimers();
  }
}

afterEach(() => vi.useRealTimers());

describe("the lock of a process elsewhere without a sign of life is taken over, and a line says so:", () => {
  it.each([
    ["--resume", (out: string) => ["fit", "--resume", "--out", out]],
    ["--force", (out: string) => ["fit", "made", work.at("ising.npz"), "--out", out, "--force", ...job]],
  ])("fit %s", async (name, command) => {
    const out = await lockedElsewhere(name);
    const { code, stderr } = await hurried(...command(out));
    const holder = "process 12 on host elsewhere";
    expect(code).toBe(0);
    expect(stderr.split("\n").filter((line) => line.includes("host"))).toEqual([
      `${out}: locked by ${holder}; waiting up to 60 s for a sign of life from it`,
      `${out}: taken over from ${holder}, which has given no sign of life for 60 s`,
    ]);
    expect(await readdir(out)).not.toContain("lock");
  });
});

const unshare = ["--pid", "--fork", "--kill-child"];
// It needs Linux and the right to make a process namespace (root, or CAP_SYS_ADMIN).
const canUnshare = spawnSync("unshare", [...unshare, "true"]).status === 0;
const skipped = canUnshare ? "" : " (skipped: unshare --pid is missing or not permitted here)";

describe.skipIf(!canUnshare)(`a fit in another process namespace${skipped}`, () => {
  it("keeps its run, by its heartbeat", { timeout: patient }, async () => {
    const out = work.at("container");
    const fit = ["fit", "made", work.at("ising.npz"), "--out", out, "--set", "hidden=4"];
    const command = [...unshare, process.execPath, script, ...fit, "--epochs", "100000", "--patience", "0"];
    const child = spawn("unshare", command, { stdio: "ignore" });
    const done = new Promise((resolve) => child.on("close", resolve));
    while (!existsSync(`${out}/checkpoint/state.safetensors`) && child.exitCode === null) await sleep(20);
    for (const command of [
      ["fit", "--resume", "--out", out],
      [...fit, "--force"],
    ]) {
      const { code, stderr } = await ansatz(...command);
      expect(code).toBe(2);
      expect(stderr).toMatch(
        /another fit \(process 1 on host \S+, in another process namespace\) is working/,
      );
    }
    child.kill("SIGKILL");
    await done;
  });
});
