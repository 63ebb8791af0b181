import { execFileSync } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ndarray } from "../../src/array.ts";
import { writeNpy } from "../../src/data/formats/npy.ts";
import { writeComplexNpy } from "../../src/data/formats/npy-complex.ts";
import { type Measurements, readDensityNpy, readMeasurements } from "../../src/data/measurements/index.ts";
import { mirroredState, pureState } from "../../src/tomography/index.ts";
import { refused } from "./refused.ts";
import { ansatz, documentOf, patient, workFolder } from "./support.ts";

const work = workFolder();
const few = ["--bootstrap", "8"];
const python = process.env.ANSATZ_PYTHON ?? "python3";
const noNumpy = whyNoNumpy();

function whyNoNumpy(): string | undefined {
  try {
    execFileSync(python, ["-c", "import numpy"], { stdio: "ignore" });
    return undefined;
  } catch {
    return `${python} has no numpy; set ANSATZ_PYTHON to one that has`;
  }
}

/** Exact counts of the two-qubit state with qubit 0 up and qubit 1 down, as Qiskit writes them: qubit 0 is right-most. */
function qiskitCounts(): string {
  const counts: Record<string, Record<string, number>> = {};
  for (const one of "XYZ")
    for (const zero of "XYZ") {
      const ones = one === "Z" ? ["1"] : ["0", "1"];
      const zeros = zero === "Z" ? ["0"] : ["0", "1"];
      const all = ones.flatMap((b) => zeros.map((a) => b + a));
      counts[one + zero] = Object.fromEntries(all.map((bits) => [bits, 400 / all.length]));
    }
  return JSON.stringify(counts);
}

/** The number at a place of a document. */
const at = (document: unknown, ...path: string[]) =>
  path.reduce((found, key) => (found as Record<string, unknown>)[key], document) as number;

async function rhoOf(folder: string) {
  const bytes = new Uint8Array(await readFile(join(folder, "rho.npy")));
  return readDensityNpy({ name: "rho.npy", bytes });
}

async function simulated(name: string, ...rest: string[]): Promise<Measurements> {
  const out = work.at(name);
  await documentOf("simulate", ...rest, "--out", out);
  const bytes = new Uint8Array(await readFile(out));
  return readMeasurements({ name, bytes }).measurements;
}

