import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { createSystem } from "../../src/systems/index.ts";
import { ansatz, documentOf, patient, workFolder } from "./support.ts";

const work = workFolder();
type Estimate = { value: number; error: number };
const system = ["phi4", "--shape", "6", "--mass2", "0.5", "--lambda", "1"];
const job = (out: string, ...more: string[]) => [
  ...[
    "solve",
    ...system,
    "--model",
    "lattice-flow",
    "--set",
    "couplings=4",
    "--out",
    work.at(out),
    "--seed",
    "2",
  ],
  ...["--steps", "300", "--batch", "100", "--lr", "0.01", "-n", "10000", ...more],
];
const exact = createSystem("phi4", { shape: [6], mass2: 0.5, lambda: 1 }).exact as { logZ: number };

describe("ansatz solve with a flow", () => {
  let solved: Record<string, never> = {};
  beforeAll(async () => {
    solved = await documentOf(...job("flow", "--anneal", "0.3", "--anneal-system", "mass2=2"));
  }, patient);

  it("agrees with the exact log Z, and records the annealing and the symmetries", async () => {
    const logZ = solved.logZ as unknown as Estimate;
    expect(Math.abs(logZ.value - exact.logZ)).toBeLessThan(4 * logZ.error + 1e-3);
    expect((solved.ess as unknown as Estimate).value).toBeGreaterThan(0.6);
    const record = JSON.parse(await readFile(work.at("flow/model.json"), "utf8"));
    expect(record).toMatchObject({
      hyperparameters: { z2: true, isotropic: true, couplings: 4 },
      target: { name: "phi4", parameters: { mass2: 0.5 } },
      start: { name: "phi4", parameters: { mass2: 2, lambda: 1 } },
      training: { steps: 300, updates: 1, lr: 0.01, clip: 100, gradient: "path" },
    });
  });

  it("proposes fields to Metropolis chains", async () => {
    const args = ["-n", "4000", "--metropolis", "--out", work.at("m.npz")];
    const run = await documentOf("sample", work.at("flow"), ...args);
    expect((run.acceptance as unknown as Estimate).value).toBeGreaterThan(0.6);
    const { phi2 } = run.observables as unknown as Record<string, Estimate>;
    const mean = createSystem("phi4", { shape: [6], mass2: 0.5, lambda: 1 }).exactMeans?.phi2 as number;
    expect(Math.abs((phi2 as Estimate).value - mean)).toBeLessThan(4 * (phi2 as Estimate).error);
  });

  it("is reported and exported as any other run", async () => {
    await documentOf("report", work.at("flow"), "-n", "2000");
    expect(await readFile(work.at("flow/report.html"), "utf8")).toContain("importance-sampled");
    await documentOf("export", work.at("flow"), "--out", work.at("exported"));
  });

  it("is resumed as it was begun, and says what contradicts", async () => {
    const other = await ansatz("solve", "--resume", "--out", work.at("flow"), "--anneal-system", "mass2=3");
    expect(other.code).toBe(2);
    expect(other.stderr).toContain("another --anneal-system");
    const done = await ansatz("solve", "--resume", "--out", work.at("flow"), "-n", "1000");
    expect(done.code).toBe(0);
  });

  it("refuses what makes no sense, in one line", async () => {
    for (const [args, message] of [
      [["--anneal-system", "mass2=2"], "set anneal, such as 0.3"],
      [["--anneal", "0.3", "--anneal-system", "masss2=2"], "did you mean mass2?"],
      [["--gradient", "score"], "--gradient"],
    ] as const) {
      const { code, stderr } = await ansatz(...job("never", ...args));
      expect(code, args.join(" ")).toBe(2);
      expect(stderr.trim().split("\n").at(-1)).toContain(message);
    }
    const odd = await ansatz(
      ...["solve", "phi4", "--shape", "7", "--mass2", "1", "--lambda", "1", "--model", "lattice-flow"],
      ...["--out", work.at("odd")],
    );
    expect(odd.code).toBe(2);
    expect(odd.stderr).toContain("must be even, not 7");
  });
});
