import { spawnSync } from "node:child_process";
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { arrayFrom } from "../array.ts";
import { makeDataset } from "../data/dataset.ts";
import { real } from "../data/space.ts";
import { createModel } from "../models/registry.ts";
import { Key } from "../random/key.ts";
import type { TrainEvent } from "../train/event.ts";
import { fitOptionsSchema } from "../train/options.ts";
import { solveOptionsSchema } from "../train/solve-options.ts";
import {
  checkRunFolder,
  createRun,
  environment,
  type FitRecord,
  fingerprint,
  LogWriter,
  openRun,
  readLog,
  readParameters,
  runFile,
  type SolveRecord,
  writeParameters,
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
const model = createModel("made", { space: dataset.space }, { hidden: 5 });

const record: FitRecord = {
  version: 3,
  task: "fit",
  family: "made",
  hyperparameters: model.hyperparameters as FitRecord["hyperparameters"],
  space: dataset.space,
  encoding: "01",
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
  it("of version 1, which knew fits alone, is read as the run of a fit", async () => {
    const { task: _, ...old } = { ...record, version: 1, contextSize: 0, result };
    await mkdir(at("old"));
    await writeFile(runFile(at("old"), "record"), JSON.stringify(old));
    const run = await openRun(at("old"));
    expect(run.record).toEqual({ ...record, result });
    expect(run.ofFit().record.data.rows.train).toBe(40);
    expect(() => run.ofSolve()).toThrow("is the run of a model fitted to data, not of a model solved for");
  });

  it("of version 2, which knew the size of a context alone, is conditioned on real numbers", async () => {
    await mkdir(at("sized"));
    const write = (contextSize: number) =>
      writeFile(runFile(at("sized"), "record"), JSON.stringify({ ...record, version: 2, contextSize }));
    await write(0);
    expect((await openRun(at("sized"))).record).toEqual(record);
    await write(3);
    const run = await openRun(at("sized"));
    expect(run.record).toEqual({ ...record, context: real([3]) });
    expect(run.model().context).toEqual(real([3]));
  });

  it("of a solve is one, and no fit", async () => {
    const { data: _, ...rest } = record;
    const target = { name: "ising", parameters: { shape: [2, 2], beta: 0.3, J: 1 } };
    const solve: SolveRecord = { ...rest, task: "solve", training: solveOptionsSchema.parse({}), target };
    await createRun(at("solved"), solve);
    const run = await openRun(at("solved"));
    expect(run.record).toEqual(solve);
    expect(() => run.ofFit()).toThrow(
      "is the run of a model solved for from an energy, not of a model fitted",
    );
    await expect(run.parameters(model)).rejects.toThrow(
      "its solve has not ended; continue with: ansatz solve --resume",
    );
  });

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
      `${at("twice")} exists; use --force to replace it or --resume to continue`,
    );
    const run = await createRun(at("twice"), record, { force: true });
    await expect(run.parameters(model)).rejects.toThrow(
      "its fit has not ended; continue with: ansatz fit --resume",
    );
    await mkdir(at("home"));
    await writeFile(at("home/letter.txt"), "dear");
    await expect(createRun(at("home"), record, { force: true })).rejects.toThrow("is not a run folder");
    expect(await readFile(at("home/letter.txt"), "utf8")).toBe("dear");
    expect((await readdir(folder)).filter((name) => name.startsWith("."))).toEqual([]);
  });

  it("that is replaced loses the files of the run, and keeps those that are somebody's", async () => {
    const run = await finished("kept");
    await run.saveCheckpoint(Uint8Array.of(1));
    await writeFile(runFile(run.folder, "report"), "old");
    await mkdir(runFile(run.folder, "figures"));
    await mkdir(at("kept/notes"));
    for (const name of ["x.npy", "notes/mine.txt"]) await writeFile(join(run.folder, name), "mine");
    const own = { ...record, data: { ...record.data, source: { path: at("kept/x.npy") } } };
    await createRun(run.folder, own, { force: true });
    expect((await readdir(run.folder)).sort()).toEqual(["lock", "model.json", "notes", "x.npy"]);
    expect(await readFile(at("kept/notes/mine.txt"), "utf8")).toBe("mine");
    expect((await openRun(run.folder)).record).toEqual(own);
    const inside = {
      ...record,
      data: { ...record.data, source: { path: at("kept/figures/x.npy") }, context: at("kept/log.jsonl") },
    };
    await expect(createRun(run.folder, inside, { force: true })).rejects.toThrow(
      `${at("kept/figures/x.npy")}: is among the files of ${run.folder} that --force removes`,
    );
  });

  it("is made by one of several that begin at once, the others being told", async () => {
    const made = await Promise.allSettled(
      [1, 2, 3, 4].map((seed) => createRun(at("race"), { ...record, seed })),
    );
    const lost = made.flatMap((one) => (one.status === "rejected" ? [String(one.reason.message)] : []));
    expect(lost).toHaveLength(3);
    for (const message of lost) expect(message).toContain("race exists; use --force to replace it");
    const { seed } = (await openRun(at("race"))).record;
    expect(made[seed - 1]?.status).toBe("fulfilled");
    expect((await readdir(folder)).filter((name) => name.startsWith("."))).toEqual([]);
  });

  it("is made where killed processes left folders of theirs, which go", async () => {
    const dead = at(".swept.0123456789ab.tmp");
    const alive = at(".swept.ba9876543210.tmp");
    const run = await createRun(at("held"), record);
    const mark = JSON.parse(await readFile(at("held/lock"), "utf8")) as { pid: number };
    for (const path of [dead, alive]) await mkdir(path);
    await writeFile(join(dead, "lock"), JSON.stringify({ ...mark, pid: spawnSync("true").pid }));
    await writeFile(join(alive, "lock"), JSON.stringify({ ...mark, pid: process.ppid, start: undefined }));
    await (await createRun(at("swept"), record)).unlock();
    await run.unlock();
    expect((await readdir(folder)).filter((name) => name.startsWith(".swept"))).toEqual([
      ".swept.ba9876543210.tmp",
    ]);
  });

  it("that a link leads to is made where it is, and the link stays", async () => {
    await mkdir(at("disk"));
    await symlink(at("disk"), at("linked"));
    await createRun(at("linked"), record);
    await createRun(at("linked"), { ...record, seed: 5 }, { force: true });
    expect((await openRun(at("disk"))).record.seed).toBe(5);
    expect((await lstat(at("linked"))).isSymbolicLink()).toBe(true);
  });

  it("is worked on by one process at a time, and taken over from one that is no more", async () => {
    const run = await createRun(at("locked"), record);
    const lock = runFile(run.folder, "lock");
    const holder = async () => JSON.parse(await readFile(lock, "utf8")).pid;
    expect(await holder()).toBe(process.pid);
    await run.unlock();
    await run.unlock();
    expect(await readdir(run.folder)).toEqual(["model.json"]);
    const busy = `${run.folder}: another fit (process ${process.ppid}) is working on it`;
    await writeFile(lock, `${process.ppid}\n`);
    await expect(run.lock()).rejects.toMatchObject({ code: "input", message: expect.stringContaining(busy) });
    await expect(checkRunFolder(run.folder, { force: true })).rejects.toThrow(busy);
    await expect(createRun(run.folder, record, { force: true })).rejects.toThrow(busy);
    await run.unlock();
    expect(await readFile(lock, "utf8")).toBe(`${process.ppid}\n`);
    const { pid: dead } = spawnSync(process.execPath, ["--version"]);
    await mkdir(at("locked/checkpoint"));
    for (const stale of [`${dead}\n`, "", "damaged"]) {
      await writeFile(lock, stale);
      await writeFile(at("locked/checkpoint/.state.safetensors.0123456789ab.tmp"), "cut");
      await writeFile(at("locked/.mine.tmp"), "mine");
      await run.lock();
      expect(await holder()).toBe(process.pid);
      expect(await readdir(at("locked/checkpoint"))).toEqual([]);
    }
    expect((await readdir(run.folder)).sort()).toEqual([".mine.tmp", "checkpoint", "lock", "model.json"]);
  });

  it.each([
    ["a missing folder", "nowhere", async () => undefined, "nowhere: no such run folder"],
    [
      "a newer version",
      "newer",
      async (path: string) => writeFile(path, JSON.stringify({ ...record, version: 4 })),
      "model.json: has format version 4; this ansatz reads up to 3 (update it)",
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
    const other = createModel("made", { space: dataset.space }, { hidden: 6 });
    await expect(run.parameters(other)).rejects.toThrow(
      "params.safetensors: array 'layers.0.bias' is f32 [5]; made needs f32 [6]",
    );
    await truncate(path, 400);
    await expect(run.parameters(model)).rejects.toThrow(`${path}: truncated`);
    await rm(path);
    await expect(run.parameters(model)).rejects.toThrow(`${path}: no such file`);
  });
});