describe("ansatz tomography", { timeout: patient }, () => {
  it("reads counts in JSON in the declared order, and writes a run that other commands take", async () => {
    const [counts, psi, run] = [work.at("counts.json"), work.at("psi.txt"), work.at("run")];
    await writeFile(counts, qiskitCounts());
    await writeFile(psi, "0 0\n1 0\n0 0\n0 0\n");
    const found = await documentOf(
      ...["tomography", counts, "--order", "last", "--target", psi, ...few, "--out", run],
    );
    // Qubit 0 is up and the first: |01⟩ is index 1.
    const { re } = await rhoOf(run);
    expect(re[1 * 4 + 1]).toBeGreaterThan(0.999);
    expect(found).toMatchObject({
      fidelity: { target: "psi.txt", direct: { by: "bound" } },
      informationallyComplete: true,
      goodnessOfFit: { explained: true },
    });
    expect(at(found, "fidelity", "direct", "value")).toBeCloseTo(1, 12);
    const orders = ["asGiven", "mirrored"].map((order) =>
      at(found, "orders", "target", order, "logLikelihood"),
    );
    expect(orders[0]! - orders[1]!).toBeGreaterThan(100);
    const html = await readFile(join(run, "report.html"), "utf8");
    expect(html).toContain("Tomography of 2 qubits: counts.json");
    expect(html).toContain("figure-density-real");

    const again = await documentOf("report", run);
    expect(again).toMatchObject({ fidelity: found.fidelity, purity: found.purity, nll: found.nll });
    const score = await documentOf("score", run);
    expect(3600 * at(score, "nll", "value")).toBeCloseTo(at(found, "nll"), 0);
    const drawn = work.at("drawn.npy");
    expect((await ansatz("sample", run, "--basis", "ZZ", "-n", "50", "--out", drawn)).code).toBe(0);
    expect((await ansatz("export", run, "--out", work.at("exported"))).code).toBe(0);
    expect(await readFile(join(work.at("exported"), "rho.npy"))).toEqual(
      await readFile(join(run, "rho.npy")),
    );
    expect((await ansatz("info", run)).stdout).toContain("all rows are fitted");
    expect(await refused(work, "tomography", counts, "--order", "last", "--out", run)).toContain("exists");
  });

  it("finds the same state in AQT's numbers as in the shots that they say, and joins files", async () => {
    const shots = await simulated(
      "pair.npz",
      "ghz",
      "--qubits",
      "2",
      "--noise",
      "depolarise=0.2",
      "--seed",
      "3",
    );
    const codes = Array.from(shots.bits, (bit, i) => {
      const letter = shots.settings[shots.setting[Math.floor(i / 2)]!]!.name[i % 2]!;
      return 3 * bit + "ZXY".indexOf(letter);
    });
    const half = (from: number, to: number) =>
      writeNpy(ndarray("i32", [(to - from) / 2, 2], Int32Array.from(codes.slice(from, to))));
    await writeFile(work.at("a.npy"), half(0, 900));
    await writeFile(work.at("b.npy"), half(900, 1800));
    const [one, two] = [work.at("one"), work.at("two")];
    const exact = await documentOf("tomography", work.at("pair.npz"), ...few, "--out", one);
    await documentOf(
      ...[
        "tomography",
        work.at("a.npy"),
        work.at("b.npy"),
        "--povm",
        "pauli6:ZXY",
        "--target",
        "ghz",
        ...few,
        "--out",
        two,
      ],
    );
    const [a, b] = [await rhoOf(one), await rhoOf(two)];
    expect(Math.max(...a.re.map((v, i) => Math.abs(v - b.re[i]!)))).toBeLessThan(2e-4);
    // The simulation knows what it was: target and exact values are taken from it.
    expect(exact.fidelity).toMatchObject({ target: "ghz" });
    const [value, error] = [
      at(exact, "fidelity", "direct", "value"),
      at(exact, "fidelity", "direct", "error"),
    ];
    expect(Math.abs(value - at(exact, "fidelity", "exact")) / error).toBeLessThan(4);
  });

  it("says when no single state explains the shots, and gives no error bar then", async () => {
    await simulated(
      "drift.npz",
      "product",
      "--set",
      "bloch=0,0,1",
      "--qubits",
      "2",
      "--noise",
      "drift=0.6",
      "--shots",
      "500",
      "--seed",
      "2",
    );
    const { stdout } = await ansatz("tomography", work.at("drift.npz"), ...few, "--out", work.at("drift"));
    expect(stdout).toContain("No single state explains the shots");
    const rows = stdout.split("\n").filter((line) => /^(fidelity|purity|entropy|negativity)/.test(line));
    expect(rows.length).toBe(5);
    for (const row of rows) expect(row).toContain("± unknown");
    const found = await documentOf("report", work.at("drift"));
    expect(found.goodnessOfFit).toMatchObject({ explained: false });
    expect(found.purity).toMatchObject({ error: null });
    expect(found.fidelity).toMatchObject({ direct: { error: null }, maximumLikelihood: { error: null } });
  });

  it("holds another reconstruction against the shots in both orders", async () => {
    await simulated(
      "w.npz",
      "product",
      "--qubits",
      "2",
      "--set",
      "bloch=0,0,1,1,0,0",
      "--noise",
      "white=0.1",
    );
    const rho = pureState([1, 1, 0, 0]);
    const noisy = { ...rho, re: rho.re.map((v, i) => 0.9 * v + (i % 5 === 0 ? 0.1 / 4 : 0)) };
    await writeFile(work.at("other.npy"), writeComplexNpy(mirroredState(noisy)));
    const args = ["tomography", work.at("w.npz"), "--compare", work.at("other.npy"), ...few];
    const { stderr } = await ansatz(...args, "--out", work.at("compared"));
    expect(stderr).toMatch(/other\.npy is in the other order of qubits: reversed it is [\d.]+ nats likelier/);
    const found = await documentOf("report", work.at("compared"));
    const below = at(found, "compared", "other.npy", "below");
    expect(below).toBeGreaterThan(-1e-3);
    expect(below).toBeLessThan(40);
    expect(at(found, "compared", "other.npy", "fidelity")).toBeGreaterThan(0.95);
  });

  it("refuses what cannot be, in one line", async () => {
    const counts = work.at("bad.json");
    await writeFile(counts, qiskitCounts());
    const tomography = (...rest: string[]) => refused(work, "tomography", ...rest);
    const out = ["--out", work.at("none")];
    expect(await tomography(counts, "--order", "last")).toContain("--out is missing");
    expect(await tomography(counts, ...out)).toContain("--order last");
    expect(await tomography(work.at("nothing.json"), ...out)).toContain("no such file");
    const read = [counts, "--order", "last", ...out];
    expect(await tomography(...read, "--target", "cat")).toContain("cat");
    expect(await tomography(...read, "--target", "ghz:qubits=3")).toContain("3 qubits");
    expect(await tomography(...read, "--rank", "5")).toContain("rank of 2 qubits");
    expect(await tomography(...read, "--bootstrap", "1")).toContain("--bootstrap");
    expect(await tomography(...read, "--povm", "pauli6:ZXY")).toContain("povm");
    await writeFile(work.at("three.npy"), writeComplexNpy(pureState([1, 0, 0, 0, 0, 0, 0, 0])));
    expect(await tomography(...read, "--compare", work.at("three.npy"))).toContain("is a state of 3 qubits");
    await writeFile(
      work.at("nan.npy"),
      writeComplexNpy({ n: 2, re: Float64Array.of(1, 2, 3, 0), im: new Float64Array(4) }),
    );
    expect(await tomography(...read, "--compare", work.at("nan.npy"))).toContain("no conjugates");
    const unphysical = { n: 4, re: new Float64Array(16), im: new Float64Array(16) };
    unphysical.re[0] = 1.5;
    unphysical.re[5] = -0.5;
    await writeFile(work.at("unphysical.npy"), writeComplexNpy(unphysical));
    expect(await tomography(...read, "--target", work.at("unphysical.npy"))).toContain(
      "-0.500: it is no state",
    );
    await writeFile(work.at("blind.json"), "[[0.5, 0.5], [0.5, 0.5]]");
    expect(await tomography(...read, "--confusion", work.at("blind.json"))).toContain(
      "whatever the true bit",
    );
    await writeFile(counts, JSON.stringify({ QX: { "00": 1 } }));
    expect(await tomography(...read)).toContain("is no basis");
    await writeFile(counts, JSON.stringify({ ZZZZZZZZZ: { "000000000": 5 } }));
    expect(await tomography(...read)).toContain("up to 8");
    await simulated("few.npz", "ghz", "--qubits", "2", "--settings", "ZZ,XX", "--shots", "100");
    const partial = await ansatz("tomography", work.at("few.npz"), ...few, "--out", work.at("few"));
    expect(partial.code).toBe(0);
    expect(partial.stderr.match(/7 of 9 Pauli settings have no shots/g)).toHaveLength(1);
    // Two settings of three probabilities each determine six of the 15 parameters, and nothing is left.
    expect(partial.stdout).toContain("0 degrees of freedom");
  });

  it("fits the readout to calibration circuits, in the declared order", async () => {
    const [counts, cal, psi, run] = ["c.json", "cal.json", "psi0.txt", "cal-run"].map((name) =>
      work.at(name),
    ) as [string, string, string, string];
    // |00⟩, of which qubit 0, the right-most, is read as 1 with probability 0.1, and qubit 1 is always read as it is.
    const settings: Record<string, Record<string, number>> = {};
    for (const one of "XYZ")
      for (const zero of "XYZ") {
        const ones = one === "Z" ? { 0: 1 } : { 0: 0.5, 1: 0.5 };
        const zeros = zero === "Z" ? { 0: 0.9, 1: 0.1 } : { 0: 0.5, 1: 0.5 };
        settings[one + zero] = Object.fromEntries(
          Object.entries(ones).flatMap(([b, p]) =>
            Object.entries(zeros).map(([a, q]) => [b + a, 400 * p * q]),
          ),
        );
      }
    await writeFile(counts, JSON.stringify(settings));
    await writeFile(
      cal,
      JSON.stringify({ "00": { "00": 3600, "01": 400 }, "11": { "11": 3600, "10": 400 } }),
    );
    await writeFile(psi, "1 0\n0 0\n0 0\n0 0\n");
    const say = ["tomography", counts, "--order", "last", "--target", psi, ...few, "--calibration", cal];
    await documentOf(...say, "--out", run);
    const { re } = await rhoOf(run);
    expect(re[0]).toBeGreaterThan(0.99);
    expect(await readFile(join(run, "report.html"), "utf8")).toContain("circuits in cal.json");
    await writeFile(cal, JSON.stringify({ "00": { "00": 3600, "01": 400 } }));
    const none = ["--out", work.at("none")];
    expect(await refused(work, ...say, ...none)).toMatch(/qubit 0 has no calibration shots prepared in 1/);
    await writeFile(cal, JSON.stringify({ "00": { "11": 900, "00": 100 }, "11": { "00": 900, "11": 100 } }));
    expect(await refused(work, ...say, ...none)).toMatch(/qubit 0 is read as the opposite bit more often/);
    await writeFile(cal, '{"00": {"00": 900, "01": 100, "00": 5}, "11": {"11": 900}}');
    expect(await refused(work, ...say, ...none)).toMatch(/"00", outcome "00" is there twice/);
    await writeFile(cal, JSON.stringify({ "0": { "0": 3600 } }));
    expect(await refused(work, ...say, ...none)).toMatch(/circuit "0" must name the bit .* 2 qubits/);
  });

  it("makes its page again by --resume, and takes nothing else with it", async () => {
    await simulated("again.npz", "ghz", "--qubits", "2", "--shots", "50");
    const run = work.at("again");
    const first = await documentOf("tomography", work.at("again.npz"), ...few, "--out", run);
    await rm(join(run, "rho.npy"));
    await rm(join(run, "report.html"));
    const again = await documentOf("tomography", "--resume", "--out", run);
    expect(again).toEqual(first);
    expect((await rhoOf(run)).re).toHaveLength(16);
    const resume = (...rest: string[]) => refused(work, "tomography", "--resume", ...rest);
    expect(await resume("--out", run, work.at("again.npz"))).toContain("leave out");
    expect(await resume("--out", run, "--target", "w")).toContain("leave out --target");
    expect(await resume("--out", work.at("nowhere"))).toContain("no run in");
  });

  it.skipIf(noNumpy !== undefined)(
    `writes a rho.npy that numpy reads as the same state${noNumpy ? `: ${noNumpy}` : ""}`,
    async () => {
      // A phase in every element below the diagonal, and no symmetry of the qubits: transposing or mirroring would show.
      const about = ["--set", "bloch=0.6,0.64,0.48,0,0.6,-0.8", "--shots", "60"];
      await simulated("numpy.npz", "product", "--qubits", "2", ...about);
      const run = work.at("numpy");
      await documentOf("tomography", work.at("numpy.npz"), ...few, "--out", run);
      const script =
        "import json, sys, numpy as np\nrho = np.load(sys.argv[1])\n" +
        "print(json.dumps([str(rho.dtype), rho.shape, rho.real.ravel().tolist(), rho.imag.ravel().tolist(),\n" +
        "    np.linalg.eigvalsh(rho).min(), abs(np.trace(rho) - 1), abs(rho - rho.conj().T).max()]))";
      const told = execFileSync(python, ["-c", script, join(run, "rho.npy")], { encoding: "utf8" });
      const [dtype, shape, re, im, least, trace, skew] = JSON.parse(told);
      const own = await rhoOf(run);
      expect([dtype, shape]).toEqual(["complex128", [4, 4]]);
      expect(re).toEqual([...own.re]);
      expect(im).toEqual([...own.im]);
      expect(least).toBeGreaterThanOrEqual(-1e-12);
      expect(trace).toBeLessThan(1e-12);
      expect(skew).toBeLessThan(1e-15);
      // As numpy sees it: ⟨Y of qubit 0⟩ is 0.64, ⟨Z of qubit 1⟩ is −0.8, each from 540/3 = 180 shots: four errors are 0.3.
      const mean = (script: string) =>
        Number(
          execFileSync(
            python,
            ["-c", `import sys, numpy as np\nr = np.load(sys.argv[1])\n${script}`, join(run, "rho.npy")],
            { encoding: "utf8" },
          ),
        );
      const y = "np.kron([[0, -1j], [1j, 0]], np.eye(2))";
      const z = "np.kron(np.eye(2), np.diag([1, -1]))";
      expect(Math.abs(mean(`print(np.trace(${y} @ r).real)`) - 0.64)).toBeLessThan(0.3);
      expect(Math.abs(mean(`print(np.trace(${z} @ r).real)`) + 0.8)).toBeLessThan(0.3);
    },
  );
});
