import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { ndarray } from "../../src/array.ts";
import { saveArray } from "../../src/files/index.ts";
import { Key } from "../../src/random/key.ts";
import { stream } from "../../src/random/stream.ts";
import { ansatz, documentOf, patient, workFolder } from "./support.ts";

const work = workFolder();
const job = ["--set", "hidden=8", "--epochs", "2", "--seed", "1"];

beforeAll(async () => {
  const next = stream(Key.fromSeed(4));
  const x = ndarray("u8", [3000, 8]);
  for (let r = 0; r < 3000; r++)
    for (let i = 0; i < 8; i++)
      x.data[8 * r + i] = r > 0 && next.uniform() < 0.9 ? (x.data[8 * (r - 1) + i] as number) : next.below(2);
  await saveArray(work.at("walk.npy"), x);
});

const recordOf = async (run: string) => JSON.parse(await readFile(`${run}/model.json`, "utf8"));

describe("a plain file of a Markov chain", { timeout: patient }, () => {
  it("is fitted in blocks of time, and scored and reported on by the same", async () => {
    const run = work.at("found");
    const { code, stderr } = await ansatz("fit", "made", work.at("walk.npy"), "--out", run, ...job);
    expect(code).toBe(0);
    const notes = stderr.split("\n").filter((line) => line.startsWith("note: "));
    expect(notes).toEqual([
      expect.stringMatching(/walk\.npy look like one Markov chain, τ = \d+ rows: split in blocks/),
    ]);
    const { data } = await recordOf(run);
    expect(data.order).toMatchObject({ rows: "chain", chains: 1 });
    expect(data.splits).toContain("blocks of one chain in time");
    const score = (await documentOf("score", run)) as unknown as { nll: { error: number } };
    expect(score).toMatchObject({ nll: { value: expect.any(Number) } });
    // The file named is recognised as the data of the fit, with its test rows.
    const named = await ansatz("score", run, work.at("walk.npy"), "--json");
    expect(JSON.parse(named.stdout)).toEqual(score);
    expect((await ansatz("info", work.at("walk.npy"))).stdout).toContain("blocks of one chain in time");
  });

  it("is split at random for who says that its rows are independent, then and later", async () => {
    const run = work.at("independent");
    const { code, stderr } = await ansatz(
      ...["fit", "made", work.at("walk.npy"), "--out", run, "--rows", "independent", ...job],
    );
    expect([code, stderr.includes("note:")]).toEqual([0, false]);
    const { data } = await recordOf(run);
    expect([data.order, data.splits]).toEqual([{ rows: "independent" }, "80/10/10 at random"]);
    expect((await ansatz("score", run)).code).toBe(0);
  });

  it("is as many chains as are said to lie side by side", async () => {
    const run = work.at("chains");
    const said = await ansatz("fit", "made", work.at("walk.npy"), "--out", run, "--chains", "3", ...job);
    expect([said.code, said.stderr]).toEqual([
      0,
      expect.stringContaining("are 3 Markov chains side by side"),
    ]);
    const { data } = await recordOf(run);
    expect([data.order.chains, data.splits]).toEqual([3, expect.stringContaining("each of 3 chains")]);
    const resumed = await ansatz("fit", "--resume", "--out", run);
    expect([resumed.code, resumed.stderr]).toEqual([0, expect.stringContaining("nothing to resume")]);
  });

  it.each([
    [["--rows", "mixed"], "--rows is independent or chain, not 'mixed'"],
    [
      ["--rows", "independent", "--chains", "2"],
      "--chains goes with --rows chain; independent rows have none",
    ],
    [["--chains", "0"], "--chains takes a whole number of at least 1, not '0'"],
    [["--chains", "4000"], "has 3000 rows, too few for 4000 chains"],
  ])("%j is refused", async (options, line) => {
    const { code, stderr } = await ansatz(
      ...["fit", "made", work.at("walk.npy"), "--out", work.at("never"), ...options],
    );
    expect([code, stderr.trimEnd().split("\n")]).toEqual([2, [expect.stringContaining(line)]]);
    expect(existsSync(work.at("never"))).toBe(false);
  });
});
