import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { lockFolder } from "../../test/lock-folder.ts";
import { takeLock } from "../files/lock/lock.ts";
import { fitOptionsSchema } from "../train/options.ts";
import { environment } from "./environment.ts";
import { LogWriter } from "./log.ts";
import type { FitRecord } from "./record.ts";
import { Run } from "./run.ts";

const { folder, at, fileText, held, names, lockBy } = lockFolder("ansatz-taken-over-");

describe("a holder whose lock another process took", () => {
  const record: FitRecord = {
    version: 3,
    task: "fit",
    family: "made",
    hyperparameters: {},
    space: { kind: "binary", shape: [4] },
    encoding: "01",
    parameters: 10,
    training: fitOptionsSchema.parse({}),
    data: {
      source: { path: "/x.npy" },
      rows: { train: 40, valid: 5, test: 5 },
      splits: "at random",
      fingerprint: { rows: "", splits: "" },
    },
    seed: 0,
    ...environment("an engine 1.0", 1),
    command: "ansatz fit made x.npy --out runs/x",
  };
  const result = { reason: "epochs", epoch: 2, step: 80, bestEpoch: 1, seconds: 1.5 } as const;
  const times = { period: 10, look: 10 };
  const taken = {
    code: "input",
    message: "runs/x: the run was taken over by process 12 on host a; this process no longer writes to it",
  };

  it("stops before its next write of the run, and leaves everything to the other", async () => {
    const run = new Run(folder(), record, (await takeLock(folder(), "runs/x", { times })).keep());
    const log = new LogWriter(folder(), () => run.checkLock());
    await run.saveCheckpoint(Uint8Array.of(1));
    await log.write({ type: "warning", text: "one" });
    const theirs = await lockBy({ host: "a", pid: 12 });
    await sleep(50); // several heartbeats
    await expect(run.saveCheckpoint(Uint8Array.of(2))).rejects.toMatchObject(taken);
    await expect(run.update({ seed: 3 })).rejects.toMatchObject(taken);
    await expect(run.finish({}, result)).rejects.toMatchObject(taken);
    await expect(log.write({ type: "warning", text: "two" })).rejects.toMatchObject(taken);
    await log.close();
    await run.discard();
    await run.unlock();
    expect(await names()).toEqual(["checkpoint", "lock", "log.jsonl"]);
    expect([...(await readFile(at("checkpoint/state.safetensors")))]).toEqual([1]);
    expect((await readFile(at("log.jsonl"), "utf8")).trim().split("\n")).toHaveLength(1);
    expect(await held()).toEqual(theirs);
  });

  it("learns that it lost the lock when a write fails whose unfinished file the other swept away", async () => {
    const lock = await takeLock(folder(), "runs/x", { times });
    const run = new Run(folder(), record, lock);
    await mkdir(at("params.safetensors")); // the write fails
    await lockBy({ host: "a", pid: 12 });
    vi.spyOn(lock, "check").mockResolvedValueOnce();
    await expect(run.finish({}, result)).rejects.toMatchObject(taken);
  });

  it("also stops if the other has ended, but not if its lock was away for a moment", async () => {
    const lock = await takeLock(folder(), "runs/x", { times: { look: 200 } });
    const text = await fileText();
    await rm(at("lock"));
    const back = sleep(20).then(() => writeFile(at("lock"), text));
    await lock.check();
    await back;
    await rm(at("lock"));
    await expect(lock.check()).rejects.toThrow(
      "its lock was removed, or taken over by a process that has ended",
    );
  });
});
