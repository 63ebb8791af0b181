import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { arrayFrom } from "../array.ts";
import { makeDataset } from "../data/dataset.ts";
import { createModel } from "../models/registry.ts";
import { Key } from "../random/key.ts";
import type { FitEvent } from "../train/events.ts";
import { fitOptionsSchema } from "../train/options.ts";
import {
  createRun,
  environment,
  fingerprint,
  LogWriter,
  openRun,
  type RunRecord,
  readLog,
  runFile,
} from "./index.ts";

let folder = "";
const at = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ansatz-runs-"));
});
afterAll(() => rm(folder, { recursive: true }));

const bits = (seed: number) =>
  arrayFrom(
    "u8",
    [50, 4],
    Array.from({ length: 200 }, (_, i) => (((i + seed) * 2654435761) >>> 7) & 1),
  );
const dataset = makeDataset({ arrays: { x: bits(0) } }, "x.npy");
const model = createModel("made", { space: dataset.space, contextSize: 0 }, { hidden: 5 });

const record: RunRecord = {
  version: 1,
  family: "made",
  hyperparameters: model.hyperparameters as RunRecord["hyperparameters"],
  space: dataset.space,
  encoding: "01",
  contextSize: 0,
  parameters: 10,
  training: fitOptionsSchema.parse({}),
  data: {
    source: { path: "/x.npy" },
    rows: { train: 40, valid: 5, test: 5 },
    splits: dataset.splits.how,
    fingerprint: fingerprint(dataset),
  },
  seed: 0,
  ...environment("an engine 1.0", 1),
  command: "ansatz fit made x.npy --out run",
};
const result = { reason: "epochs", epoch: 2, step: 80, bestEpoch: 1, seconds: 1.5 } as const;

async function finished(name: string) {
  const run = await createRun(at(name), record);
  await run.finish(model.init(Key.fromSeed(3)), result);
  return run;
}

describe("a run folder", () => {
  it("gives back the record and the parameters it was given", async () => {
    await finished("whole");
    const run = await openRun(at("whole"));
    expect(run.record).toEqual({ ...record, result });
    expect(await run.parameters(run.model())).toEqual(model.init(Key.fromSeed(3)));
    expect(await run.checkpoint()).toBeUndefined();
    await run.saveCheckpoint(Uint8Array.of(1, 2));
    await run.saveCheckpoint(Uint8Array.of(3));
    expect([...((await run.checkpoint()) ?? [])]).toEqual([3]);
  });

  it("is replaced by force alone, and only where it is a run", async () => {
    await finished("twice");
    await expect(createRun(at("twice"), record)).rejects.toThrow(
      `${at("twice")} exists; use --force to replace it or --resume to go on`,
    );
    const run = await createRun(at("twice"), record, { force: true });
    await expect(run.parameters(model)).rejects.toThrow(
      "its fit has not ended; go on with: ansatz fit --resume",
    );
    await mkdir(at("home"));
    await writeFile(at("home/letter.txt"), "dear");
    await expect(createRun(at("home"), record, { force: true })).rejects.toThrow("is not a run folder");
    expect(await readFile(at("home/letter.txt"), "utf8")).toBe("dear");
    expect((await readdir(folder)).filter((name) => name.startsWith("."))).toEqual([]);
  });

  it.each([
    ["a missing folder", "nowhere", async () => undefined, "nowhere: no such run folder"],
    [
      "a newer version",
      "newer",
      async (path: string) => writeFile(path, JSON.stringify({ ...record, version: 2 })),
      "model.json: has format version 2; this ansatz reads up to 1 (update it)",
    ],
    [
      "what is not JSON",
      "cut",
      async (path: string) => truncate(path, 100),
      "model.json: is not JSON; the run folder is damaged",
    ],
    [
      "a field that is wrong",
      "wrong",
      async (path: string) => writeFile(path, JSON.stringify({ ...record, seed: "a" })),
      "model.json: seed: Invalid input",
    ],
  ])("refuses %s", async (_, name, damage, message) => {
    if (name !== "nowhere") await finished(name);
    await damage(runFile(at(name), "record"));
    await expect(openRun(at(name))).rejects.toMatchObject({ code: "input" });
    await expect(openRun(at(name))).rejects.toThrow(message);
  });

  it("refuses parameters that are missing, cut short, or another model's", async () => {
    const run = await finished("parameters");
    const path = runFile(run.folder, "parameters");
    const other = createModel("made", { space: dataset.space, contextSize: 0 }, { hidden: 6 });
    await expect(run.parameters(other)).rejects.toThrow(
      "params.safetensors: array 'layers.0.bias' is f32 [5]; made needs f32 [6]",
    );
    await truncate(path, 400);
    await expect(run.parameters(model)).rejects.toThrow(`${path}: truncated`);
    await rm(path);
    await expect(run.parameters(model)).rejects.toThrow(`${path}: no such file`);
  });
});

describe("the log of a run", () => {
  const start = {
    type: "start",
    parameters: 1,
    rows: { train: 4, valid: 1 },
    epochs: 3,
    stepsPerEpoch: 2,
  } as const;
  const epoch = (n: number): FitEvent => ({
    type: "epoch",
    epoch: n,
    step: 2 * n,
    train: 1 / n,
    valid: { value: 1, error: 0.5 },
    best: true,
    lr: 0.1,
    seconds: n,
  });

  it("reads, after a crash and a resumed fit, as if there had been no crash", async () => {
    await finished("logged");
    const first = new LogWriter(at("logged"));
    for (const event of [{ ...start, step: 0 }, epoch(1), epoch(2)]) await first.write(event);
    await first.close();
    await writeFile(runFile(at("logged"), "log"), '{"type":"epo', { flag: "a" });
    const second = new LogWriter(at("logged"));
    for (const event of [{ ...start, step: 2 }, epoch(2), epoch(3)]) await second.write(event);
    await second.close();
    expect(await readLog(at("logged"))).toEqual([{ ...start, step: 0 }, epoch(1), epoch(2), epoch(3)]);
  });
});

describe("fingerprint", () => {
  it("tells rows and splits apart", () => {
    const again = fingerprint(makeDataset({ arrays: { x: bits(0) } }, "another name"));
    expect(again).toEqual(record.data.fingerprint);
    const split = fingerprint(makeDataset({ arrays: { x: bits(0) } }, "x", { seed: 1 }));
    expect(split.rows).toBe(again.rows);
    expect(split.splits).not.toBe(again.splits);
    expect(fingerprint(makeDataset({ arrays: { x: bits(1) } }, "x")).rows).not.toBe(again.rows);
  });
});
