import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { ndarray } from "../../src/array.ts";
import { loadArray, saveRows } from "../../src/files/index.ts";
import { real } from "../../src/index.ts";
import { refused } from "./refused.ts";
import { ansatz, documentOf, patient, smallIsing, start, workFolder } from "./support.ts";

const work = workFolder();
const { at } = work;
const few = ["--epochs", "1", "--schedule", "cosine", "--set", "hidden=8"];

/** `rows` codes of `width` numbers in a file. */
const writeCodes = (name: string, rows: number, width: number) =>
  saveRows(at(name), {
    x: ndarray(
      "f32",
      [rows, width],
      Float32Array.from({ length: rows * width }, (_, i) => Math.sin(i)),
    ),
    space: real([width]),
    encoding: "plain",
  });

beforeAll(async () => {
  await documentOf(...smallIsing, "--samples", "200", "--seed", "1", "--out", at("ising.npz"));
  for (const family of ["autoencoder", "vae"])
    await documentOf("fit", family, at("ising.npz"), "--out", at(family), "--set", "latent=3", ...few);
  const prior = ["--prior", "realnvp", "--out", at("sampled")];
  await documentOf("fit", "autoencoder", at("ising.npz"), "--set", "latent=3", ...few, ...prior);
  await documentOf("fit", "made", at("ising.npz"), "--out", at("made"), ...few);
  await writeCodes("wide.npy", 5, 4);
}, patient);

describe("a model with codes", () => {
  it("encodes rows, and decodes codes as its own encoder and decoder do", async () => {
    for (const family of ["autoencoder", "vae"]) {
      const [codes, rows] = [at(`${family}-codes.npy`), at(`${family}-rows.npy`)];
      expect(await documentOf("encode", at(family), at("ising.npz"), "--out", codes)).toMatchObject({
        count: 200,
      });
      expect((await loadArray(codes)).shape).toEqual([200, 3]);
      await documentOf("decode", at(family), codes, "--out", rows);
      const decoded = await loadArray(rows);
      expect(decoded.shape).toEqual([200, 4, 4]);
      // Each row is of its own code, wherever it lies in the file.
      const last = (await loadArray(codes)).data.slice(-3);
      const x = ndarray("f32", [1, 3], Float32Array.from(last, Number));
      await saveRows(at(`${family}-last.npy`), { x, space: real([3]), encoding: "plain" });
      await documentOf("decode", at(family), at(`${family}-last.npy`), "--out", rows, "--force");
      expect((await loadArray(rows)).data).toEqual(decoded.data.slice(-16));
    }
  });

  it("walks from one sample to another", async () => {
    const walk = ["--interpolate", "4", "--seed", "3"];
    for (const run of ["vae", "sampled"]) {
      const out = at(`${run}-walk.npy`);
      expect(await documentOf("sample", at(run), "-n", "8", ...walk, "--out", out)).toMatchObject({
        walks: 2,
        steps: 4,
      });
      expect((await loadArray(out)).shape).toEqual([8, 4, 4]);
    }
    expect(
      await refused(work, "sample", at("vae"), "-n", "9", "--interpolate", "4", "--out", at("no.npy")),
    ).toMatch(/9 is no multiple of --interpolate 4/);
  });

  it("of no distribution is exported as its encoder and decoder, and reported by what it reconstructs", async () => {
    const { files } = await documentOf("export", at("autoencoder"), "--out", at("onnx"));
    expect(files).toEqual(["encoder.onnx", "decoder.onnx", "example.py"]);
    const { stdout } = await ansatz("report", at("autoencoder"));
    expect(stdout).toMatch(/reconstruction error per site +0\.\d+ ± 0\.\d+/);
  });

  it("--prior sets the hyperparameter of that name, and cannot contradict it", async () => {
    const { hyperparameters } = JSON.parse(await readFile(at("sampled/model.json"), "utf8"));
    expect(hyperparameters).toMatchObject({ prior: "realnvp", padding: "periodic" });
    const both = ["--prior", "spline", "--set", "prior=maf", "--out", at("no")];
    expect(await refused(work, "fit", "vae", at("ising.npz"), ...both)).toBe(
      "--prior spline and --set prior=maf contradict each other; give one",
    );
  });
});

describe("in one line", () => {
  const cases: [string, () => string[], RegExp][] = [
    [
      "a latent wider than the data",
      () => ["fit", "vae", at("ising.npz"), "--set", "latent=17", "--out", at("no")],
      /^vae: 17 latent variables for 16 sites; take latent=16 or fewer/,
    ],
    [
      "a likelihood of other values",
      () => ["fit", "vae", at("ising.npz"), "--set", "likelihood=gaussian", "--out", at("no")],
      /likelihood.*bernoulli/,
    ],
    [
      "codes of another width",
      () => ["decode", at("vae"), at("wide.npy"), "--out", at("no.npy")],
      /wide\.npy.*(shape|4).*3/,
    ],
    [
      "a model without codes",
      () => ["encode", at("made"), at("ising.npz"), "--out", at("no.npy")],
      /a made has no codes; for such rows these have: autoencoder, vae, vq-vae/,
    ],
    [
      "a likelihood of an autoencoder",
      () => ["score", at("autoencoder")],
      /^an autoencoder has codes but no distribution over them.*--prior spline/,
    ],
    [
      "a walk of an autoencoder",
      () => ["sample", at("autoencoder"), "-n", "8", "--interpolate", "4", "--out", at("no.npy")],
      /have no distribution to draw from; fit it with one, such as --prior spline/,
    ],
    [
      "a prior of a family that has none",
      () => ["fit", "made", at("ising.npz"), "--prior", "spline", "--out", at("no")],
      /^made has no hyperparameter 'prior'/,
    ],
  ];
  it.each(cases)("refuses %s", async (_, argv, message) => {
    expect(await refused(work, ...argv())).toMatch(message);
  });
});

describe("a fit of two courses", () => {
  const job = (out: string) => [
    ...["fit", "vq-vae", at("ising.npz"), "--out", at(out), "--schedule", "cosine", "--epochs", "12"],
    ...["--set", "levels=3,3", "--set", "width=8", "--set", "prior=made", "--patience", "0"],
  ];
  const parameters = (out: string) => readFile(at(`${out}/params.safetensors`));

  it("killed in either course ends with the same bits", { timeout: patient }, async () => {
    await documentOf(...job("whole"));
    for (const [name, word] of [
      ["first", "fitting vq-vae"],
      ["second", "course 2 of 2"],
    ] as const) {
      const { child, done } = start(...job(name));
      await new Promise<void>((resolve) => {
        child.stderr?.on("data", (text: string) => text.includes(word) && resolve());
        void done.then(() => resolve());
      });
      child.kill("SIGKILL");
      expect((await done).code).toBe(null);
      await documentOf("fit", "--resume", "--out", at(name));
      expect(await parameters(name)).toEqual(await parameters("whole"));
    }
  });
});
