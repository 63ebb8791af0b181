import { readdir, readFile, writeFile } from "node:fs/promises";
import { Tensor } from "onnxruntime-node";
import { beforeAll, describe, expect, it } from "vitest";
import { startFit } from "../../src/cli/commands/start-fit.ts";
import { Session } from "../../src/cli/terminal/session.ts";
import { loadArray, readDataFile } from "../../src/files/index.ts";
import { openRun } from "../../src/runs/index.ts";
import { mean } from "../../src/stats/index.ts";
import type { GeneratorParameters } from "../laws/models/linear-gaussian.ts";
import { logProb } from "../laws/models/ppca-known.ts";
import { runOnnx } from "../laws/onnx.ts";
import { stoppedAt } from "../stopped.ts";
import "../laws/models/register.ts";
import { ansatz, documentOf, patient, workFolder } from "./support.ts";

// Families of a program's own in whole run folders: one with a bound, one of samples alone, and an exact one beside them.
const { at } = workFolder();
const options = { ppca: { latent: 2 }, "ppca-exact": { latent: 2 }, "noise-network": { hidden: 6 } };
type Name = keyof typeof options;
const names = Object.keys(options) as Name[];
const fitOptions = { schedule: "cosine", epochs: 6, batch: 50, lr: 0.02 } as const;
const fitFlags = Object.entries(fitOptions).flatMap(([key, value]) => [`--${key}`, `${value}`]);
const fitArguments = (name: Name, out: string) => [
  ...["fit", name, at("plane.npz"), "--out", at(out)],
  ...fitFlags,
  ...Object.entries(options[name]).flatMap(([key, value]) => ["--set", `${key}=${value}`]),
];
const parametersOf = (folder: string) => readFile(at(`${folder}/params.safetensors`));

/** A session whose work is stopped before its step number `step`. */
class Stopped extends Session {
  readonly #signal: AbortSignal | undefined;
  constructor(step: number) {
    super(["fit"], { stdout: { write: () => undefined }, stderr: { write: () => undefined } } as never);
    this.#signal = stoppedAt(step).hooks.signal;
  }
  override get signal(): AbortSignal {
    return this.#signal as AbortSignal;
  }
}

const said: Partial<Record<Name, { stdout: string; stderr: string }>> = {};

beforeAll(async () => {
  const simulated = ["simulate", "gaussians8", "-n", "1200", "--seed", "1", "--out", at("plane.npz")];
  await documentOf(...simulated);
  await writeFile(at("gaps.csv"), "nan,0.5");
  for (const name of names) {
    const { code, ...texts } = await ansatz(...fitArguments(name, name));
    expect([code, texts.stderr]).toEqual([0, expect.stringContaining(`fitting ${name}`)]);
    said[name] = texts;
  }
}, patient);

describe.each(names)("a %s in a run folder", (name) => {
  it("is stopped and gone on with, to the same bits", { timeout: patient }, async () => {
    const request = { family: name, data: { data: at("plane.npz") }, hyperparameters: options[name] };
    const stopped = startFit(
      at(`${name}-stopped`),
      { ...request, options: fitOptions },
      false,
      new Stopped(30),
    );
    await expect(stopped).rejects.toThrow("the checkpoint is kept");
    const score = await ansatz("score", at(`${name}-stopped`));
    expect([score.code, score.stderr]).toEqual([2, expect.stringContaining("its fit has not ended")]);
    const resumed = await ansatz("fit", "--resume", "--out", at(`${name}-stopped`));
    expect([resumed.code, resumed.stderr]).toEqual([0, expect.stringContaining("going on from step")]);
    expect((await parametersOf(`${name}-stopped`)).equals(await parametersOf(name))).toBe(true);
  });

  it("is told by info, and draws samples by seed", async () => {
    const { stdout } = await ansatz("info", at(name));
    expect(stdout).toContain(`${name} on a table of 2 columns`);
    expect(stdout).toMatch(/best epoch \d of 6/);
    const sample = ["sample", at(name), "-n", "300", "--seed", "2"];
    expect(await documentOf(...sample, "--out", at(`${name}-1.npy`))).toMatchObject({ count: 300 });
    await documentOf(...sample, "--out", at(`${name}-2.npy`));
    const [first, second] = [await loadArray(at(`${name}-1.npy`)), await loadArray(at(`${name}-2.npy`))];
    expect(first.shape).toEqual([300, 2]);
    expect(second).toEqual(first);
    const fitted = await (await openRun(at(name))).fitted({ threads: 1 });
    expect((await (fitted as { sample: typeof fitted.sample }).sample(300, { seed: 2 })).x.data).toEqual(
      Float32Array.from(first.data as Float32Array),
    );
    await fitted.release();
  });

  it("has a page", { timeout: patient }, async () => {
    const document = await documentOf("report", at(name), "-n", "2000");
    expect(document.files).toContain(at(`${name}/report.html`));
    expect(await readFile(at(`${name}/report.html`), "utf8")).toContain(name);
  });
});

