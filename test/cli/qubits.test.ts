import { readFile, writeFile } from "node:fs/promises";
import { unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { arrayFrom } from "../../src/array.ts";
import { readNpy, writeNpy } from "../../src/data/formats/npy.ts";
import { writeComplexNpy } from "../../src/data/formats/npy-complex.ts";
import { readNpyText } from "../../src/data/formats/npy-text.ts";
import { ansatz, documentOf, patient, workFolder } from "./support.ts";

const work = workFolder();
const ghz = ["simulate", "ghz", "--qubits", "3", "--noise", "depolarise=0.1", "--shots", "50", "--seed", "1"];

describe("measurements of qubits on the command line", { timeout: patient }, () => {
  it("are simulated into arrays that numpy reads, and that every command reads without flags", async () => {
    const out = work.at("shots.npz");
    expect(await documentOf(...ghz, "--out", out)).toMatchObject({
      system: { name: "ghz", parameters: { qubits: 3, phase: 0, depolarise: 0.1 } },
      settings: 27,
      shots: 1350,
    });
    const entries = unzipSync(new Uint8Array(await readFile(out)));
    expect(readNpy(entries["bits.npy"]!, "bits")).toMatchObject({ dtype: "u8", shape: [1350, 3] });
    expect(readNpyText(entries["settings.npy"]!, "settings").words.slice(0, 4)).toEqual([
      "XXX",
      "XXY",
      "XXZ",
      "XYX",
    ]);
    expect(readNpyText(entries["order.npy"]!, "order")).toEqual({ shape: [], words: ["first"] });
    expect(await documentOf("info", out)).toMatchObject({
      kind: "measurements",
      qubits: 3,
      shots: { total: 1350, fewest: 50, most: 50 },
      informationallyComplete: true,
      rank: 64,
      system: { name: "ghz" },
    });
    const fitted = await ansatz(
      "fit",
      "made",
      out,
      "--out",
      work.at("run"),
      "--epochs",
      "1",
      "--set",
      "hidden=8",
    );
    expect(fitted.code, fitted.stderr).toBe(0);
    expect((await ansatz("score", work.at("run"), out)).stdout).toContain("at random within each setting");
    const context = ["--context", "0,0,0", "-n", "5", "--out", work.at("drawn.npz")];
    expect((await ansatz("sample", work.at("run"), ...context)).code).toBe(0);
  });

  it("follow from the seed, in random settings, neighbours, lists, and files of axes", async () => {
    const w = ["simulate", "w", "--qubits", "4", "--set", "phases=random", "--seed", "3"];
    const shots = async (...rest: string[]) =>
      (await documentOf(...w, ...rest, "--out", work.at("w.npz"), "--force")) as Record<string, unknown>;
    expect(await shots("--settings", "neighbours", "--shots", "20")).toMatchObject({
      settings: 7,
      shots: 140,
    });
    expect(await shots("--settings", "random:500")).toMatchObject({ shots: 500 });
    const first = await readFile(work.at("w.npz"));
    await shots("--settings", "random:500");
    const meta = unzipSync(new Uint8Array(first));
    expect(unzipSync(new Uint8Array(await readFile(work.at("w.npz"))))["bits.npy"]).toEqual(meta["bits.npy"]);
    expect(await shots("--settings", "Z,XXYY")).toMatchObject({ settings: 2, shots: 200 });
    await writeFile(
      work.at("axes.json"),
      JSON.stringify([
        [
          [0.6, 0, 0.8],
          [0, 1, 0],
          [0, 0, 1],
          [1, 0, 0],
        ],
        "ZZZZ",
      ]),
    );
    expect(await shots("--settings", work.at("axes.json"))).toMatchObject({ settings: 2, arePauli: false });
    // Axes are contexts of real numbers to any family that takes these.
    const fitted = await ansatz("fit", "made", work.at("w.npz"), "--out", work.at("axes"), "--epochs", "1");
    expect(fitted.code, fitted.stderr).toBe(0);
  });

  it("of other programs are described, held against a target in both orders, and written for all commands", async () => {
    // Qubit 0 is up and qubit 1 down, as Qiskit writes it.
    const counts = work.at("counts.json");
    await writeFile(counts, JSON.stringify({ zz: { "10": 90, "00": 10 }, "z x": { "10": 50, "0x3": 50 } }));
    const target = ["--target", "product:bloch=[0,0,1,0,0,-1]"];
    const { target: fits } = (await documentOf("info", counts, "--order", "last", ...target)) as never as {
      target: Record<"declared" | "opposite", { logLikelihood: number }>;
    };
    expect(fits.declared.logLikelihood).toBeGreaterThan(fits.opposite.logLikelihood + 20);
    expect((await ansatz("info", counts, "--order", "first", ...target)).stdout).toMatch(
      /the opposite order wins by [\d.]+ nats: is --order right\?/,
    );
    // |01⟩⟨01| as a matrix is that product state.
    const rho = {
      n: 4,
      re: Float64Array.from({ length: 16 }, (_, i) => (i === 5 ? 1 : 0)),
      im: new Float64Array(16),
    };
    await writeFile(work.at("rho.npy"), writeComplexNpy(rho));
    const matrix = ["--target", work.at("rho.npy")];
    const same = (await documentOf("info", counts, "--order", "last", ...matrix)) as never as {
      target: typeof fits;
    };
    for (const way of ["declared", "opposite"] as const)
      expect(same.target[way].logLikelihood).toBeCloseTo(fits[way].logLikelihood, 9);
    rho.re[0] = -0.1;
    rho.re[5] = 1.1;
    await writeFile(work.at("rho.npy"), writeComplexNpy(rho));
    expect((await ansatz("info", counts, "--order", "last", ...matrix)).stderr).toMatch(
      /^ansatz: [^\n]*rho\.npy/,
    );
    expect((await ansatz("info", counts, "--order", "last")).stdout).toContain(
      "7 of 9 Pauli settings have no shots",
    );
    const out = work.at("labelled.npz");
    await documentOf("label", counts, "--order", "last", "--out", out);
    expect(await documentOf("info", out)).toMatchObject({ shots: { total: 200 }, settings: { total: 2 } });
    await writeFile(work.at("aqt.npy"), writeNpy(arrayFrom("i32", [2, 2], [0, 5, 3, 1])));
    expect((await documentOf("info", work.at("aqt.npy"), "--povm", "pauli6:ZXY")) as object).toMatchObject({
      qubits: 2,
    });
  });

  it.each([
    [[...ghz, "--out", "a.npy"], "--out: shots of qubits are kept in an .npz"],
    [["simulate", "ghz", "--out", "a.npz"], "--qubits is missing"],
    [[...ghz, "--beta", "1", "--out", "a.npz"], "--beta: is not for states of qubits"],
    [
      ["simulate", "ising", "--shots", "3", "--out", "a.npz"],
      "--shots: is for states of qubits (simulate ghz)",
    ],
    [
      [...ghz, "--noise", "depolarize=0.1", "--out", "a.npz"],
      "has no parameter 'depolarize'; did you mean depolarise?",
    ],
    [
      [...ghz, "--noise", "dephase=1.5", "--out", "a.npz"],
      "dephase: give the probability of dephasing from 0 to 1",
    ],
    [[...ghz, "--noise", "readout=0.1,2", "--out", "a.npz"], "readout: give P(1 read | 0) and P(0 read | 1)"],
    [[...ghz, "--set", "phse=1", "--out", "a.npz"], "has no parameter 'phse'; did you mean phase?"],
    [[...ghz, "--settings", "paulis", "--out", "a.npz"], "--settings takes pauli, random:SHOTS"],
    [[...ghz, "--settings", "XX", "--out", "a.npz"], "--settings: XX has 2 letters; there are 3 qubits"],
    [[...ghz, "--settings", "random:5", "--out", "a.npz"], "random settings have one shot each"],
    [["simulate", "tfim", "--qubits", "15", "--out", "a.npz"], "give a whole number of qubits from 1 to 14"],
    [
      ["simulate", "dicke", "--qubits", "2", "--set", "excitations=3", "--out", "a.npz"],
      "3 excitations are more than",
    ],
    [
      ["simulate", "product", "--qubits", "2", "--set", "bloch=1,1,0", "--out", "a.npz"],
      "has the length 1.414",
    ],
    [["simulate", "ghz", "--qubits", "12", "--out", "a.npz"], "3^12 settings are too many"],
  ])("%j is refused in a line", async (argv, message) => {
    const { code, stderr } = await ansatz(...argv.map((word) => (/^a\./.test(word) ? work.at(word) : word)));
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  it("without shots, and shadows without options, are described", async () => {
    await writeFile(work.at("none.json"), '{"XX": {"00": 0}}');
    const { stdout } = await ansatz("info", work.at("none.json"), "--order", "last");
    expect(stdout).toContain("0 shots of 2 qubits in 1 Pauli setting, 0 each");
    await writeFile(work.at("shadows.txt"), "2\nX 1 Z -1\nY 1 Z 1\n");
    const shadows = await ansatz("info", work.at("shadows.txt"));
    expect(shadows.stdout).toContain("2 shots of 2 qubits in 2 Pauli settings");
  });

  it("without a declared order, or with a target of other qubits, are refused in a line", async () => {
    const counts = work.at("plain.json");
    await writeFile(counts, JSON.stringify({ ZZ: { "00": 1 } }));
    for (const [argv, message] of [
      [[], "does not say which qubit it lists first; give --order last"],
      [["--order", "last", "--target", "bell"], "unknown state bell"],
      [["--order", "last", "--target", "ghz:qubits=3"], "state ghz of 3 qubits is no target of 2 qubits"],
      [["--order", "middle"], "first, last"],
    ] as const) {
      const { code, stderr } = await ansatz("info", counts, ...argv);
      expect([code, stderr.includes(message) ? message : stderr]).toEqual([2, message]);
    }
  });
});
