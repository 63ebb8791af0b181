import { writeFile } from "node:fs/promises";
import { beforeAll, expect, it } from "vitest";
import { arrayFrom } from "../../src/array.ts";
import { writeNpy } from "../../src/data/formats/npy.ts";
import { loadArray } from "../../src/files/index.ts";
import { Key, uniform } from "../../src/random/index.ts";
import { ansatz, documentOf, patient, workFolder } from "./support.ts";

const work = workFolder();
const [WORDS, SITES] = [20_000, 4];
/** Words by Zipf's law. */
const text = Int32Array.from(uniform(Key.fromSeed(1), 400 * SITES, "f64"), (u) =>
  Math.min(WORDS - 1, Math.floor((WORDS + 1) ** u) - 1),
);
const fit = ["--space", `categorical:${WORDS}`, "--set", "width=8", "--set", "layers=1", "--set", "heads=2"];

beforeAll(async () => {
  await writeFile(work.at("words.npy"), writeNpy(arrayFrom("i32", [400, SITES], text)));
  const trained = ["fit", "transformer", work.at("words.npy"), "--out", work.at("run"), ...fit];
  await documentOf(...trained, "--epochs", "8", "--batch", "20", "--lr", "0.01");
}, patient);

it("fits a vocabulary from a file of token ids by sampled softmax, and says so", async () => {
  const info = await documentOf("info", work.at("run"));
  expect(JSON.stringify(info)).toContain('"negatives":1024');
  // 20,000 rows of 8 numbers and a bias, and little else.
  expect(JSON.stringify(info)).toMatch(/"parameters":18\d{4}\b/);
});

it("scores rows by exact log-probabilities, better than by chance", async () => {
  const { nllPerSite } = (await documentOf("score", work.at("run"), work.at("words.npy"))) as unknown as {
    nllPerSite: { value: number };
  };
  expect(nllPerSite.value).toBeLessThan(Math.log(WORDS));
});

it("samples token ids, and scores what it sampled as it said", async () => {
  const sampled = ["sample", work.at("run"), "-n", "20", "--out", work.at("s.npy")];
  const { logProb } = (await documentOf(...sampled)) as unknown as { logProb: { value: number } };
  const x = await loadArray(work.at("s.npy"));
  expect(x.dtype).toBe("i32");
  expect(x.shape).toEqual([20, SITES]);
  expect(Math.max(...(x.data as Int32Array))).toBeGreaterThan(256);
  const scored = await documentOf("score", work.at("run"), work.at("s.npy"));
  const { nll } = scored as unknown as { nll: { value: number } };
  expect(nll.value).toBeCloseTo(-logProb.value, 2);
});

it("makes a report, which has no table of states", async () => {
  const report = (await documentOf("report", work.at("run"))) as unknown as { observables: unknown[] };
  expect(report.observables).toEqual([]);
});

it("names a token outside the vocabulary", async () => {
  const bad = text.slice();
  bad[9] = WORDS;
  await writeFile(work.at("bad.npy"), writeNpy(arrayFrom("i32", [400, SITES], bad)));
  const { code, stderr } = await ansatz(
    "fit",
    "transformer",
    work.at("bad.npy"),
    "--out",
    work.at("x"),
    ...fit,
  );
  expect(code).toBe(2);
  expect(stderr).toContain(
    "row 2, column 1 has the value 20000; a categorical:20000 space holds integers 0 to 19999 (use --space categorical:20001)",
  );
});