describe("a model with a bound", () => {
  it("is never said to have a likelihood: every number is called a bound, with its draws", async () => {
    expect(said.ppca?.stdout).toMatch(/validation NLL bound per site \d/);
    const { stdout } = await ansatz("score", at("ppca"));
    expect(stdout).toContain("NLL bound per site (nats)");
    expect(stdout).toContain("KL bound per site (nats)");
    expect(stdout).toContain("NLL is at most this; k = 200 importance weights a row");
    expect(stdout).not.toMatch(/NLL per site|NLL \(nats\)|KL \(nats\)/);
    const page = await readFile(at("ppca/report.html"), "utf8");
    expect(page).toContain("negative log-likelihood is at most");
    expect(page).toContain("by a bound with k = 200 importance weights a row");
    expect(page).not.toContain("negative log-likelihood is 1");
    const curve = await readFile(at("ppca/figures/training-curve.svg"), "utf8");
    expect(curve).toContain("NLL bound per site");
  });

  it("scores rows by lower bounds of their log P, closer by more draws", async () => {
    const rowsBy = async (...more: string[]) =>
      (await documentOf("score", at("ppca"), "--split", "all", "--rows", ...more))
        .rows as unknown as number[];
    const [one, many] = [await rowsBy("--draws", "1"), await rowsBy("--draws", "64")];
    const run = await openRun(at("ppca"));
    const parameters = (await run.parameters(run.model())) as GeneratorParameters;
    const exact = logProb(parameters, await loadArray(at("plane.npz")));
    expect(mean(one)).toBeLessThan(mean(many));
    expect(mean(many)).toBeLessThan(mean(exact) + 0.01);
    expect(mean(exact) - mean(many)).toBeLessThan(0.05);
    const { stdout } = await ansatz("score", at("ppca"), "--rows", "--out", at("rows.csv"), "--force");
    expect(stdout).toMatch(/a lower bound of log P \(k = 200\) of \d+ rows, nats/);
  });

  it("with latent variables says what its encoder does, and anneals where asked to", {
    timeout: patient,
  }, async () => {
    const argv = ["score", at("ppca"), "--draws", "20"];
    const { stdout } = await ansatz(...argv, "--anneal", "32");
    for (const row of [
      "NLL bound of single draws, −ELBO (nats)",
      "NLL bound by annealing (nats)",
      "log P bound, annealing less k = 20 (nats)",
      "own samples: mean −log P, at least (nats)",
      "own samples: mean −log P, at most (nats)",
      "own samples: gap (nats)",
      "rate, KL of encoder from prior (nats)",
      "distortion, −log P(x | z) (nats)",
      "latent variables active",
    ])
      expect(stdout).toContain(row);
    expect(stdout).not.toMatch(/NLL per site|NLL \(nats\)|KL \(nats\)/);
    expect((await ansatz(...argv)).stdout).not.toContain("annealing");
    const few = await ansatz(...argv, "--anneal", "8");
    expect([few.code, few.stderr.trim()]).toEqual([
      2,
      expect.stringContaining("--anneal takes a whole number of at least 32, not '8'"),
    ]);
    const exact = await ansatz("score", at("ppca-exact"), "--anneal");
    expect(exact.stderr).toContain("--anneal goes with models with latent variables; ppca-exact is exact");
  });

  it("with latent variables fills gaps by weighted particles", async () => {
    const argv = ["fill", at("ppca"), at("gaps.csv"), "-n", "50", "--out", at("filled.npz")];
    const { code, stdout } = await ansatz(...argv);
    expect(code).toBe(0);
    expect(stdout).toMatch(/50 completions of each of 1 rows, 1 unknown sites in all/);
    expect(stdout).toMatch(/from 64 weighted particles a row: effective sample size [01]\.\d+ of them/);
    const { arrays } = await readDataFile(at("filled.npz"));
    expect(arrays.x?.shape).toEqual([1, 50, 2]);
    const values = Array.from(arrays.x?.data ?? [], Number);
    expect(values.filter((_, i) => i % 2 === 1).every((v) => v === 0.5)).toBe(true);
    expect(new Set(values).size).toBeGreaterThan(45);
  });

  it("is exported as its sampler and one draw of its bound", async () => {
    const { files } = await documentOf("export", at("ppca"), "--out", at("ppca-onnx"));
    expect(files).toEqual(["bound.onnx", "sampler.onnx", "example.py"]);
    const noise = { noise0_normal: new Tensor("float32", new Float32Array(6), [3, 2]) };
    const x = new Tensor("float32", Float32Array.from([0, 0, 1, 1, 2, -1]), [3, 2]);
    const bytes = await readFile(at("ppca-onnx/bound.onnx"));
    const { bound } = await runOnnx(bytes, { x, ...noise });
    expect(bound?.dims).toEqual([3]);
  });

  it("is compared with exact models, its numbers marked", { timeout: patient }, async () => {
    const flags = [...fitFlags, "--set", "ppca.latent=2"];
    const argv = ["compare", at("plane.npz"), "--models", "ppca,ppca-exact", "--out", at("c.html")];
    const { code, stdout } = await ansatz(...argv, "--set", "ppca-exact.latent=2", ...flags);
    expect(code).toBe(0);
    expect(stdout).toMatch(/ppca .*≤ \d/);
    expect(stdout).not.toMatch(/ppca-exact .*≤ \d/);
    const page = await readFile(at("c.html"), "utf8");
    expect(page).toContain("≤ marks a bound: the number of ppca (k = 200 draws a row) is at most that");
    const help = await ansatz("compare", "--help");
    expect(help.stdout.replace(/\s+/g, "")).toContain("ppca,ppca-exactthatmodelthedata");
  });
});

