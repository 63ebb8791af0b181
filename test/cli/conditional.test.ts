import { writeFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { arrayFrom } from "../../src/array.ts";
import { writeNpz } from "../../src/data/formats/npz.ts";
import { binary, categorical } from "../../src/data/space.ts";
import { loadArray } from "../../src/files/index.ts";
import { Key } from "../../src/random/key.ts";
import { normal } from "../../src/random/normal.ts";
import { uniform } from "../../src/random/uniform.ts";
import { ansatz, documentOf, patient, workFolder } from "./support.ts";

const work = workFolder();
const rows = 4000;

/** Mean and deviation of both numbers given c: (2 c, c²) ± (0.2 or 0.4, 0.3). */
const means = (c: number) => [2 * c, c * c] as const;
const deviations = (c: number) => [c > 0 ? 0.4 : 0.2, 0.3] as const;
/** The entropy given c, averaged over c uniform in [−1, 1), nats. */
const entropy = Math.log(2 * Math.PI * Math.E) + (Math.log(0.2) + Math.log(0.4)) / 2 + Math.log(0.3);

beforeAll(async () => {
  const c = uniform(Key.fromSeed(1), rows, "f64").map((u) => 2 * u - 1);
  const z = normal(Key.fromSeed(2), 2 * rows, "f64");
  const data = z.map((v, i) => {
    const at = c[i >> 1] as number;
    return (means(at)[i % 2] as number) + (deviations(at)[i % 2] as number) * v;
  });
  const x = arrayFrom("f64", [rows, 2], data);
  const context = arrayFrom("f64", [rows, 1], c);
  await writeFile(work.at("given.npz"), writeNpz({ arrays: { x, context } }));
  await writeFile(work.at("wide.npz"), writeNpz({ arrays: { x, context: x } }));
  await writeFile(work.at("alone.npz"), writeNpz({ arrays: { x } }));
}, patient);

const fit = (family: string, ...more: string[]) => [
  ...["fit", family, "--space", "real", "--epochs", "25", "--batch", "50", "--lr", "0.004", "--seed", "1"],
  ...more,
];

describe("a flow given a context", { timeout: patient }, () => {
  it.each([
    ["realnvp", ["--set", "couplings=4", "--set", "hidden=24,24"]],
    ["maf", ["--set", "layers=3", "--set", "hidden=24"]],
    ["spline", ["--set", "couplings=2", "--set", "hidden=24,24"]],
  ])("%s learns the density given each context, and samples it", async (family, small) => {
    const run = work.at(family);
    await documentOf(...fit(family, work.at("given.npz"), "--out", run), ...small);
    const { nll } = (await documentOf("score", run)) as never as { nll: { value: number; error: number } };
    // Without the context the two numbers have an entropy larger by a nat.
    expect(nll.value - entropy).toBeLessThan(0.15 + 3 * nll.error);
    expect(nll.value - entropy).toBeGreaterThan(-4 * nll.error);
    for (const c of [-0.7, 0.6]) {
      const out = work.at(`${family}.npy`);
      await documentOf("sample", run, "--context", String(c), "-n", "4000", "--out", out, "--force");
      const { data } = await loadArray(out);
      for (const i of [0, 1]) {
        const values = Array.from({ length: 4000 }, (_, row) => Number(data[2 * row + i]));
        const mean = values.reduce((a, b) => a + b, 0) / 4000;
        const spread = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / 4000);
        expect(Math.abs(mean - (means(c)[i] as number))).toBeLessThan(0.1);
        expect(Math.abs(Math.log(spread / (deviations(c)[i] as number)))).toBeLessThan(0.25);
      }
    }
  });

  it("glow learns images of several classes, and draws each by its name", async () => {
    // Three classes of 4 × 4 images: a bright row, a bright column, a bright diagonal; noise of deviation 0.3 everywhere.
    const bright = [
      (r: number) => r === 1,
      (_: number, c: number) => c === 2,
      (r: number, c: number) => r === c,
    ];
    const pixel = (kind: number, i: number) => Number(bright[kind]?.(i >> 2, i % 4));
    const n = 1500;
    const z = normal(Key.fromSeed(4), 16 * n, "f64");
    const x = z.map((v, i) => 0.3 * v + pixel(Math.floor(i / 16) % 3, i % 16));
    const context = Array.from({ length: 3 * n }, (_, i) => Number(Math.floor(i / 3) % 3 === i % 3));
    const arrays = { x: arrayFrom("f64", [n, 4, 4], x), context: arrayFrom("f64", [n, 3], context) };
    await writeFile(work.at("classes.npz"), writeNpz({ arrays }));
    const run = work.at("glow");
    const small = ["--set", "steps=2", "--set", "channels=12", "--set", "levels=1", "--epochs", "20"];
    await documentOf(...fit("glow", work.at("classes.npz"), "--out", run), ...small);
    const { nll } = (await documentOf("score", run)) as never as { nll: { value: number; error: number } };
    const exact = 8 * Math.log(2 * Math.PI * Math.E * 0.09);
    expect(nll.value - exact).toBeLessThan(1.5 + 3 * nll.error);
    expect(nll.value - exact).toBeGreaterThan(-4 * nll.error);
    for (const [kind, name] of ["1,0,0", "0,1,0", "0,0,1"].entries()) {
      const out = work.at("class.npy");
      await documentOf("sample", run, "--context", name, "-n", "1000", "--out", out, "--force");
      const { data } = await loadArray(out);
      for (let i = 0; i < 16; i++) {
        let mean = 0;
        for (let row = 0; row < 1000; row++) mean += Number(data[16 * row + i]) / 1000;
        expect(Math.abs(mean - pixel(kind, i))).toBeLessThan(0.2);
      }
    }
  });

  it("made is given labels, by a flag or by the file of the data, and knows them again", async () => {
    // Bits that are mostly 1 for the label in the middle alone: of a number 0, 1, 2 they would not be a monotone function.
    const n = 1200;
    const u = uniform(Key.fromSeed(5), 2 * n, "f64");
    const label = (i: number) => Math.floor(i / 2) % 3;
    const x = arrayFrom(
      "f64",
      [n, 2],
      u.map((v, i) => Number(v < (label(i) === 1 ? 0.95 : 0.05))),
    );
    const context = arrayFrom(
      "i64",
      [n],
      Array.from({ length: n }, (_, i) => i % 3),
    );
    const labels = categorical([1], 3);
    const meta = { version: 1, space: binary([2]), encoding: "01", context: labels } as const;
    await writeFile(work.at("said.npz"), writeNpz({ arrays: { x, context }, meta }));
    await writeFile(work.at("unsaid.npz"), writeNpz({ arrays: { x, context } }));
    const small = ["--set", "hidden=4", "--epochs", "30", "--lr", "0.03", "--batch", "50", "--seed", "1"];
    const run = work.at("labels");
    await documentOf(
      "fit",
      "made",
      work.at("unsaid.npz"),
      "--context-space",
      "categorical:3",
      ...small,
      "--out",
      run,
    );
    const again = work.at("labels-said");
    await documentOf("fit", "made", work.at("said.npz"), ...small, "--out", again);
    const [one, two] = [await documentOf("score", run), await documentOf("score", again)] as never as {
      nll: { value: number; error: number };
    }[];
    expect(two?.nll).toEqual(one?.nll);
    const exact = -2 * (0.95 * Math.log(0.95) + 0.05 * Math.log(0.05));
    expect(Math.abs((one?.nll.value ?? 0) - exact)).toBeLessThan(0.1 + 3 * (one?.nll.error ?? 0));
    expect(await documentOf("info", run)).toMatchObject({ context: labels, contextSize: 1 });
    expect(await documentOf("info", work.at("said.npz"))).toMatchObject({ context: labels });
    const to = ["-n", "5", "--out", work.at("label.npy"), "--force"];
    await documentOf("sample", run, "--context", "2", ...to);
    await documentOf("sample", run, "--context", "2", "-n", "5", "--out", work.at("label.npz"));
    expect(await documentOf("info", work.at("label.npz"))).toMatchObject({ context: labels });
    const done = await ansatz("sample", run, "--context", "3", ...to);
    expect(done).toMatchObject({ code: 2, stdout: "" });
    expect(done.stderr).toContain("has the value 3; a categorical:3 space holds integers 0 to 2");
    const other = await ansatz(
      "fit",
      "made",
      work.at("unsaid.npz"),
      "--context-space",
      "binary",
      "--out",
      work.at("no"),
    );
    expect(other.stderr).toContain("(context): row 2, column 0 has the value 2; a binary space holds 0 or 1");
  });

  it("takes contexts from the file of the data, and says what does not fit", async () => {
    const run = work.at("realnvp");
    const to = ["--out", work.at("other.npz"), "--force"];
    const drawn = await documentOf("sample", run, "--context", work.at("given.npz"), ...to);
    expect(drawn).toMatchObject({ count: rows });
    for (const [given, message] of [
      [["--context", "0.5,1"], "--context 0.5,1: gives 2 values; the model is conditioned on 1"],
      [["--context", work.at("wide.npz")], "has 2 values a row; the model is conditioned on 1"],
      [["--context", work.at("given.npz"), "-n", "10"], `has ${rows} rows; --samples asks for 10`],
      [[], "this realnvp is conditional: it needs a context of 1 value per row (--context)"],
    ] as const) {
      const done = await ansatz("sample", run, ...given, ...to);
      expect(done).toMatchObject({ code: 2, stdout: "" });
      expect(done.stderr).toContain(message);
    }
    const score = await ansatz("score", run, work.at("alone.npz"));
    expect(score.code).toBe(2);
    expect(score.stderr).toContain("give --context <file> with one of 1 value a row");
    await documentOf(...fit("realnvp", work.at("alone.npz"), "--out", work.at("plain"), "--epochs", "1"));
    const done = await ansatz("sample", work.at("plain"), "--context", "1", ...to);
    expect(done).toMatchObject({ code: 2 });
    expect(done.stderr).toContain("was fitted without a context");
  });
});