describe("parameters in a file", () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY])("that hold %s are refused by file and array", (value) => {
    const tree = model.init(Key.fromSeed(3)) as unknown as { layers: { bias: { data: Float32Array } }[] };
    (tree.layers[0]?.bias.data as Float32Array)[2] = value;
    const bytes = writeParameters(tree as never, "made");
    expect(() => readParameters(bytes, model, "p.safetensors")).toThrow(
      `p.safetensors: array 'layers.0.bias' holds ${value} (element 2); the file is damaged`,
    );
  });
});

describe("the log of a run", () => {
  const start = {
    type: "start",
    parameters: 1,
    rows: { train: 4, valid: 1 },
    steps: 6,
    round: 2,
    batch: 2,
  } as const;
  const epoch = (n: number): TrainEvent => ({
    type: "round",
    round: n,
    step: 2 * n,
    losses: { NLL: 1 / n },
    measures: { NLL: { value: 1, error: 0.5, unit: "nats" } },
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

describe("a damaged log", () => {
  it.each([
    ["null", "line 2 is not a training event"],
    ['{"type":"round","round":1,"step":2}', "line 2 is not a training event (losses)"],
    ['{"type":"epoch","epoch":1,"step":2}', "line 2 is not a training event (train)"],
    ['{"type":"done"', "line 2 is not JSON"],
  ])("%s is refused by its line", async (line, message) => {
    await rm(at("spoilt"), { recursive: true, force: true });
    await finished("spoilt");
    const good = '{"type":"checkpoint","round":1,"step":2}\n';
    await writeFile(runFile(at("spoilt"), "log"), `${good}${line}\n${good}`);
    await expect(readLog(at("spoilt"))).rejects.toMatchObject({
      code: "input",
      message: expect.stringContaining(`${runFile(at("spoilt"), "log")}: ${message}`),
    });
  });

  it("is none where an error was not a number", async () => {
    await finished("nan");
    const path = runFile(at("nan"), "log");
    const event = { type: "round", round: 1, step: 2, losses: { NLL: 1 }, best: true, lr: 0.1, seconds: 1 };
    const measures = { NLL: { value: 1, error: Number.NaN } };
    await writeFile(path, `${JSON.stringify({ ...event, measures })}\n`);
    expect(await readLog(at("nan"))).toEqual([{ ...event, measures }]);
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
