import { readFile, writeFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { arrayFrom, type NDArray, ndarray } from "../../src/array.ts";
import { readNpy, writeNpy } from "../../src/data/formats/npy.ts";
import { Key } from "../../src/random/key.ts";
import { uniform } from "../../src/random/uniform.ts";
import { openRun } from "../../src/runs/index.ts";
import { chiSquaredTest, sum } from "../../src/stats/index.ts";
import { ansatz, documentOf, patient, workFolder } from "./support.ts";

const { at } = workFolder();
const save = (name: string, array: NDArray) => writeFile(at(name), writeNpy(array));
const load = async (name: string) => readNpy(await readFile(at(name)), name) as NDArray<"i32">;

beforeAll(async () => {
  // Spins that repeat their neighbour with probability 0.85.
  const u = uniform(Key.fromSeed(3), 2000 * 5, "f64");
  const spins = new Int32Array(2000 * 5);
  u.forEach((v, i) => {
    spins[i] = i % 5 === 0 ? (v < 0.5 ? 1 : -1) : (v < 0.85 ? 1 : -1) * (spins[i - 1] as number);
  });
  await save("ring.npy", ndarray("i32", [2000, 5], spins));
  const settings = ["--set", "hidden=6", "--epochs", "30", "--lr", "0.03"];
  const fitted = await ansatz("fit", "rbm", at("ring.npy"), "--out", at("rbm"), ...settings);
  expect([fitted.code, fitted.stderr]).toEqual([0, expect.stringContaining("fitting rbm")]);
}, patient);

/** log P + log Z of all configurations by the run's own parameters, the first site fastest. */
async function logWeights(): Promise<Float64Array> {
  const fitted = await (await openRun(at("rbm"))).fitted();
  if (fitted.model.kind !== "energy") throw new Error("not an energy model");
  const all = Uint8Array.from({ length: 32 * 5 }, (_, i) => (Math.floor(i / 5) >> (i % 5)) & 1);
  const logs = await (fitted as { logWeight(x: NDArray): Promise<Float64Array> }).logWeight(
    ndarray("u8", [32, 5], all),
  );
  await fitted.release();
  return logs;
}

const indexOf = (x: NDArray<"i32">, row: number) =>
  [0, 1, 2, 3, 4].reduce((s, i) => s + (x.data[row * 5 + i] === 1 ? 1 << i : 0), 0);

describe("an energy model on the command line", () => {
  it("tells the exact NLL where a side can be enumerated, and says so in info", async () => {
    const info = await ansatz("info", at("rbm"));
    expect(info.stdout).toContain("rbm on binary on 5 sites");
    const resumed = await ansatz("fit", "--resume", "--out", at("rbm"));
    expect(resumed.stdout).toMatch(/validation NLL per site 0\.\d+/);
  });

  it("samples by chains with τ and R̂, from the distribution itself", async () => {
    const document = await documentOf(
      ...["sample", at("rbm"), "-n", "4000", "--chains", "400", "--burn-in", "100"],
      ...["--thin", "20", "--out", at("samples.npy")],
    );
    expect(document).toMatchObject({ count: 4000, chains: 400, burnIn: 100, thin: 20 });
    const x = await load("samples.npy");
    const logs = await logWeights();
    const total = sum(logs.map(Math.exp));
    const counts = new Float64Array(32);
    for (let row = 0; row < 4000; row++) (counts[indexOf(x, row)] as number)++;
    const expected = logs.map((l) => (Math.exp(l) / total) * 4000);
    expect(chiSquaredTest(counts, expected).pValue).toBeGreaterThan(1e-4);
    expect(new Set(x.data)).toEqual(new Set([-1, 1]));
  });

  it("fills gaps with the exact conditional probabilities", async () => {
    // One row of known spins 0 and 3, the others unknown.
    const partial = arrayFrom("f64", [1, 5], [1, Number.NaN, Number.NaN, -1, Number.NaN]);
    await save("partial.npy", partial);
    const args = ["fill", at("rbm"), at("partial.npy"), "-n", "2000", "--burn-in", "100"];
    const document = await documentOf(...args, "--out", at("filled.npy"));
    expect(document).toMatchObject({ rows: 1, completions: 2000, unknownSites: 3 });
    const x = await load("filled.npy");
    expect(x.shape).toEqual([1, 2000, 5]);
    const logs = await logWeights();
    const allowed = [...logs.keys()].filter((i) => (i & 1) === 1 && ((i >> 3) & 1) === 0);
    const total = sum(allowed.map((i) => Math.exp(logs[i] as number)));
    const counts = new Map(allowed.map((i) => [i, 0]));
    for (let row = 0; row < 2000; row++) {
      const i = indexOf(x, row);
      counts.set(i, (counts.get(i) as number) + 1);
    }
    expect([...counts.keys()]).toEqual(allowed);
    const expected = allowed.map((i) => (Math.exp(logs[i] as number) / total) * 2000);
    expect(chiSquaredTest([...counts.values()], expected).pValue).toBeGreaterThan(1e-4);
  });

  it("says that rows come after tens of sweeps", async () => {
    const argv = ["sample", at("rbm"), "-n", "20", "--burn-in", "10", "--out", at("tens.npz")];
    const { stdout, stderr } = await ansatz(...argv, "--thin", "13");
    expect(stdout).toContain("one row every 20");
    expect(stderr).toContain("note: --thin 13 is rounded up to 20");
    expect((await ansatz("sample", "--help")).stdout.replace(/\s+/g, " ")).toContain(
      "rounded up to a multiple of 10",
    );
  });

  it("is exported as its log-weight and one sweep", async () => {
    const document = await documentOf("export", at("rbm"), "--out", at("exported"));
    expect(document.files).toEqual(["logweight.onnx", "sweep.onnx", "example.py"]);
    const again = await ansatz("export", at("rbm"), "--out", at("exported"));
    expect(again.code).toBe(2);
    const replaced = await documentOf("export", at("rbm"), "--out", at("exported"), "--force");
    expect(replaced.files).toEqual(document.files);
  });

  it.each([
    [["sample", "--temperature", "2"], "is sampled by Markov chains; leave --temperature out"],
    [["sample", "--chains", "0"], "--chains"],
    [["sample", "-n", "5", "--chains", "10"], "5 samples cannot be spread over 10 chains"],
    [["compare"], "has an approximate likelihood, so rows cannot be compared"],
    [["fit", "method=score-matching"], "score-matching needs real sites"],
    [["fit", "centred=true", "method=pcd"], "use --optimiser sgd"],
  ])("%j is refused in one line", async ([command, ...more], message) => {
    const args =
      command === "fit"
        ? ["fit", "rbm", at("ring.npy"), "--out", at("refused"), ...more.flatMap((s) => ["--set", s])]
        : command === "compare"
          ? ["compare", at("ring.npy"), "--models", "made,rbm", "--out", at("c.html")]
          : ["sample", at("rbm"), "--out", at("x.npy"), ...more];
    const { code, stderr } = await ansatz(...(args as string[]));
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
