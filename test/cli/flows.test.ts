import { writeFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { Key } from "../../src/random/key.ts";
import { normal } from "../../src/random/normal.ts";
import { ansatz, documentOf, patient, workFolder } from "./support.ts";

const work = workFolder();

beforeAll(async () => {
  // A parabola with noise: x₁ = x₀² + 0.3 · ε; the entropy is that of two normal numbers, one of deviation 0.3.
  const z = normal(Key.fromSeed(1), 4000, "f64");
  const rows = Array.from({ length: 2000 }, (_, i) => {
    const [a, b] = [z[2 * i] as number, z[2 * i + 1] as number];
    return `${a},${a * a + 0.3 * b}`;
  });
  await writeFile(work.at("plane.csv"), rows.join("\n"));
  await writeFile(
    work.at("angles.csv"),
    rows.map((row) => row.split(",").map((v) => Math.sin(Number(v)))).join("\n"),
  );
  await writeFile(work.at("still.csv"), rows.map((row) => `${row},3`).join("\n"));
}, patient);

describe("a flow of real columns, command by command", { timeout: patient }, () => {
  it("fits, scores near the entropy, samples, reports and exports", async () => {
    const fit = ["fit", "realnvp", work.at("plane.csv"), "--space", "real", "--out", work.at("run")];
    const fitted = await documentOf(...fit, "--epochs", "40", "--lr", "0.005", "--seed", "1");
    expect(fitted).toMatchObject({ family: "realnvp", rows: { train: 1600 } });
    const score = (await documentOf("score", work.at("run"), work.at("plane.csv"))) as never as {
      nll: { value: number; error: number };
    };
    const entropy = Math.log(2 * Math.PI * Math.E) + Math.log(0.3);
    expect(Math.abs(score.nll.value - entropy)).toBeLessThan(0.1 + 3 * score.nll.error);
    await documentOf("sample", work.at("run"), "-n", "500", "--out", work.at("drawn.npy"));
    const drawn = (await documentOf("score", work.at("run"), work.at("drawn.npy"))) as never as {
      nll: { value: number; error: number };
    };
    expect(Math.abs(drawn.nll.value - entropy)).toBeLessThan(0.1 + 4 * drawn.nll.error);
    const report = await ansatz("report", work.at("run"));
    expect([report.code, report.stderr]).toEqual([0, expect.any(String)]);
    expect(report.stdout).toContain("variance of x1");
    const exported = await documentOf("export", work.at("run"), "--out", work.at("onnx"));
    expect(exported).toMatchObject({
      files: ["logprob.onnx", "sampler.onnx", "encoder.onnx", "decoder.onnx", "example.py"],
    });
  });

  it("names a column that is constant, a space it cannot model, and a value outside the bounds", async () => {
    for (const [data, space, message] of [
      ["still.csv", "real", "still.csv: column 2 is constant over the training rows"],
      ["plane.csv", "real:0..1", "plane.csv: row 1, column 0 has the value"],
      ["angles.csv", "circle", "realnvp models real numbers"],
    ] as const) {
      const out = ["--out", work.at("bad")];
      const done = await ansatz("fit", "realnvp", work.at(data), "--space", space, ...out);
      expect(done).toMatchObject({ code: 2, stdout: "" });
      expect(done.stderr).toContain(message);
      expect(done.stderr.trim().split("\n")).toHaveLength(1);
    }
  });

  it("warns of columns on which a density has no upper limit", async () => {
    const rows = Array.from({ length: 200 }, (_, i) => `${Math.sin(i)},${i % 7},${Math.sin(i)}`);
    await writeFile(work.at("whole.csv"), `${rows.join("\n")}\n`);
    const argv = ["fit", "realnvp", work.at("whole.csv"), "--space", "real", "--out", work.at("whole")];
    const { code, stderr } = await ansatz(...argv, "--epochs", "1");
    expect(code).toBe(0);
    expect(stderr).toContain("whole.csv: column 1: most values repeat");
    expect(stderr).toContain("whole.csv: columns 0 = 2: equal in all training rows");
  });
});