describe("a model of samples alone", () => {
  it("is scored by its distance to the data, beside that of data to data", async () => {
    const { stdout } = await ansatz("score", at("noise-network"), "--split", "all");
    expect(stdout).toMatch(/energy distance of samples to data .*\(data to data\)/);
    expect(stdout).not.toMatch(/NLL|log P/);
    const page = await readFile(at("noise-network/report.html"), "utf8");
    expect(page).toContain("The model has no likelihood; the energy distance of its samples to the data is");
    expect(page).not.toContain("NLL");
    expect(said["noise-network"]?.stdout).toMatch(/validation energy score \d/);
  });

  it("without a number to watch says that nothing was validated", { timeout: patient }, async () => {
    const [fit, ...more] = fitArguments("noise-network", "critic") as [string, ...string[]];
    const { stdout, stderr } = await ansatz(fit, ...more, "--set", "training=critic");
    expect(stderr).toContain("no validation");
    expect(stdout).toContain("no validation measure; parameters of epoch 6 of 6");
    const report = await documentOf("report", at("critic"), "-n", "500");
    expect(report.files).toContain(at("critic/report.html"));
    expect(report.files).not.toContain(at("critic/figures/training-curve.svg"));
  });

  it("is exported as its sampler", async () => {
    const { files } = await documentOf("export", at("noise-network"), "--out", at("network-onnx"));
    expect(files).toEqual(["sampler.onnx", "example.py"]);
    expect(await readdir(at("network-onnx"))).toHaveLength(2);
  });

  it.each([
    [
      ["score", "--rows"],
      "has no likelihood, so rows have no log-probability; leave out --rows for the energy distance",
    ],
    [
      ["score", "--draws", "4"],
      "--draws goes with models with a bound; noise-network is a model of samples alone",
    ],
    [["score", "--bracket"], "--bracket goes with energy models; noise-network is a model of samples alone"],
    [["sample", "--temperature", "2"], "draws independent samples without a log-probability"],
    [["sample", "--metropolis"], "leave --metropolis out"],
    [["compare"], "noise-network has an implicit likelihood, so rows cannot be compared; score it alone"],
    [
      ["fill"],
      "has no conditionals to draw unknown sites from; fit a model with an exact likelihood, or an energy model",
    ],
  ] as [string[], string][])(
    "%j is refused in one line that says what can be asked",
    async ([command = "", ...more], message) => {
      const named =
        command === "compare"
          ? ["compare", at("plane.npz"), "--models", "ppca,noise-network"]
          : command === "fill"
            ? ["fill", at("noise-network"), at("gaps.csv")]
            : [command, at("noise-network")];
      const { code, stdout, stderr } = await ansatz(
        ...named,
        ...more,
        ...(command === "score" ? [] : ["--out", at(`refused.${command === "compare" ? "html" : "npy"}`)]),
      );
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr.trim().split("\n")).toHaveLength(1);
      expect(stderr).toContain(message);
    },
  );
});
