import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { lockFolder } from "../../../test/lock-folder.ts";
import { clearLock, type LockOptions, takeLock } from "./lock.ts";
import { isAlive, ownIdentity } from "./process-identity.ts";

const { folder, at, held, names, lockBy } = lockFolder("ansatz-lock-");

/** A clock that only waiting moves, what the notes said, and what else happens while it waits. */
function simulated(meanwhile: (now: number) => Promise<void> = async () => undefined) {
  const notes: string[] = [];
  const clock = { now: 0 };
  const options: LockOptions = {
    note: (line) => notes.push(line),
    times: {
      now: () => clock.now,
      sleep: async (milliseconds) => {
        clock.now += milliseconds;
        await meanwhile(clock.now);
      },
    },
  };
  return { options, notes, clock };
}

/** A process of this machine that only waits. */
function idle(): ChildProcess {
  return spawn(process.execPath, ["-e", "setInterval(() => undefined, 1000)"], { stdio: "ignore" });
}

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

describe("a lock", () => {
  it("is plain JSON that names host, process and start, with a heartbeat while it is held", async () => {
    const lock = (await takeLock(folder(), "a run", { times: { period: 10 } })).keep();
    const first = await held();
    expect(first).toMatchObject({ ...(await ownIdentity()), token: expect.stringMatching(/^[0-9a-f]{32}$/) });
    if (process.platform === "linux") {
      expect(first.start).toBeGreaterThan(0);
      expect(first.namespace).toMatch(/^pid:\[\d+\]$/);
      expect(first.boot).toMatch(/^[0-9a-f-]{36}$/);
    }
    while ((await held()).beats < first.beats + 2) await sleep(5);
    const later = await held();
    expect(later).toEqual({ ...first, beats: later.beats, time: later.time });
    await lock.release();
    await sleep(30);
    expect(await names()).toEqual([]);
  });
});

describe("beside the holder", () => {
  it("a dead process is taken over at once, and a live one refuses at once", async () => {
    const { options, notes, clock } = simulated();
    const child = idle();
    children.push(child);
    await lockBy({ pid: child.pid ?? 0, ...(await startOf(child)) });
    const busy = `a run: another fit (process ${child.pid}) is working on it; if that process is not a fit, remove a run/lock`;
    await expect(takeLock(folder(), "a run", options)).rejects.toMatchObject({
      code: "input",
      message: busy,
    });
    child.kill("SIGKILL");
    await new Promise((resolve) => child.on("close", resolve));
    const lock = await takeLock(folder(), "a run", options);
    expect(await lock.isOwn()).toBe(true);
    expect([notes, clock.now, await names()]).toEqual([[], 0, ["lock"]]);
  });

  it.runIf(process.platform === "linux")("a number that now is another process's is dead", async () => {
    const child = idle();
    children.push(child);
    const { start = 0 } = await startOf(child);
    await lockBy({ pid: child.pid ?? 0, start: start - 1 });
    const { options, clock } = simulated();
    await clearLock(folder(), "a run", options);
    expect([clock.now, await names()]).toEqual([0, []]);
  });

  it.runIf(process.platform === "linux")(
    "a process that its parent has not asked for yet is dead",
    async () => {
      // A shell that starts a process which ends, and becomes one that never asks for it.
      const parent = spawn("sh", ["-c", "sleep 0 & echo $!; exec sleep 30"], {
        stdio: ["ignore", "pipe", "ignore"],
      });
      children.push(parent);
      const pid = await new Promise<number>((resolve) => {
        parent.stdout?.once("data", (text) => resolve(Number(text)));
      });
      while (await isAlive({ pid })) await sleep(10);
    },
  );

  it("this process takes its own lock over, which then is the first one's no more", async () => {
    const first = await takeLock(folder(), "a run");
    const second = await takeLock(folder(), "a run");
    await expect(first.check()).rejects.toThrow(`the run was taken over by process ${process.pid} on host`);
    await first.release();
    expect(await second.isOwn()).toBe(true);
  });
});

