import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseHTML } from "linkedom";
import { beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { arrayFrom } from "../../src/array.ts";
import { writeNpz } from "../../src/data/formats/npz.ts";
import { loadArray, saveArray } from "../../src/files/index.ts";
import { ansatz, documentOf, patient, smallIsing, workFolder } from "./support.ts";

const work = workFolder();
const estimate = z.strictObject({ value: z.number(), error: z.number().positive() });

/** The score of a model with an exact likelihood on data of a known system, with nothing beside. */
const exactScore = z.strictObject({
  kind: z.literal("exact"),
  logProb: estimate,
  nll: estimate,
  nllPerSite: estimate,
  count: z.number().int().positive(),
  entropy: z.number(),
  entropyPerSite: z.number(),
  kl: estimate,
  klPerSite: estimate,
});

describe("the main job, command by command", { timeout: patient }, () => {
  beforeAll(async () => {
    const simulated = await documentOf(...smallIsing, "--seed", "1", "--out", work.at("ising.npz"));
    expect(simulated).toMatchObject({
      rows: 2000,
      shape: [4, 4],
      exact: { logZ: expect.closeTo(14.56109302384, 9) },
    });
    expect(simulated.tau).toBeGreaterThanOrEqual(0.5);
    const fitted = await documentOf(
      ...[
        "fit",
        "made",
        work.at("ising.npz"),
        "--out",
        work.at("made"),
        "--set",
        "hidden=32",
        "--set",
        "z2=true",
      ],
      ...[
        "--schedule",
        "cosine",
        "--epochs",
        "20",
        "--lr",
        "0.01",
        "--augment",
        "translations,reflections",
        "--seed",
        "1",
      ],
    );
    expect(fitted).toMatchObject({ family: "made", reason: "epochs", epoch: 20 });
  }, patient);

  it("takes the symmetries of the system when it is begun, and keeps them", async () => {
    const fit = ["fit", "made", work.at("ising.npz"), "--out", work.at("auto"), "--augment", "auto"];
    await documentOf(...fit, "--epochs", "1");
    const { training } = JSON.parse(await readFile(work.at("auto/model.json"), "utf8"));
    expect(training.augment).toEqual(["flip", "translations", "reflections", "rotations"]);
    expect(await documentOf(...fit, "--resume")).toMatchObject({ epoch: 1 });
  });

  it("leaves a model of any order, and one whose rows are to be taken as they are, without z2", async () => {
    const z2Of = async (out: string, ...flags: string[]) => {
      await documentOf("fit", "nade", work.at("ising.npz"), "--out", work.at(out), "--epochs", "1", ...flags);
      return JSON.parse(await readFile(work.at(`${out}/model.json`), "utf8")).hyperparameters.z2;
    };
    expect(await z2Of("both")).toBe(true);
    expect(await z2Of("any", "--set", "anyOrder=true")).toBe(false);
    expect(await z2Of("none", "--augment", "none")).toBe(false);
  });

  it("makes a run folder that says how it came about", async () => {
    expect((await readdir(work.at("made"))).sort()).toEqual([
      "checkpoint",
      "log.jsonl",
      "model.json",
      "params.safetensors",
    ]);
    const record = JSON.parse(await readFile(work.at("made/model.json"), "utf8"));
    expect(record).toMatchObject({
      version: 3,
      task: "fit",
      family: "made",
      hyperparameters: { hidden: [32], z2: true },
      training: { epochs: 20, augment: ["translations", "reflections"], seed: 1, threads: 1 },
      data: {
        source: { path: work.at("ising.npz") },
        splitRule: { by: "chain", seed: 1 },
        system: { name: "ising", parameters: { shape: [4, 4] } },
      },
      seed: 1,
      threads: 1,
    });
    expect(record.command).toContain(`ansatz fit made ${work.at("ising.npz")}`);
    const log = (await readFile(work.at("made/log.jsonl"), "utf8")).trim().split("\n");
    const types = log.map((line) => JSON.parse(line).type).filter((type) => type !== "progress");
    expect(types).toEqual(["start", ...new Array(20).fill("round"), "done"]);
  });

  it("scores held-out rows beside the exact entropy, in the keys that scripts rely on", async () => {
    const score = exactScore.parse(
      await documentOf("score", work.at("made"), work.at("ising.npz"), "--split", "test"),
    );
    expect(score.nll.value).toBe(-score.logProb.value);
    expect(score.nllPerSite.value).toBeCloseTo(score.nll.value / 16, 12);
    expect(score.klPerSite.value).toBeLessThan(0.01);
    // The paired estimate is the sharper one by far.
    expect(score.kl.error).toBeLessThan(score.nll.error / 5);
    const text = await ansatz("score", work.at("made"));
    expect(text.stdout).toMatch(/test split: 14\/1\/1 whole chains of 16\)\n/);
    expect(text.stdout).toContain("KL per site (nats)");
  });

  it("finds the held-out rows by the rule of the record, and in older records by the run's seed", async () => {
    const path = work.at("made/model.json");
    const written = await readFile(path, "utf8");
    const record = JSON.parse(written);
    const { splitRule, ...older } = record.data;
    const scored = async (change: object) => {
      await writeFile(path, JSON.stringify({ ...record, ...change }));
      return ansatz("score", work.at("made"), "--json");
    };
    try {
      const own = await scored({});
      expect(await scored({ data: older })).toEqual(own);
      expect(await scored({ seed: 9 })).toEqual(own);
      const other = await scored({ data: { ...record.data, splitRule: { ...splitRule, seed: 9 } } });
      expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining("has changed since the fit") });
    } finally {
      await writeFile(path, written);
    }
  });

  it("takes every row of data that is not the fit's, and the splits of data that came split", async () => {
    await documentOf(...smallIsing, "--seed", "2", "--samples", "300", "--out", work.at("other.npz"));
    expect(await documentOf("score", work.at("made"), work.at("other.npz"))).toMatchObject({ count: 300 });
    const { stderr } = await ansatz("score", work.at("made"), work.at("ising.npz"), "--seed", "9");
    expect(stderr).toContain("warning: these are the rows of the fit, split by another seed");
    for (const [part, what] of [
      ["train", "train split, rows trained on: 14/1/1"],
      ["all", "all rows, including those trained on)"],
    ] as const) {
      const scored = await ansatz("score", work.at("made"), "--split", part);
      expect(scored.stdout).toContain(what);
      expect(scored.stderr).toContain("that the model was trained on");
    }
    // The same rows without their chains are split at random, and that is the reason.
    const [x, alone] = [await loadArray(work.at("ising.npz")), work.at("alone.npy")];
    await saveArray(alone, x);
    const without = await ansatz("score", work.at("made"), alone);
    expect(without.stderr).toMatch(/now split 80\/10\/10.* for the fit 14\/1\/1 whole chains/);
  });

  it("prints one log-probability a row", async () => {
    const { rows, count, logProb } = (await documentOf("score", work.at("made"), "--rows")) as unknown as {
      rows: number[];
      count: number;
      logProb: { value: number };
    };
    expect(rows).toHaveLength(count);
    expect(rows.reduce((a, b) => a + b, 0) / count).toBeCloseTo(logProb.value, 10);
    const { stdout } = await ansatz("score", work.at("made"), "--rows");
    expect(stdout.trim().split("\n").map(Number)).toEqual(rows);
    for (const name of ["logprob.npy", "logprob.csv"]) {
      const out = work.at(name);
      const written = await documentOf("score", work.at("made"), "--rows", "--out", out);
      expect(written).toMatchObject({ out, rows, count });
      const column = await loadArray(out);
      expect([column.shape[0], [...column.data]]).toEqual([count, rows]);
      expect((await ansatz("score", work.at("made"), "--rows", "--out", out)).code).toBe(2);
    }
    const alone = await ansatz("score", work.at("made"), "--out", work.at("never.npy"));
    expect([alone.code, alone.stderr]).toEqual([
      2,
      expect.stringContaining("that --rows asks for; give both"),
    ]);
  });

  it.each(["npy", "npz", "csv"])("samples into .%s, the same from the same seed", async (extension) => {
    const [one, two] = [work.at(`one.${extension}`), work.at(`two.${extension}`)];
    const drawn = await documentOf("sample", work.at("made"), "-n", "150", "--seed", "2", "--out", one);
    expect(drawn).toMatchObject({ count: 150, logProb: { value: expect.any(Number) } });
    await documentOf("sample", work.at("made"), "-n", "150", "--seed", "2", "--out", two);
    expect(await readFile(two)).toEqual(extension === "npz" ? expect.anything() : await readFile(one));
    const x = await loadArray(one);
    expect(x.shape).toEqual(extension === "csv" ? [150, 16] : [150, 4, 4]);
    expect(x.data).toEqual((await loadArray(two)).data);
    expect(new Set(x.data as Uint8Array)).toEqual(new Set([0, 1]));
    // A model's samples can be scored by it: text has lost the lattice's shape, which the run knows.
    expect(await documentOf("score", work.at("made"), one)).toMatchObject({ count: 150 });
  });

  it("writes a report page that needs nothing else, and its figures", async () => {
    const report = await documentOf("report", work.at("made"), "-n", "500");
    expect(report).toMatchObject({ score: { kind: "exact" }, report: work.at("made/report.html") });
    const page = await readFile(work.at("made/report.html"), "utf8");
    expect(page).toContain("KL per site (nats)");
    expect(page).toContain("ansatz fit made");
    expect(page).not.toMatch(/<script|(src|href)="(?!#)/);
    const figures = await readdir(work.at("made/figures"));
    for (const name of ["training-curve", "configurations", "observable-energy", "correlation"])
      expect(figures).toEqual(expect.arrayContaining([`${name}.svg`, `${name}.png`]));
    // Page and figures are made from the run alone, and made again when asked.
    expect((await ansatz("report", work.at("made"), "-n", "400")).code).toBe(0);
    expect(await readFile(work.at("made/report.html"), "utf8")).not.toBe(page);
    const { document } = parseHTML(page);
    const headline = document.querySelector("p.summary")?.textContent;
    expect(headline).toMatch(/nats per site on \d+ held-out configurations\. KL per site from the exact/);
    expect(page.match(/<dt>seconds<\/dt>/g)).toBeNull();
    expect(page).toContain("KL is 0 for a perfect model");
    expect(document.querySelector("#figure-training-curve figcaption")?.textContent).toContain("dashed line");
  });

  it("keeps the data's own encoding: spins of -1 and +1 come out as they went in", async () => {
    await documentOf(
      ...smallIsing,
      "--seed",
      "3",
      "--samples",
      "400",
      "--encoding",
      "pm1",
      "--out",
      work.at("spins.npy"),
    );
    expect(new Set((await loadArray(work.at("spins.npy"))).data as Int32Array)).toEqual(new Set([-1, 1]));
    await documentOf(
      "fit",
      "made",
      work.at("spins.npy"),
      "--out",
      work.at("spins"),
      "--epochs",
      "1",
      "--set",
      "hidden=4",
    );
    await documentOf("sample", work.at("spins"), "-n", "50", "--out", work.at("drawn.npy"));
    expect(new Set((await loadArray(work.at("drawn.npy"))).data as Int32Array)).toEqual(new Set([-1, 1]));
    const { observables } = await documentOf("report", work.at("spins"), "-n", "200");
    expect(observables).toMatchObject(
      ["magnetisation", "absMagnetisation", "fluctuation", "binder"].map((name) => ({ name })),
    );
    const page = await readFile(work.at("spins/report.html"), "utf8");
    expect(page).not.toContain("dashed line");
    expect(page).not.toContain("KL");
  });

  it("never takes data that has changed since the fit for that of the fit", async () => {
    const data = work.at("moving.npy");
    const rows = (seed: string) =>
      documentOf(...smallIsing, "--seed", seed, "--samples", "200", "--force", "--out", data);
    await rows("5");
    const quick = ["--epochs", "1", "--set", "hidden=4"];
    await documentOf("fit", "made", data, "--out", work.at("moving"), ...quick);
    await rows("6");
    for (const command of ["score", "report"]) {
      const { code, stdout, stderr } = await ansatz(command, work.at("moving"));
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).toBe(
        `ansatz: ${data}: has changed since the fit of ${work.at("moving")}; ` +
          "name the file to use it as new data, or fit again\n",
      );
    }
    expect(await documentOf("score", work.at("moving"), data)).toMatchObject({ count: 200 });
    await documentOf("report", work.at("moving"), data, "-n", "100");
    const page = await readFile(work.at("moving/report.html"), "utf8");
    expect(page).toContain(`on 200 configurations of ${data}`);
    expect(page).not.toMatch(/held-out/i);
  });

  it("says what text and .npy lose, and why an error is unknown", async () => {
    const few = await ansatz(...smallIsing, "--samples", "20", "--out", work.at("few.csv"));
    expect(few.stderr).toContain("which chain each row is from");
    // Rows thinned by several τ count as independent where they are too few to show their own.
    expect(few.stdout).toMatch(/energy per site −\d\.\d+ ± 0\.\d+/);
    const frozen = await ansatz(
      ...[
        "simulate",
        "ising",
        "--shape",
        "4x4",
        "--beta",
        "20",
        "--samples",
        "20",
        "--out",
        work.at("cold.npz"),
      ],
    );
    expect(frozen.stdout).toContain("every row has the same energy");
    const one = await ansatz("sample", work.at("made"), "-n", "1", "--out", work.at("single.npy"));
    expect(one.stdout).toMatch(/log P per configuration −\d.* ± unknown.*; one row has no standard error/);
  });

  it("says what runs and files hold", async () => {
    expect(await documentOf("info", work.at("made"))).toMatchObject({ kind: "run", family: "made" });
    expect(await documentOf("info", work.at("ising.npz"))).toMatchObject({ kind: "data", rows: 2000 });
    const bits = arrayFrom("u8", [4, 2], [0, 1, 1, 0, 0, 0, 1, 1]);
    const context = arrayFrom("f32", [4, 3], new Array(12).fill(0.5));
    await writeFile(work.at("conditional.npz"), writeNpz({ arrays: { x: bits, context } }));
    expect(await documentOf("info", work.at("conditional.npz"))).toMatchObject({ contextSize: 3 });
    const { stdout } = await ansatz("info", work.at("conditional.npz"));
    expect(stdout).toContain("conditioned on a context of 3 values");
  });

  it("takes options from a file, which flags override", async () => {
    const config = work.at("config.yaml");
    await writeFile(
      config,
      `family: made\ndata: ${work.at("ising.npz")}\nepochs: 7\nset:\n  hidden: [6, 5]\n`,
    );
    await documentOf("fit", "--config", config, "--epochs", "2", "--out", work.at("configured"));
    const record = JSON.parse(await readFile(join(work.at("configured"), "model.json"), "utf8"));
    expect(record.training.epochs).toBe(2);
    expect(record.hyperparameters.hidden).toEqual([6, 5]);
    await writeFile(config, "epocs: 7\n");
    const { code, stderr } = await ansatz("fit", "--config", config, "--out", work.at("never"));
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining("the key 'epocs' is not known; did you mean epochs?"),
    ]);
  });
});

describe("data in one file a split", () => {
  it("is fitted, and scored on another file", async () => {
    const rows = (n: number, shift: number) =>
      Array.from({ length: n }, (_, i) => [0, 1, 2, 3].map((k) => ((i + shift) >> k) & 1).join(",")).join(
        "\n",
      );
    await writeFile(work.at("a.train.data"), rows(200, 0));
    await writeFile(work.at("a.valid.data"), rows(30, 5));
    await writeFile(work.at("a.test.data"), rows(40, 9));
    const files = ["--train", work.at("a.train.data"), "--valid", work.at("a.valid.data")];
    const fitted = await documentOf("fit", "made", ...files, "--out", work.at("a"), "--epochs", "3");
    expect(fitted).toMatchObject({ rows: { train: 200, valid: 30, test: 0 } });
    const score = await documentOf("score", work.at("a"), work.at("a.test.data"));
    expect(score).toMatchObject({ kind: "exact", count: 40 });
    expect(score).not.toHaveProperty("kl");
    expect(await documentOf("score", work.at("a"))).toMatchObject({ count: 30 });
  });
});
