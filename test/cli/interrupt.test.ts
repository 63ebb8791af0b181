import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { ansatz, documentOf, patient, smallIsing, start, workFolder } from "./support.ts";

const work = workFolder();
/** A fit of about a second, with a checkpoint after each of many epochs. */
const job = (out: string, ...more: string[]) => [
  ...["fit", "made", work.at("ising.npz"), "--out", work.at(out), "--seed", "4", "--set", "hidden=100,100"],
  ...["--epochs", "24", "--patience", "0", "--augment", "flip,translations", ...more],
];
const parameters = (out: string) => readFile(work.at(`${out}/params.safetensors`));

/** The log without what depends on the clock: epochs with their losses, and the end. */
async function story(out: string): Promise<unknown[]> {
  const lines = (await readFile(work.at(`${out}/log.jsonl`), "utf8")).trim().split("\n");
  return lines
    .map((line) => JSON.parse(line) as { type: string; seconds?: number })
    .filter(({ type }) => type !== "progress")
    .map(({ seconds: _, ...event }) => event);
}

beforeAll(async () => {
  await documentOf(...smallIsing, "--seed", "1", "--out", work.at("ising.npz"));
}, patient);

describe("Ctrl-C", () => {
  it("keeps a checkpoint, exits with 130, and says how to go on", async () => {
    const { child, done } = start(...job("stopped", "--epochs", "100000"));
    while (!existsSync(work.at("stopped/checkpoint/state.safetensors"))) await sleep(20);
    child.kill("SIGINT");
    const { code, stdout, stderr } = await done;
    expect([code, stdout]).toEqual([130, ""]);
    expect(stderr).toContain("stopping; press Ctrl-C again to stop at once\n");
    const advice = `the checkpoint is kept; continue with: ansatz fit --resume --out ${work.at("stopped")}`;
    expect(stderr.trim().split("\n").at(-1)).toMatch(/^ansatz: stopped at step \d+; /);
    expect(stderr).toContain(advice);
    expect((await readdir(work.at("stopped"))).sort()).toEqual(["checkpoint", "log.jsonl", "model.json"]);
    const scored = await ansatz("score", work.at("stopped"));
    expect([scored.code, scored.stderr]).toEqual([
      2,
      expect.stringContaining("its fit has not ended; continue with"),
    ]);
  });

  it("twice ends it at once", async () => {
    const { child, done } = start(...job("twice", "--epochs", "100000"));
    while (!existsSync(work.at("twice/checkpoint/state.safetensors"))) await sleep(20);
    child.kill("SIGINT");
    child.kill("SIGINT");
    expect((await done).code).toBe(130);
  });
});

/** Resolves when the fit of a process has begun, or the process has ended. */
function begun({ child, done }: ReturnType<typeof start>): Promise<unknown> {
  const told = new Promise<void>((resolve) => {
    child.stderr?.on("data", (text: string) => {
      if (text.includes("fitting made")) resolve();
    });
  });
  return Promise.race([told, done]);
}

describe("kill -9 at any moment", () => {
  /** Fractions of the time to the first step, then of the time of the fit; the last of these falls near its end. */
  const moments = [
    ...[0.3, 0.6, 0.9].map((fraction) => ({ fraction, during: "loading" as const })),
    ...Array.from({ length: 17 }, (_, i) => ({ fraction: (i + 0.37) / 17, during: "fit" as const })),
  ];

  it("and --resume end with the bits of a fit that was never stopped", { timeout: patient }, async () => {
    const at = performance.now();
    const whole = start(...job("whole"));
    await begun(whole);
    const loading = performance.now() - at;
    expect(await whole.done).toMatchObject({ code: 0 });
    const fit = performance.now() - at - loading;
    const expected = { bits: await parameters("whole"), story: await story("whole") };

    const left = [...moments.entries()];
    let [killed, wentOn] = [0, 0];
    const worker = async () => {
      for (let next = left.shift(); next; next = left.shift()) {
        const [i, { fraction, during }] = next;
        const first = start(...job(`killed${i}`));
        if (during === "fit") await begun(first);
        await Promise.race([first.done, sleep(fraction * (during === "fit" ? fit : loading))]);
        if (first.child.kill("SIGKILL")) killed++;
        await first.done;
      }
    };
    await Promise.all([worker(), worker()]); // both cores are put to use
    // Afterwards, so that no kill waits for them; in this process but for one, as a process of its own starts for a second.
    for (const [i, { fraction, during }] of moments.entries()) {
      const [out, when] = [`killed${i}`, `${fraction} of the ${during}`];
      const again = job(out, "--resume");
      const resumed = await (i === moments.length >> 1 ? start(...again).done : ansatz(...again));
      expect(resumed, `resumed after ${when}`).toMatchObject({ code: 0 });
      if (resumed.stderr.includes("going on from step")) wentOn++;
      expect((await parameters(out)).equals(expected.bits), `bits after ${when}`).toBe(true);
      expect(await story(out), `log after ${when}`).toEqual(expected.story);
    }
    // Most moments fell neither before the first checkpoint nor after the end.
    expect(killed).toBeGreaterThan(10);
    expect(wentOn).toBeGreaterThan(5);
  });
});

describe("--resume", () => {
  it("leaves a fit that has ended as it is, and says so", async () => {
    await documentOf(...job("ended", "--epochs", "2"));
    const before = await parameters("ended");
    const { code, stdout, stderr } = await ansatz("fit", "--resume", "--out", work.at("ended"));
    expect([code, stderr]).toEqual([
      0,
      expect.stringContaining("is done: its fit ended at epoch 2; nothing to resume"),
    ]);
    expect(stdout).toContain("validation NLL per site");
    expect((await parameters("ended")).equals(before)).toBe(true);
  });

  it("starts where there is nothing yet", async () => {
    const { code, stderr } = await ansatz(...job("fresh", "--epochs", "1", "--resume"));
    expect([code, stderr]).toEqual([0, expect.stringContaining("nothing to resume yet; starting")]);
  });
});
