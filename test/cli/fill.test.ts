import { readFile, writeFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { arrayFrom, type NDArray } from "../../src/array.ts";
import { readNpy, writeNpy } from "../../src/data/formats/npy.ts";
import { ansatz, type Done, patient, workFolder } from "./support.ts";

const { at } = workFolder();
const run = (args: readonly string[]) => ansatz(...args);
const load = async (name: string) => readNpy(await readFile(at(name)), name) as NDArray<"i32">;
const save = (name: string, array: NDArray) => writeFile(at(name), writeNpy(array));
const line = ({ code, stderr }: Done) => [code, stderr.trim().split("\n").at(-1)];

beforeAll(async () => {
  // Pairs of equal spins: what is unknown follows from its partner.
  const pairs = Array.from({ length: 400 * 6 }, (_, i) => {
    const [row, site] = [Math.floor(i / 6), i % 6];
    return (row * 7 + (site >> 1) * 5 + (row >> (site >> 1))) % 2 === 0 ? 1 : -1;
  });
  await save("pairs.npy", arrayFrom("i32", [400, 6], pairs));
  const fitted = await run([
    "fit",
    "made",
    at("pairs.npy"),
    "--out",
    at("run"),
    "--epochs",
    "30",
    "--lr",
    "0.02",
  ]);
  expect(fitted.code).toBe(0);
  const partial = Float64Array.from(pairs.slice(0, 60), (v, i) =>
    i % 6 === 2 || i % 6 === 5 ? Number.NaN : v,
  );
  await save("partial.npy", { dtype: "f64", shape: [10, 6], data: partial });
}, patient);

describe("ansatz fill", () => {
  it("completes what the model knows, in the encoding of the data, the same for the same seed", async () => {
    const done = await run(["fill", at("run"), at("partial.npy"), "--out", at("filled.npy"), "--json"]);
    expect(done.code).toBe(0);
    const { rows, unknownSites, exactRows, ess } = JSON.parse(done.stdout);
    expect([rows, unknownSites, exactRows]).toEqual([10, 20, 0]);
    expect(ess.least).toBeGreaterThan(0);
    const filled = await load("filled.npy");
    expect(filled.shape).toEqual([10, 6]);
    const truth = await load("pairs.npy");
    const wrong = [...filled.data].filter((v, i) => v !== truth.data[i]).length;
    expect(wrong).toBeLessThanOrEqual(1);
    await run(["fill", at("run"), at("partial.npy"), "--out", at("again.npy")]);
    expect((await load("again.npy")).data).toEqual(filled.data);
  });

  it("says in an .npz which axis is that of the completions, and is scored by it", async () => {
    const out = at("axes.npz");
    const done = await run(["fill", at("run"), at("partial.npy"), "-n", "3", "--out", out]);
    expect([done.code, done.stderr]).toEqual([0, ""]);
    const { stdout } = await run(["info", out]);
    expect(stdout).toContain("axes.npz: 3 completions of each of 10 rows, binary on 6 sites, encoding pm1\n");
    const info = JSON.parse((await run(["info", out, "--json"])).stdout);
    expect(info).toMatchObject({ rows: 30, meta: { completions: 3 } });
    const scored = JSON.parse((await run(["score", at("run"), out, "--json"])).stdout);
    expect(scored.count).toBe(30);
    const plain = await run(["fill", at("run"), at("partial.npy"), "-n", "3", "--out", at("axes.npy")]);
    expect(plain.stderr).toContain("axes.npy holds [10, 3, 6], rows by completions by sites");
  });

  it("draws gaps at the end of the order exactly, several completions a row, by a mask", async () => {
    await save("mask.npy", arrayFrom("bool", [6], [1, 1, 1, 1, 1, 0]));
    const args = ["fill", at("run"), at("pairs.npy"), "--mask", at("mask.npy"), "-n", "3"];
    const done = await run([...args, "--out", at("three.npy")]);
    expect(done.code).toBe(0);
    expect(done.stdout).toContain("exact draws");
    const { shape, data } = await load("three.npy");
    expect(shape).toEqual([400, 3, 6]);
    const equal = Array.from({ length: 1200 }, (_, r) => data[r * 6 + 4] === data[r * 6 + 5]);
    expect(equal.filter(Boolean).length).toBeGreaterThan(1150);
  });

  it("begins samples with a prefix", async () => {
    const args = ["sample", at("run"), "-n", "50", "--out", at("after.npy"), "--prefix"];
    expect((await run([...args, "-1,-1,1"])).code).toBe(0);
    const { data } = await load("after.npy");
    for (let r = 0; r < 50; r++) expect([...data.slice(r * 6, r * 6 + 3)]).toEqual([-1, -1, 1]);
    expect(line(await run([...args, "1,2", "--force"]))).toEqual([
      2,
      expect.stringContaining("has the value 2"),
    ]);
    expect(line(await run([...args, "1,1,1,1,1,1", "--force"]))).toEqual([
      2,
      "ansatz: --prefix gives 6 values; a configuration has 6 sites",
    ]);
  });

  it.each([
    [["--mask", "all.npy"], "every site is known; there is nothing to fill"],
    [["-n", "0"], "--completions takes a whole number of at least 1, not '0'"],
    [["--particles", "1"], "--particles takes a whole number of at least 2, not '1'"],
    [["--mask", "none.npy"], "none.npy: no such file"],
  ])("refuses %j", async (flags, message) => {
    await save("all.npy", arrayFrom("bool", [6], [1, 1, 1, 1, 1, 1]));
    const args = flags.map((flag) => (flag.endsWith(".npy") ? at(flag) : flag));
    const result = await run(["fill", at("run"), at("pairs.npy"), "--out", at("no.npy"), ...args]);
    expect(line(result)).toEqual([2, expect.stringContaining(message)]);
  });

  it("says where what is given has probability 0", async () => {
    // Two ups of four in every row: a third cannot follow.
    const rows = Array.from({ length: 200 }, (_, r) => (r % 2 ? [1, -1, 1, -1] : [-1, 1, 1, -1])).flat();
    await save("half.npy", arrayFrom("i32", [200, 4], rows));
    const half = ["fit", "made", at("half.npy"), "--out", at("half"), "--epochs", "1"];
    expect((await run([...half, "--set", "magnetisation=0"])).code).toBe(0);
    const args = ["sample", at("half"), "--out", at("never.npy"), "--prefix"];
    expect(line(await run([...args, "1,1,1"]))).toEqual([
      2,
      "ansatz: row 0: what is known there has probability 0 in this model",
    ]);
    expect((await run([...args, "1,1"])).code).toBe(0);
    expect([...(await load("never.npy")).data.slice(0, 4)]).toEqual([1, 1, -1, -1]);
  });

  it("scores no rows that a constraint rules out", async () => {
    await save("ones.npy", arrayFrom("i32", [2, 4], [1, 1, 1, -1, -1, -1, 1, 1]));
    expect(line(await run(["score", at("half"), at("ones.npy")]))).toEqual([
      2,
      expect.stringContaining("row 0 has magnetisation 2; the model allows 0 alone"),
    ]);
  });

  it("says where constraints contradict each other or the data", async () => {
    const sector = ["fit", "made", at("pairs.npy"), "--out", at("sector"), "--epochs", "1"];
    expect(line(await run([...sector, "--set", "magnetisation=1"]))).toEqual([
      2,
      expect.stringContaining("no configuration of 6 spins has magnetisation 1"),
    ]);
    expect(line(await run([...sector, "--set", "magnetisation=2", "--set", "z2=true"]))).toEqual([
      2,
      expect.stringContaining("contradict each other"),
    ]);
    expect(line(await run([...sector, "--set", "magnetisation=2"]))).toEqual([
      2,
      expect.stringMatching(/pairs.npy: row \d+ has magnetisation -?\d+; the model allows 2 alone$/),
    ]);
  });
});
