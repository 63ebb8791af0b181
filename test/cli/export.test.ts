import { execFileSync } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { type NDArray, ndarray, sizeOf } from "../../src/array.ts";
import { writeNpy } from "../../src/data/formats/npy.ts";
import { loadArray } from "../../src/files/index.ts";
import { Key, uniform } from "../../src/random/index.ts";
import { engine } from "../../src/runtime/index.ts";
import { ansatz, documentOf, patient, smallIsing, workFolder } from "./support.ts";

const work = workFolder();
const python = process.env.ANSATZ_PYTHON ?? "python3";
const missing = whyNoPython();

function whyNoPython(): string | undefined {
  try {
    execFileSync(python, ["-c", "import numpy, onnxruntime"], { stdio: "ignore" });
    return undefined;
  } catch {
    return `${python} has no numpy and onnxruntime; set ANSATZ_PYTHON to one that has`;
  }
}

/** Fits that cover what a graph can be made of: plain, averaged over orders and flips, and categorical. */
const models = [
  { name: "plain", data: "ising.npz", flags: ["--set", "hidden=16"] },
  {
    name: "averaged",
    data: "ising.npz",
    flags: ["--set", "hidden=12,9", "--set", "orders=2", "--set", "z2=true"],
  },
  { name: "categorical", data: "potts.csv", flags: ["--set", "hidden=10", "--space", "categorical:3"] },
];
const batches = [1, 7, 1000];

beforeAll(async () => {
  await documentOf(...smallIsing, "--seed", "1", "--out", work.at("ising.npz"));
  const states = uniform(Key.fromSeed(1), 1200 * 5, "f64").map((u) => Math.floor(3 * u ** 2));
  const rows = Array.from({ length: 1200 }, (_, r) => [...states.subarray(5 * r, 5 * r + 5)].join(","));
  await writeFile(work.at("potts.csv"), rows.join("\n"));
  for (const { name, data, flags } of models) {
    await documentOf("fit", "made", work.at(data), "--out", work.at(name), "--epochs", "4", ...flags);
    await documentOf("sample", work.at(name), "-n", "1000", "--seed", "3", "--out", work.at(`${name}.npy`));
    await documentOf("export", work.at(name), "--out", work.at(`${name}-onnx`));
  }
}, patient);

/** Log-probabilities by the command line, and the rows they belong to. */
async function scored(name: string): Promise<{ x: NDArray; rows: number[] }> {
  const { rows } = await documentOf("score", work.at(name), work.at(`${name}.npy`), "--rows");
  return { x: await loadArray(work.at(`${name}.npy`)), rows: rows as unknown as number[] };
}

/** Rows `from` … `to` − 1 in the element type the graph takes. */
function part(
  { data, shape }: NDArray,
  from: number,
  to: number,
  dtype: "f32" | "i32",
): NDArray<"f32" | "i32"> {
  const width = sizeOf(shape.slice(1));
  const values = Array.from(data as Uint8Array).slice(from * width, to * width);
  return ndarray(
    dtype,
    [to - from, ...shape.slice(1)],
    dtype === "f32" ? Float32Array.from(values) : Int32Array.from(values),
  );
}

describe.each(models)("the exported model: $name", ({ name }) => {
  const dtype = name === "categorical" ? "i32" : "f32";

  it("is whole, and replaced by force alone", async () => {
    expect((await readdir(work.at(`${name}-onnx`))).sort()).toEqual([
      "example.py",
      "logprob.onnx",
      "sampler.onnx",
    ]);
    const again = await ansatz("export", work.at(name), "--out", work.at(`${name}-onnx`));
    expect([again.code, again.stderr]).toEqual([
      2,
      expect.stringContaining("exists; use --force to replace it"),
    ]);
    await documentOf("export", work.at(name), "--out", work.at(`${name}-onnx`), "--force");
  });

  it("scores as the command does, at any batch, on the library's own engine", async () => {
    const { x, rows } = await scored(name);
    const session = await engine.load(await readFile(work.at(`${name}-onnx/logprob.onnx`)));
    for (const batch of batches) {
      const { logprob } = await session.run({ x: part(x, 0, batch, dtype) });
      expect(logprob?.shape).toEqual([batch]);
      for (let i = 0; i < batch; i++)
        expect(Math.abs(Number(logprob?.data[i]) - (rows[i] as number))).toBeLessThanOrEqual(1e-5);
    }
    await session.release();
  });

  it("draws configurations with the log-probabilities they have", async () => {
    const folder = work.at(`${name}-onnx`);
    const { sampler } = (await documentOf(
      "export",
      work.at(name),
      "--out",
      folder,
      "--force",
    )) as unknown as {
      sampler: { inputs: { name: string; shape: (number | string)[] }[] };
    };
    const draw = await engine.load(await readFile(`${folder}/sampler.onnx`));
    const score = await engine.load(await readFile(`${folder}/logprob.onnx`));
    for (const batch of batches) {
      const noise = Object.fromEntries(
        sampler.inputs.map(({ name, shape }, i) => {
          const sizes = shape.map((n) => (n === "batch" ? batch : Number(n)));
          return [
            name,
            ndarray("f32", sizes, uniform(Key.fromSeed(8).fold(i), sizeOf(sizes), "f32") as Float32Array),
          ];
        }),
      );
      const drawn = await draw.run(noise);
      const again = await score.run({ x: drawn.x as NDArray<"f32"> });
      const largest = Math.max(
        ...Array.from({ length: batch }, (_, i) =>
          Math.abs(Number(drawn.logprob?.data[i]) - Number(again.logprob?.data[i])),
        ),
      );
      expect(largest).toBeLessThanOrEqual(1e-4);
    }
    await draw.release();
    await score.release();
  });

  it.skipIf(missing !== undefined)(
    missing ? `agrees in Python (skipped: ${missing})` : "agrees in Python, and its example runs",
    async () => {
      const { rows } = await scored(name);
      await writeFile(work.at("rows.npy"), writeNpy(ndarray("f64", [rows.length], Float64Array.from(rows))));
      const script = [
        "import sys, numpy as np, onnxruntime as ort",
        "graph, x, rows = sys.argv[1], np.load(sys.argv[2]), np.load(sys.argv[3])",
        "s = ort.InferenceSession(graph, providers=['CPUExecutionProvider'])",
        "kind = {'tensor(float)': np.float32, 'tensor(int32)': np.int32}[s.get_inputs()[0].type]",
        "shape = s.get_inputs()[0].shape[1:]",
        "worst = max(abs(s.run(['logprob'], {'x': x[:n].reshape(n, *shape).astype(kind)})[0] - rows[:n]).max() for n in (1, 7, 1000))",
        "print(worst)",
      ].join("\n");
      const graph = work.at(`${name}-onnx/logprob.onnx`);
      const worst = execFileSync(python, ["-c", script, graph, work.at(`${name}.npy`), work.at("rows.npy")], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      });
      expect(Number(worst)).toBeLessThanOrEqual(1e-5);
      const example = execFileSync(python, [work.at(`${name}-onnx/example.py`)], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      });
      expect(example).toMatch(/^1000 configurations of shape .*mean log P -\d/);
    },
  );
});
