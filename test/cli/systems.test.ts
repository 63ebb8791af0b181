import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ansatz, documentOf, patient, workFolder } from "./support.ts";

const work = workFolder();

/** Simulates by command line, and how many errors the energy is from the exact one. */
async function sigmas(out: string, ...argv: string[]): Promise<number> {
  const { energyPerSite, exact } = (await documentOf("simulate", ...argv, "--out", out)) as Record<
    string,
    Record<string, number>
  >;
  return (energyPerSite!.value! - exact!.energyPerSite!) / energyPerSite!.error!;
}

describe("every system by command line", () => {
  const cases: [string, ...string[]][] = [
    [
      "triangular",
      "ising",
      "--shape",
      "6x6",
      "--beta",
      "0.8",
      "--set",
      "J=-1",
      "--set",
      "lattice=triangular",
    ],
    ["critical", "ising", "--shape", "6x6", "--beta", "critical", "--set", "lattice=triangular"],
    ["sk", "sk", "--shape", "12", "--beta", "1.5", "--set", "seed=3"],
    ["moons", "moons", "--set", "sigma=0.05"],
    ["gaussians8", "gaussians8", "--set", "radius=1"],
    ["phi4", "phi4", "--shape", "8", "--mass2", "-4", "--lambda", "8"],
    ["u1", "u1", "--shape", "4x4", "--beta", "2"],
    ["hopfield", "hopfield", "--shape", "14", "--beta", "2", "--set", "patterns=2"],
  ];
  it.each(cases)(
    "%s: the energy is the exact one, within 3.9 errors (p = 10⁻⁴)",
    async (name, ...argv) => {
      expect(Math.abs(await sigmas(work.at(`${name}.npz`), ...argv, "--samples", "1000"))).toBeLessThan(3.9);
    },
    patient,
  );

  it(
    "tells of a field what its theory is known by, with exact values, and how it was drawn",
    async () => {
      const argv = ["phi4", "--shape", "4x4", "--mass2", "0.5", "--lambda", "0", "--samples", "800"];
      const { stdout } = await ansatz("simulate", ...argv, "--out", work.at("free.npz"));
      expect(stdout).toMatch(
        /hybrid Monte Carlo: 1 trajectory of length \d+, about .*, acceptance 0\.\d+ ± /,
      );
      expect(stdout).toMatch(/^χ₂ [\d.]+ ± [\d.]+ \(exact 1, [+−][\d.]+σ\)$/m);
      expect(stdout).toMatch(/^Binder cumulant [−\d.]+ ± [\d.]+ \(exact 0, [+−][\d.]+σ\)$/m);
      const { stderr, code } = await ansatz(
        "simulate",
        "moons",
        "--encoding",
        "pm1",
        "--out",
        work.at("m.npz"),
      );
      expect([code, stderr]).toEqual([2, expect.stringContaining("--encoding: is for spins")]);
    },
    patient,
  );

  it("lists them in the help", async () => {
    const { stdout } = await ansatz("simulate", "--help");
    for (const name of ["ising", "sk", "hopfield", "moons", "gaussians8", "checkerboard", "phi4", "u1"])
      expect(stdout).toMatch(new RegExp(`^ {2}${name} `, "m"));
  });

  it(
    "goes the whole way where sites lie on no lattice: fit, score against exact values, report",
    async () => {
      const run = work.at("run");
      await documentOf("fit", "made", work.at("hopfield.npz"), "--out", run, "--epochs", "2", "--lr", "0.01");
      const score = (await documentOf("score", run, work.at("hopfield.npz"))) as Record<string, unknown>;
      expect(score).toHaveProperty("kl");
      const { code, stdout } = await ansatz("report", run);
      expect(code).toBe(0);
      expect(stdout).toContain("largest |overlap|");
    },
    patient,
  );

  it(
    "reports of a model of a field its observables beside the data's",
    async () => {
      const run = work.at("field");
      await documentOf("fit", "realnvp", work.at("phi4.npz"), "--out", run, "--epochs", "2");
      const { code, stdout } = await ansatz("report", run, "--samples", "500");
      expect(code).toBe(0);
      for (const name of ["energy per site", "⟨φ²⟩", "χ₂"])
        expect(stdout).toMatch(new RegExp(`^${name} .*\\(exact\\)`, "m"));
      expect(stdout).toMatch(/^Binder cumulant .*\(Monte Carlo\)/m);
    },
    patient,
  );

  it(
    "holds what was learned from an action against the theory's own simulation",
    async () => {
      const run = work.at("flow");
      const theory = ["--shape", "4x4", "--mass2", "1", "--lambda", "1"];
      await documentOf(
        "solve",
        "phi4",
        ...theory,
        "--model",
        "lattice-flow",
        "--steps",
        "20",
        "--samples",
        "500",
        "--out",
        run,
      );
      const { code, stdout } = await ansatz("report", run, "--samples", "2000", "--simulate", "500");
      expect(code).toBe(0);
      for (const name of ["energy per site", "⟨φ²⟩", "χ₂", "Binder cumulant"])
        expect(stdout).toMatch(new RegExp(`^${name} .*\\(Monte Carlo\\)`, "m"));
      expect(stdout).toMatch(/^Metropolis acceptance +0\.\d+ ± 0\.\d+/m);
      const names = await readdir(join(run, "figures"));
      expect(names).toContain("log-weights.svg");
      expect(names).toContain("correlation.svg");
      const refused = await ansatz("report", work.at("run"), "--simulate", "5");
      expect([refused.code, refused.stderr]).toEqual([
        2,
        expect.stringContaining("--simulate: is for solved runs"),
      ]);
    },
    patient,
  );

  it(
    "draws densities of the plane, the map of a flow, and its training",
    async () => {
      const run = work.at("plane");
      await documentOf(
        "fit",
        "realnvp",
        work.at("moons.npz"),
        "--out",
        run,
        "--schedule",
        "cosine",
        "--epochs",
        "3",
        "--threads",
        "1",
      );
      const { files } = (await documentOf("report", run, "--samples", "500")) as unknown as {
        files: string[];
      };
      for (const name of ["density", "latent-grid", "training"])
        expect(files.some((file) => file.endsWith(`plane-${name}.svg`))).toBe(true);
      expect(files.some((file) => file.includes("configurations"))).toBe(false);
      const log = (await readFile(join(run, "log.jsonl"), "utf8"))
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
      const densities = log.filter(({ type, name }) => type === "picture" && name === "density");
      expect(densities.map(({ round }) => round)).toEqual([1, 2]);
      expect(densities[0].data.values.length).toBe(densities[0].data.size ** 2);
    },
    patient,
  );

  it.each([
    ["triangular.npz", "translations,reflections", "reflections", "it has flip, translations"],
    ["sk.npz", "translations", "translations", "it has flip"],
  ])("%s is not augmented by %s", async (file, names, wrong, known) => {
    const { code, stderr } = await ansatz(
      "fit",
      "made",
      work.at(file),
      "--out",
      work.at("no"),
      "--augment",
      names,
    );
    expect(code).toBe(2);
    expect(stderr).toMatch(/^ansatz: --augment: the data's system, [^\n]+\n$/);
    expect(stderr).toContain(`has no ${wrong} (${known})`);
  });
});
