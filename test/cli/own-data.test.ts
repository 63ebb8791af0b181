import { readFile, writeFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { ndarray } from "../../src/array.ts";
import { formatOf } from "../../src/data/formats/index.ts";
import { readDataFile, saveArray } from "../../src/files/index.ts";
import { ansatz, documentOf, patient, smallIsing, workFolder } from "./support.ts";

// Rows of one's own are made here of simulated ones, without what `simulate` says of them: they must then tell the same.

const work = workFolder();
const system = ["--system", "ising:beta=0.4"];
const size = ["--epochs", "2", "--set", "hidden=8"];

/** Writes the arrays of an .npz without its meta.json. */
async function bare(from: string, to: string): Promise<void> {
  const { arrays } = await readDataFile(work.at(from));
  await writeFile(work.at(to), formatOf(to).write({ arrays }));
}

beforeAll(async () => {
  await documentOf(...smallIsing, "--seed", "3", "--encoding", "pm1", "--out", work.at("known.npz"));
  await bare("known.npz", "mine.npz");
  await documentOf(...smallIsing, "--seed", "3", "--encoding", "pm1", "--out", work.at("mine.npy"));
  await documentOf("fit", "made", work.at("known.npz"), ...size, "--out", work.at("known"));
  await documentOf("fit", "made", work.at("mine.npz"), ...size, ...system, "--out", work.at("mine"));
}, patient);

/** What is compared: spacing of chains, which only `simulate` knows, changes errors. */
const values = (document: Readonly<Record<string, unknown>>, names: readonly string[]) =>
  names.map((name) => (document[name] as { value?: number } | undefined)?.value ?? document[name]);

describe("rows of a system that --system names", () => {
  it("are fitted to the bits of simulated ones, with the same symmetries", async () => {
    const [known, mine] = await Promise.all(
      ["known", "mine"].map((run) => readFile(work.at(`${run}/params.safetensors`))),
    );
    expect((mine as Buffer).equals(known as Buffer)).toBe(true);
  });

  it("are scored against the exact distribution, without naming it again", async () => {
    const [known, mine] = [
      await documentOf("score", work.at("known")),
      await documentOf("score", work.at("mine")),
    ];
    const names = ["nll", "entropy", "entropyPerSite", "kl", "count"];
    expect(values(mine, names)).toEqual(values(known, names));
    expect(mine.entropy).toBeGreaterThan(0);
  });

  it("are reported with the observables and exact values of the system", async () => {
    const number = "-n";
    const of = async (run: string) =>
      (await documentOf("report", work.at(run), number, "500")) as unknown as {
        observables: { name: string; reference?: { value: number; source: string } }[];
      };
    const pick = ({ observables }: Awaited<ReturnType<typeof of>>) =>
      observables.map(({ name, reference }) => [name, reference?.source, reference?.value]);
    const [known, mine] = [pick(await of("known")), pick(await of("mine"))];
    expect(mine).toEqual(known);
    expect(mine.map(([, source]) => source)).toContain("exact");
    expect(await readFile(work.at("mine/report.html"), "utf8")).toContain("MADE on the ising model");
  });

  it("are sampled by Metropolis chains, and explained next to the exact couplings", async () => {
    const drawn = ["sample", work.at("mine"), "-n", "200", "--metropolis"];
    const { acceptance } = await documentOf(...drawn, "--out", work.at("chains.npz"));
    expect(acceptance).toMatchObject({ value: expect.any(Number) });
    const { comparison } = await documentOf("explain", work.at("mine.npy"), ...system);
    expect(comparison).toMatchObject({ largestPValue: expect.any(Number) });
  });

  it("may be named when a run is scored, reported, explained or sampled, if its fit did not", async () => {
    await documentOf("fit", "made", work.at("mine.npz"), ...size, "--out", work.at("plain"));
    expect((await documentOf("score", work.at("plain"))).entropy).toBeUndefined();
    const scored = await documentOf("score", work.at("plain"), ...system);
    const known = await documentOf("score", work.at("known"));
    expect(scored.entropy).toEqual(known.entropy);
    await documentOf("report", work.at("plain"), ...system, "-n", "100");
    expect(await readFile(work.at("plain/report.html"), "utf8")).toContain("MADE on the ising model");
    const drawn = ["sample", work.at("plain"), "-n", "100", "--metropolis", ...system];
    await documentOf(...drawn, "--out", work.at("plain.npz"));
  });

  it("are taken from a configuration file too", async () => {
    await writeFile(work.at("fit.yaml"), "system: ising:beta=0.4\nset: { hidden: 8 }\nepochs: 2\n");
    const config = ["--config", work.at("fit.yaml"), "--out", work.at("config")];
    await documentOf("fit", "made", "--train", work.at("mine.npy"), ...config);
    const record = JSON.parse(await readFile(work.at("config/model.json"), "utf8"));
    expect(record.data.system).toMatchObject({ name: "ising", parameters: { shape: [4, 4], beta: 0.4 } });
  });
});

describe("label", () => {
  it("writes an .npz that tells what a simulated one tells", async () => {
    const out = work.at("labelled.npz");
    const { rows, exactEnergyPerSite } = await documentOf(
      "label",
      work.at("mine.npz"),
      ...system,
      "--out",
      out,
    );
    expect(rows).toBe(2000);
    const [known, mine] = [await documentOf("info", work.at("known.npz")), await documentOf("info", out)];
    expect(mine.splits).toEqual(known.splits);
    expect(mine.encoding).toBe("pm1");
    const systemOf = ({ meta }: Record<string, { system: unknown }>) => meta?.system;
    expect(systemOf(mine)).toEqual(systemOf(known));
    const score = await documentOf("score", work.at("known"), out);
    expect(score.entropy).toEqual(
      (await documentOf("score", work.at("known"), work.at("known.npz"))).entropy,
    );
    // By enumeration of the 2^16 configurations, as any exact energy of 4 × 4.
    expect(exactEnergyPerSite).toBeLessThan(0);
  });

  it("takes flat rows, chains side by side, and temperatures from contexts", async () => {
    const { arrays } = await readDataFile(work.at("mine.npy"));
    const flat = { ...arrays.x, shape: [2000, 16] } as NonNullable<typeof arrays.x>;
    await saveArray(work.at("flat.csv"), flat);
    const out = work.at("flat.npz");
    const given = ["--system", "ising:beta=0.4,shape=4x4", "--chains", "4"];
    await documentOf("label", work.at("flat.csv"), ...given, "--out", out);
    const { chain, x } = (await readDataFile(out)).arrays;
    expect(x?.shape).toEqual([2000, 4, 4]);
    expect(new Set(chain?.data as Int32Array)).toEqual(new Set([0, 1, 2, 3]));

    const range = ["simulate", "ising", "--shape", "4x4", "--beta-range", "0.2", "0.4", "3", "-n", "300"];
    await documentOf(...range, "--out", work.at("betas.npz"));
    await bare("betas.npz", "mine-betas.npz");
    const to = ["--system", "ising:beta=context", "--out", work.at("labelled-betas.npz")];
    await documentOf("label", work.at("mine-betas.npz"), ...to);
    const [known, mine] = await Promise.all(
      ["betas.npz", "labelled-betas.npz"].map((name) => readDataFile(work.at(name))),
    );
    const betas = known?.meta?.system?.betas as number[];
    expect(mine?.meta?.system?.parameters).toEqual(known?.meta?.system?.parameters);
    expect(mine?.meta?.system?.betas?.map(Math.fround)).toEqual(betas.map(Math.fround));
  });

  it("warns if the energy of the rows is far from that of the system", async () => {
    const wrong = ["label", work.at("mine.npz"), "--system", "ising:beta=0.5", "--out", work.at("wrong.npz")];
    const { code, stderr } = await ansatz(...wrong);
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^warning: .*mine.npz: the energy per site of the rows, -1\.\d+, is \d+ standard errors from/m,
    );
  });

  it("replaces a system only if it is told to", async () => {
    const again = ["label", work.at("wrong.npz"), ...system, "--out", work.at("right.npz")];
    const { code, stderr } = await ansatz(...again);
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining("its system is already known as ising with beta 0.5, not 0.4"),
    ]);
    await documentOf(...again, "--replace");
    expect((await readDataFile(work.at("right.npz"))).meta?.system?.parameters.beta).toBe(0.4);
  });
});

