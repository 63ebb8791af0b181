import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { loadDataset } from "../../src/files/index.ts";
import { loadModel } from "../../src/runs/index.ts";
import { createSystem } from "../../src/systems/index.ts";
import { ansatz, documentOf, patient, smallIsing, start, workFolder } from "./support.ts";

const work = workFolder();
const job = (out: string, ...more: string[]) => [
  ...["solve", "ising", "--shape", "3x4", "--beta", "0.3", "--out", work.at(out), "--seed", "2"],
  ...["--steps", "400", "--batch", "100", "--set", "hidden=32", "-n", "20000", ...more],
];
type Estimate = { value: number; error: number };
const estimateIn = (document: Record<string, never>, key: string) => document[key] as unknown as Estimate;
let solved: Record<string, never> = {};

beforeAll(async () => {
  solved = await documentOf(...job("van"));
}, patient);

describe("ansatz solve", () => {
  it("agrees with the exact values within its errors, in the keys that scripts rely on", () => {
    const exact = createSystem("ising", { shape: [3, 4], beta: 0.3 }).exact as unknown as Record<
      string,
      number
    >;
    expect(solved.exact).toEqual(exact);
    const estimate = (key: string) => solved[key] as unknown as Estimate;
    // Four estimates: |z| < 3.5 has p < 0.002 in all.
    for (const key of ["logZ", "energy", "entropy", "heatCapacity"])
      expect(
        Math.abs((estimate(key).value - (exact[key] as number)) / estimate(key).error),
        key,
      ).toBeLessThan(3.5);
    expect(estimate("ess").value).toBeGreaterThan(0.95);
    const gap = (exact.logZ as number) - estimate("logZBound").value;
    expect(gap).toBeGreaterThan(-3 * estimate("logZBound").error);
    expect(gap).toBeLessThan(0.05);
    expect(solved).toMatchObject({ run: work.at("van"), family: "made", steps: 400, samples: 20000 });
    expect(solved.relativeError).toEqual({
      logZBound: expect.closeTo(-gap / (exact.logZ as number), 10),
      logZ: expect.any(Number),
    });
  });

  it("makes a run folder as a fit does, for the flip of spins by default", async () => {
    const record = JSON.parse(await readFile(work.at("van/model.json"), "utf8"));
    expect(record).toMatchObject({
      version: 3,
      task: "solve",
      hyperparameters: { z2: true, inputs: "spins", hidden: [32] },
      target: { name: "ising", parameters: { shape: [3, 4], beta: 0.3, J: 1 } },
      training: { steps: 400, batch: 100 },
      result: { step: 400 },
    });
    expect((await readdir(work.at("van"))).sort()).toEqual([
      "checkpoint",
      "log.jsonl",
      "model.json",
      "params.safetensors",
    ]);
    const model = await loadModel(work.at("van"));
    expect(model.model.family).toBe("made");
    const { stdout } = await ansatz("info", work.at("van"));
    expect(stdout).toContain("solved for ising (shape 3×4, beta 0.3");
    expect(stdout).toContain("400 steps");
  });

  it("writes a report of convergence, numbers and samples", async () => {
    const report = await documentOf("report", work.at("van"), "-n", "5000");
    const page = await readFile(work.at("van/report.html"), "utf8");
    for (const text of [
      "MADE on the ising model",
      "importance-sampled",
      "ESS",
      "heat capacity",
      "the energy alone",
    ])
      expect(page).toContain(text);
    expect(
      (report.files as unknown as string[]).filter((f) => f.endsWith(".svg")).map((f) => f.split("/").at(-1)),
    ).toEqual(
      ["bound", "ess", "energy"]
        .map((name) => `convergence-${name}.svg`)
        .concat(
          "configurations.svg",
          ["energy", "magnetisation", "absmagnetisation"].map((o) => `observable-${o}.svg`),
          ["correlation.svg", "log-weights.svg", "generation.svg", "two-sample-tests.svg"],
        ),
    );
  });

  it("is sampled by Metropolis: rows that know their chains and system, and are the system's", async () => {
    const run = await documentOf(
      "sample",
      work.at("van"),
      "-n",
      "8000",
      "--metropolis",
      "--chains",
      "4",
      "--out",
      work.at("m.npz"),
    );
    expect(estimateIn(run, "acceptance").value).toBeGreaterThan(0.85);
    expect(run.tau as unknown as number).toBeLessThan(1);
    const { exact } = createSystem("ising", { shape: [3, 4], beta: 0.3 });
    const energy = (run.observables as unknown as Record<string, Estimate>).energy as Estimate;
    expect(Math.abs(energy.value - (exact?.energy as number) / 12)).toBeLessThan(3.5 * energy.error);
    const dataset = await loadDataset({ path: work.at("m.npz") });
    expect(dataset.meta).toMatchObject({ system: { name: "ising" }, chain: { count: 4, thinning: 1 } });
    expect(new Set(dataset.chain).size).toBe(4);
    const score = await documentOf("score", work.at("van"), work.at("m.npz"), "--split", "all");
    expect(estimateIn(score, "kl").value).toBeLessThan(0.05);
  });

  it("is exported and sampled as any other run", async () => {
    await documentOf("sample", work.at("van"), "-n", "10", "--out", work.at("s.npy"));
    await documentOf("export", work.at("van"), "--out", work.at("exported"));
    expect(await readdir(work.at("exported"))).toContain("sampler.onnx");
  });

  it(
    "solves for systems with parameters of their own",
    async () => {
      const glass = await documentOf(
        ...["solve", "sk", "--shape", "10", "--beta", "0.8", "--system", "seed=3", "--out", work.at("sk")],
        ...["--steps", "400", "--batch", "100", "--set", "hidden=32", "-n", "20000"],
      );
      const [{ value, error }, exact] = [
        estimateIn(glass, "logZ"),
        glass.exact as unknown as { logZ: number },
      ];
      expect(Math.abs(value - exact.logZ)).toBeLessThan(3.5 * error);
    },
    patient,
  );
});

