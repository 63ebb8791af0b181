import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { loadArray } from "../../src/files/index.ts";
import { ansatz, documentOf, patient, smallIsing, workFolder } from "./support.ts";

const work = workFolder();

/** The parts of the documents that these tests read. */
interface Scored {
  readonly exact: boolean;
  readonly logZ: {
    readonly value: number;
    readonly interval: [number, number];
    readonly temperatures: number;
  };
  readonly nll: { readonly lower: { value: number }; readonly upper: { value: number } };
  readonly rows: number[];
}

const scored = async (...argv: string[]) =>
  (await documentOf("score", work.at("rbm"), ...argv)) as unknown as Scored;

describe("scores of an energy model", { timeout: patient }, () => {
  beforeAll(async () => {
    await documentOf(...smallIsing, "--seed", "1", "--out", work.at("ising.npz"));
    const fit = ["fit", "rbm", work.at("ising.npz"), "--out", work.at("rbm"), "--set", "hidden=12"];
    await documentOf(...fit, "--epochs", "20", "--lr", "0.01", "--seed", "1");
  }, patient);

  it("are exact where log Z can be summed, and say so", async () => {
    const { exact, nll, logZ } = await scored();
    expect([exact, nll.lower.value]).toEqual([true, nll.upper.value]);
    expect(logZ).toMatchObject({ method: "enumeration", terms: 4096 });
    const { stdout } = await ansatz("score", work.at("rbm"));
    expect(stdout).toContain("exact: the sum over 4096 states");
    expect(stdout).toContain("exact entropy");
  });

  it("are bracketed where that is asked for, around the exact value, the same from the same seed", async () => {
    const flags = ["--bracket", "--chains", "50", "--temperatures", "200"];
    const [exact, bracket] = [await scored(), await scored(...flags)];
    expect([bracket.exact, bracket.logZ.temperatures]).toEqual([false, 200]);
    expect(bracket.logZ.interval[0]).toBeLessThan(exact.logZ.value);
    expect(bracket.logZ.interval[1]).toBeGreaterThan(exact.logZ.value);
    expect(await scored(...flags)).toEqual(bracket);
    expect((await scored(...flags, "--seed", "5", "--split", "all")).logZ).not.toEqual(bracket.logZ);
    const { stdout } = await ansatz("score", work.at("rbm"), ...flags);
    for (const line of ["NLL (nats), at least", "log Z, upper side", "RAISE", "from chains: approximate"])
      expect(stdout).toContain(line);
  });

  it("are one log-probability a row as well, in a file where one is named", async () => {
    const { rows, nll } = await scored("--rows", "--out", work.at("rows.npy"));
    expect(rows.reduce((a, b) => a + b, 0) / rows.length).toBeCloseTo(-nll.lower.value, 9);
    expect([...(await loadArray(work.at("rows.npy"))).data]).toEqual(rows);
  });

  it("stand on the report's page beside the chains", async () => {
    const document = await documentOf("report", work.at("rbm"), "-n", "2000");
    expect(document).toMatchObject({
      score: { kind: "energy", exact: true },
      chains: { rHat: expect.any(Number), mode: { mixing: { value: expect.any(Number) } } },
    });
    const page = await readFile(`${work.at("rbm")}/report.html`, "utf8");
    for (const text of ["log-weight of chains", "mixing between modes", "exact: the sum over 4096 states"])
      expect(page).toContain(text);
  });

  it.each([
    [["--chains", "1"], "--chains takes a whole number of at least 2"],
    [["--bracket", "--chains", "1e12"], "1000000000000 chains are too many; give at most "],
    [
      ["--bracket", "--temperatures", "1e12"],
      "1000000000000 temperatures are too many; give at most 10000000",
    ],
    [["--temperatures", "0"], "--temperatures takes a whole number of at least 1"],
    [["--out", "x.npy"], "that --rows asks for; give both"],
  ])("refuse %j", async (flags, line) => {
    const { code, stderr } = await ansatz("score", work.at("rbm"), ...flags);
    expect([code, stderr]).toEqual([2, expect.stringContaining(line)]);
  });

  it("leave a bracket to energy models", async () => {
    await documentOf("fit", "made", work.at("ising.npz"), "--out", work.at("made"), "--epochs", "1");
    const { code, stderr } = await ansatz("score", work.at("made"), "--bracket");
    expect([code, stderr]).toEqual([2, expect.stringContaining("--bracket goes with energy models")]);
  });
});