describe("a system that cannot be that of the rows is refused in one line", () => {
  beforeAll(async () => {
    const states = Int32Array.from({ length: 160 }, (_, i) => i % 3);
    await saveArray(work.at("states.npy"), ndarray("i32", [10, 4, 4], states));
  });
  const cases: [argv: string[], message: string][] = [
    [
      ["fit", "made", "mine.npy", "--system", "isng:beta=1", "--out", "x"],
      "unknown system isng; did you mean ising?",
    ],
    [
      ["fit", "made", "mine.npy", "--system", "ising", "--out", "x"],
      "--system ising: beta is missing, such as ising:beta=0.4",
    ],
    [
      ["fit", "made", "mine.npy", "--system", "ising:beta=0.4,beta=0.5", "--out", "x"],
      "--system ising:beta=0.4,beta=0.5: beta is given twice; give it once",
    ],
    [
      ["fit", "made", "mine.npy", "--system", "ising:bta=0.4", "--out", "x"],
      "--system ising:bta=0.4: system ising has no parameter 'bta'; did you mean beta?",
    ],
    [["fit", "made", "mine.npy", "--system", ":beta=1", "--out", "x"], "--system takes name:key=value,..."],
    [
      ["fit", "made", "mine.npy", "--system", "ising:beta", "--out", "x"],
      "--system takes key=value, not 'beta'",
    ],
    [
      ["fit", "made", "mine.npy", "--system", "ising:beta=1,h=2", "--out", "x"],
      "system ising has no parameter 'h'",
    ],
    [["fit", "made", "mine.npy", "--system", "ising:beta=1,temperature=1", "--out", "x"], "give one of them"],
    [
      ["fit", "made", "mine.npy", "--system", "ising:beta=1,shape=2x8", "--out", "x"],
      "has rows of shape 4x4; ising",
    ],
    [
      ["fit", "made", "mine.npy", "--system", "ising:beta=1", "--space", "real", "--out", "x"],
      "rows of ising are binary",
    ],
    [
      ["fit", "made", "known.npz", "--system", "ising:beta=1", "--out", "x"],
      "already known as ising with beta 0.4, not 1",
    ],
    [
      ["fit", "made", "states.npy", "--system", "ising:beta=1", "--out", "x"],
      "row 0, column 2 (site 0, 2) has the value 2",
    ],
    [
      ["fit", "--resume", "--system", "ising:beta=1", "--out", "mine"],
      "already known as ising with beta 0.4, not 1",
    ],
    [["score", "mine", "--system", "ising:beta=1"], "already known as ising with beta 0.4, not 1"],
    [["score", "mine", "--system", "ising:beta=context"], "there is none"],
    [["explain", "mine", "--system", "sk:beta=1"], "sk"],
    [["sample", "mine", "--system", "ising:beta=0.4", "--out", "x.npy"], "--system needs --metropolis"],
    [["label", "mine.npy", "--system", "ising:beta=1", "--out", "x.npy"], "--out names an .npz"],
    [["label", "mine.npy", "--out", "x.npz"], "--system is missing"],
    [["label", "mine.npy", "--system", "ising:beta=1", "--replace", "--out", "mine.npz"], "exists"],
  ];
  const names = ["mine.npy", "known.npz", "states.npy", "mine", "x", "x.npy", "x.npz", "mine.npz"];
  it.each(cases)("ansatz %j", async (argv, message) => {
    const before = await work.names();
    const placed = argv.map((word, i) =>
      names.includes(word) && argv[i - 1] !== "fit" ? work.at(word) : word,
    );
    const { code, stdout, stderr } = await ansatz(...placed);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^ansatz: [^\n]+\n$/);
    expect(stderr).toContain(message);
    expect(await work.names()).toEqual(before);
  });
});