describe.each([
  ["another host", { host: "elsewhere" }, "process 12 on host elsewhere"],
  [
    "another process namespace",
    { namespace: "pid:[1]" },
    /process 12 on host \S+, in another process namespace/,
  ],
  ["a host of the same name", { boot: "another" }, /process 12 on host \S+/],
] as const)("seen from %s", (_, place, holder) => {
  it("a heartbeat that changes refuses, whatever the clock of the holder says", async () => {
    const { options, notes, clock } = simulated(async (now) => {
      if (now % 5000 === 0) await lockBy({ pid: 12, ...place, beats: now });
    });
    await lockBy({ pid: 12, ...place });
    const refused = expect.objectContaining({
      code: "input",
      message: expect.stringMatching(
        new RegExp(`a run: another fit \\(${RegExp(holder).source}\\) is working`),
      ),
    });
    await expect(takeLock(folder(), "a run", options)).rejects.toEqual(refused);
    expect(clock.now).toBe(5000);
    expect(notes).toEqual([expect.stringContaining("waiting up to 60 s for a sign of life from it")]);
    await expect(clearLock(folder(), "a run", options)).rejects.toEqual(refused);
    expect((await held()).token).toBe("theirs");
  });

  it("one that does not change for 60 s is taken over, with a line that says so", async () => {
    const { options, notes, clock } = simulated();
    const { host } = await lockBy({ pid: 12, ...place });
    const lock = await takeLock(folder(), "a run", options);
    expect(await lock.isOwn()).toBe(true);
    expect(clock.now).toBe(60_000);
    expect(notes).toEqual([
      `a run: locked by process 12 on host ${host}; waiting up to 60 s for a sign of life from it`,
      `a run: taken over from process 12 on host ${host}, which has given no sign of life for 60 s`,
    ]);
    expect(await names()).toEqual(["lock"]);
  });
});

describe("watching a lock elsewhere", () => {
  it("a lock that goes is waited for no longer, and one that becomes another's is watched anew", async () => {
    const { options, notes, clock } = simulated(async (now) => {
      if (now === 50_000) await lockBy({ host: "b", pid: 5, token: "another" });
      if (now === 80_000) await rm(at("lock"));
    });
    await lockBy({ host: "a", pid: 4 });
    await clearLock(folder(), "a run", options);
    expect(clock.now).toBe(80_000);
    expect(notes.map((line) => line.slice(0, 40))).toEqual([
      "a run: locked by process 4 on host a; wa",
      "a run: locked by process 5 on host b; wa",
    ]);
  });

  it("a pause of the observer counts for nothing", async () => {
    const { options, clock } = simulated(async (now) => {
      if (now === 1000) clock.now += 3_600_000; // the lid of a laptop
      if (now === 3_610_000) await lockBy({ host: "a", pid: 4, beats: 8 });
    });
    await lockBy({ host: "a", pid: 4 });
    await expect(clearLock(folder(), "a run", options)).rejects.toThrow("process 4 on host a");
  });

  it("a heartbeat in the last moment is not lost", async () => {
    const { options } = simulated(async (now) => {
      if (now === 60_000) await lockBy({ host: "a", pid: 4, beats: 8 });
    });
    await lockBy({ host: "a", pid: 4 });
    await expect(clearLock(folder(), "a run", options)).rejects.toThrow("process 4 on host a");
    expect(await held()).toMatchObject({ host: "a", beats: 8 });
  });

  it("of two observers one takes it over", async () => {
    await lockBy({ host: "a", pid: 4 });
    const times = { patience: 60, look: 10 };
    const both = await Promise.allSettled([1, 2].map(() => takeLock(folder(), "a run", { times })));
    const own = await Promise.all(both.map((one) => one.status === "fulfilled" && one.value.isOwn()));
    expect(own.filter(Boolean)).toHaveLength(1);
    expect(await names()).toEqual(["lock"]);
  });
});

describe("a lock file of an earlier version", () => {
  it("of a live process refuses, of a dead one or damaged it is taken over at once", async () => {
    const { options, clock } = simulated();
    await writeFile(at("lock"), `${process.ppid}\n`);
    await expect(takeLock(folder(), "a run", options)).rejects.toThrow(
      `a run: another fit (process ${process.ppid}) is working on it`,
    );
    const { pid: dead } = spawnSync(process.execPath, ["--version"]);
    for (const text of [`${dead}\n`, `${process.pid}\n`, "", "damaged", "{}"]) {
      await writeFile(at("lock"), text);
      expect(await (await takeLock(folder(), "a run", options)).isOwn()).toBe(true);
    }
    expect(clock.now).toBe(0);
  });
});

/** Clock ticks from boot to the start of a child, on platforms that tell. */
async function startOf({ pid = 0 }: ChildProcess): Promise<{ start?: number }> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  return text === undefined ? {} : { start: Number(text.slice(text.lastIndexOf(")") + 2).split(" ")[19]) };
}
