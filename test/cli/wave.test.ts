import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { readDensityNpy } from "../../src/data/measurements/index.ts";
import { loadDataset } from "../../src/files/index.ts";
import { requireState } from "../../src/tomography/index.ts";
import { ansatz, documentOf, patient, workFolder } from "./support.ts";

const work = workFolder();

const simulate = (name: string, ...rest: string[]) =>
  documentOf(
    ...["simulate", "w", "--qubits", "3", "--settings", "neighbours", "--shots", "200", "--seed", "1"],
    ...rest,
    "--out",
    work.at(name),
  );

describe("ansatz fit wave", { timeout: patient }, () => {
  it("fits shots, and the run is scored, sampled in a setting, reported and exported", async () => {
    await simulate("w.npz", "--set", "phases=0,1,2.5");
    const run = work.at("w");
    const small = [
      "--set",
      "hidden=16",
      "--set",
      "phaseHidden=16",
      "--set",
      "excitations=1",
      "--set",
      "restarts=2",
    ];
    await documentOf("fit", "wave", work.at("w.npz"), ...small, "--seed", "1", "--out", run);
    const report = await documentOf("report", run, "--bootstrap", "2");
    const state = (report as Record<string, unknown>).state as {
      readonly fidelity: { readonly value: number; readonly bootstrap: { readonly error: number } };
      readonly entropy: { readonly qubits: number; readonly estimate: { readonly value: number } };
      readonly amplitudes: readonly {
        readonly name: string;
        readonly target: { readonly modulus: number };
      }[];
    };
    expect(state.fidelity.value).toBeGreaterThan(0.97);
    expect(state.fidelity.bootstrap.error).toBeGreaterThan(0);
    // One qubit of a W state of three: −log(5/9).
    expect(state.entropy.qubits).toBe(1);
    expect(Math.abs(state.entropy.estimate.value + Math.log(5 / 9))).toBeLessThan(0.12);
    const names = state.amplitudes.slice(0, 3).map(({ name }) => name);
    expect(names.sort()).toEqual(["001", "010", "100"]);
    const figures = await readdir(`${run}/figures`);
    expect(figures).toContain("state-phases.svg");
    expect(figures).toContain("state-starts.svg");
    const drawn = work.at("zzz.npy");
    await documentOf("sample", run, "--basis", "ZZZ", "-n", "50", "--out", drawn);
    const { x } = await loadDataset({ path: drawn });
    const bits = Array.from(x.data, Number);
    for (let row = 0; row < 50; row++)
      expect(bits.slice(3 * row, 3 * row + 3).reduce((sum, bit) => sum + bit)).toBe(1);
    await documentOf("export", run, "--out", work.at("exported"));
    expect(await readdir(work.at("exported"))).toContain("sampler.onnx");
  });

  it("refuses a setting that rotates too many qubits, by its name", async () => {
    await simulate("more.npz");
    const { code, stderr } = await ansatz(
      ...["fit", "wave", work.at("more.npz"), "--set", "rotated=1", "--out", work.at("more")],
    );
    expect(code).toBe(2);
    expect(stderr).toContain("setting XXZ rotates 2 qubits");
    expect(stderr).toContain("set rotated=2");
  });

  it.each(["wave", "rbm-wave", "purified", "rbm-purified"])(
    "refuses a readout confusion: %s",
    async (family) => {
      const [shots, run] = [`misread-${family}.npz`, work.at(`misread-${family}`)];
      await simulate(shots, "--noise", "readout=0.01,0.03");
      const { code, stderr } = await ansatz("fit", family, work.at(shots), "--out", run);
      expect(code).toBe(2);
      expect(stderr).toContain(`${family} has no readout errors`);
      expect(stderr).toContain("fit density");
    },
  );

  it("refuses plain bits with the command that labels them, which works", async () => {
    const bits = work.at("bits.csv");
    await writeFile(
      bits,
      Array.from({ length: 60 }, (_, i) => `${i % 2},${i % 3 === 0 ? 1 : 0},1`).join("\n"),
    );
    const { code, stderr } = await ansatz("fit", "wave", bits, "--out", work.at("plain"));
    expect(code).toBe(2);
    expect(stderr).toContain("--settings Z --order first --out shots.npz");
    const shots = work.at("shots.npz");
    await documentOf("label", bits, "--settings", "Z", "--order", "first", "--out", shots);
    const small = ["--set", "phase=none", "--set", "hidden=4", "--seed", "1"];
    await documentOf("fit", "wave", shots, ...small, "--out", work.at("labelled"));
  });

  it("refuses shots that no state with so many excitations gives", async () => {
    await simulate("noisy.npz", "--noise", "depolarise=0.3");
    const { code, stderr } = await ansatz(
      ...["fit", "wave", work.at("noisy.npz"), "--set", "excitations=1", "--out", work.at("noisy")],
    );
    expect(code).not.toBe(0);
    expect(stderr).toContain("is impossible with 1 excitation; leave the sector out");
  });
});

describe("a model of outcomes", { timeout: patient }, () => {
  it("has a physical state in its report and export, as long as its shots are there", async () => {
    const [shots, run, out] = [work.at("pair.npz"), work.at("pair"), work.at("pair-exported")];
    await documentOf(
      ...[
        "simulate",
        "ghz",
        "--qubits",
        "2",
        "--settings",
        "pauli",
        "--shots",
        "100",
        "--seed",
        "1",
        "--out",
        shots,
      ],
    );
    const quick = [
      "--set",
      "hidden=8",
      "--epochs",
      "20",
      "--schedule",
      "cosine",
      "--lr",
      "0.02",
      "--batch",
      "50",
    ];
    await documentOf("fit", "made", shots, ...quick, "--seed", "1", "--out", run);
    const { outcomes } = (await documentOf("report", run)) as unknown as {
      readonly outcomes: {
        readonly state: { readonly distance: number; readonly purity: number };
        readonly fidelity: { readonly value: number };
        readonly coherent: number;
      };
    };
    expect(outcomes.state.distance).toBeGreaterThan(0);
    expect(outcomes.state.purity).toBeLessThan(1 + 1e-9);
    expect(outcomes.fidelity.value).toBeGreaterThan(0.5);
    expect(outcomes.coherent).toBeCloseTo(4 / 9, 12);
    await documentOf("export", run, "--out", out);
    const { re, im } = readDensityNpy({ name: "rho.npy", bytes: await readFile(`${out}/rho.npy`) });
    requireState({ n: 4, re, im }, "rho.npy");
    await rm(shots);
    const { code, stderr } = await ansatz("export", run, "--out", work.at("pair-without"));
    expect(code).toBe(0);
    expect(stderr).toContain("no rho.npy, which needs the settings of the fit");
  });
});