describe("kill -9 at any moment", () => {
  const bits = (out: string) => readFile(work.at(`${out}/params.safetensors`));
  const story = async (out: string) =>
    (await readFile(work.at(`${out}/log.jsonl`), "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { type: string; seconds?: number })
      .filter(({ type }) => type !== "progress")
      .map(({ seconds: _, ...event }) => event);

  it("and --resume end with the bits of a solve that was never stopped", { timeout: patient }, async () => {
    const expected = { bits: await bits("van"), story: await story("van") };
    for (const [i, fraction] of [0, 0.3, 0.7].entries()) {
      const out = `killed${i}`;
      const first = start(...job(out));
      const seconds = Number((solved.seconds as unknown as number) ?? 1);
      await Promise.race([
        first.done,
        new Promise<void>((resolve) =>
          first.child.stderr?.on("data", (t: string) => t.includes("solving") && resolve()),
        ),
      ]);
      await Promise.race([first.done, sleep(1000 * fraction * seconds)]);
      first.child.kill("SIGKILL");
      await first.done;
      const resumed = await ansatz(...job(out, "--resume"));
      expect(resumed.code, resumed.stderr).toBe(0);
      expect((await bits(out)).equals(expected.bits)).toBe(true);
      expect(await story(out)).toEqual(expected.story);
    }
  });

  it("says how to go on after Ctrl-C", { timeout: patient }, async () => {
    const { child, done } = start(...job("stopped", "--steps", "1000000"));
    while (!existsSync(work.at("stopped/checkpoint/state.safetensors"))) await sleep(20);
    child.kill("SIGINT");
    const { code, stderr } = await done;
    expect(code).toBe(130);
    expect(stderr).toContain(
      `the checkpoint is kept; continue with: ansatz solve --resume --out ${work.at("stopped")}`,
    );
  });
});

describe("what cannot be solved for", () => {
  const refused = async (...argv: string[]) => {
    const before = await work.names();
    const { code, stdout, stderr } = await ansatz(...argv);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^(.*nothing to resume yet; starting\n)?ansatz: [^\n]+\n$/);
    expect(await work.names()).toEqual(before);
    return stderr;
  };
  const some = ["solve", "ising", "--shape", "4x4", "--beta", "0.4"];

  it.each([
    [["solve", "isng", "--out", "x"], "unknown system isng; did you mean ising?"],
    [["solve", "--out", "x"], "name the system to solve for"],
    [[...some], "--out is missing"],
    [[...some, "--model", "mde", "--out", "x"], "no model family 'mde'; did you mean made?"],
    [[...some, "--set", "hiden=3", "--out", "x"], "made has no hyperparameter 'hiden'; did you mean hidden?"],
    [[...some, "--system", "h=3", "--out", "x"], "system ising has no parameter 'h'"],
    [[...some, "--system", "h", "--out", "x"], "--system takes key=value, not 'h'"],
    [
      ["solve", "ising", "--shape", "4x4", "--beta", "-0.4", "--out", "x"],
      "solving needs a positive inverse temperature, not beta -0.4",
    ],
    [
      ["solve", "ising", "--shape", "4x4", "--beta", "0", "--out", "x"],
      "positive inverse temperature, not beta 0",
    ],
    [["solve", "ising", "--shape", "4x4", "--beta", "nan", "--out", "x"], "beta"],
    [["solve", "ising", "--beta", "0.4", "--out", "x"], "shape"],
    [[...some, "-n", "0", "--out", "x"], "--samples takes a whole number of at least 2, not '0'"],
    [[...some, "-n", "1e14", "--out", "x"], "of memory, more than the"],
    [[...some, "--batch", "1e12", "--out", "x"], "--batch"],
    [
      [...some, "--set", "magnetisation=0", "--out", "x"],
      "allows only part of the configurations of ising (a fixed magnetisation, or bounds)",
    ],
    [[...some, "--steps", "0", "--out", "x"], "--steps"],
    [[...some, "--batch", "1", "--out", "x"], "--batch"],
    [[...some, "--lr", "-1", "--out", "x"], "--lr"],
    [[...some, "--set", "z2=true", "--set", "magnetisation=2", "--out", "x"], "contradict"],
    [["solve", "--resume", "--out", "nowhere"], "no run in"],
  ])("%j", async (argv, message) => {
    const placed = argv.map((a, i) => (argv[i - 1] === "--out" ? work.at(a) : a));
    expect(await refused(...placed)).toContain(message);
  });

  it("a resumed solve that is asked for something else, or a run of a fit", async () => {
    const again = (...more: string[]) => refused("solve", ...more, "--resume", "--out", work.at("van"));
    expect(await again("sk")).toContain("is a run on ising, not on sk");
    expect(await again("--beta", "0.5")).toContain("started with beta 0.3, which a resumed solve keeps");
    expect(await again("--set", "hidden=8")).toContain("started with hidden [32]");
    expect(await again("--steps", "9")).toContain("started with --steps 400");
    await documentOf(...smallIsing, "--samples", "200", "--out", work.at("ising.npz"));
    await documentOf(
      "fit",
      "made",
      work.at("ising.npz"),
      "--out",
      work.at("fit"),
      "--epochs",
      "1",
      "--set",
      "hidden=4",
    );
    expect(await refused("solve", "--resume", "--out", work.at("fit"))).toContain(
      "is the run of a model fitted to data",
    );
    expect(await refused("fit", "--resume", "--out", work.at("van"))).toContain(
      "is the run of a model solved for",
    );
    expect(await refused("score", work.at("van"))).toContain(
      "trained without data (ansatz solve); name a file",
    );
    expect(await refused("report", work.at("van"), work.at("ising.npz"))).toContain(
      "leave the data file out",
    );
  });

  it("Metropolis without an energy, or with what contradicts it", async () => {
    await documentOf("sample", work.at("van"), "-n", "200", "--out", work.at("plain.csv"));
    await documentOf(
      "fit",
      "made",
      work.at("plain.csv"),
      "--out",
      work.at("plain"),
      "--epochs",
      "1",
      "--set",
      "hidden=4",
    );
    const sample = (run: string, ...more: string[]) =>
      refused("sample", work.at(run), "--out", work.at("no.npz"), "-n", "10", ...more);
    expect(await sample("plain", "--metropolis")).toContain("--metropolis needs the energy of one");
    expect(await sample("van", "--metropolis", "--prefix", "1")).toContain(
      "--metropolis and --prefix cannot go together",
    );
    expect(await sample("van", "--chains", "2")).toContain("--chains needs --metropolis");
    expect(await sample("van", "--metropolis", "--chains", "11")).toContain(
      "10 samples cannot be spread over 11 chains; give at most 10",
    );
  });
});
