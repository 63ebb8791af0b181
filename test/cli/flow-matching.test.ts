import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { loadArray } from "../../src/files/index.ts";
import { createSystem, real, simulate } from "../../src/index.ts";
import { createModel } from "../../src/models/index.ts";
import { fit } from "../../src/train/index.ts";
import { refused } from "./refused.ts";
import { ansatz, documentOf, patient, smallIsing, workFolder } from "./support.ts";

const work = workFolder();
const { at } = work;
const few = ["--epochs", "1", "--schedule", "cosine"];
const small = ["--set", "width=8", "--set", "blocks=1", "--set", "steps=2"];

beforeAll(async () => {
  const free = ["--shape", "3x3", "--mass2", "1", "--lambda", "0", "--samples", "600", "--seed", "1"];
  await documentOf("simulate", "phi4", ...free, "--out", at("free.npz"));
  await documentOf(
    "fit",
    "flow-matching",
    at("free.npz"),
    ...few,
    ...small,
    "--lr",
    "1e-9",
    "--out",
    at("free"),
  );
}, patient);

describe("a flow in time on the command line", () => {
  it("scores rows by a bound and by an estimate, and knows a free field before it is trained", async () => {
    const { stdout } = await ansatz("score", at("free"));
    expect(stdout).toContain("NLL bound");
    expect(stdout).toContain("−log P by the flow's equation, estimate");
    expect(stdout).not.toMatch(/^NLL \(nats\)/m);
    const scored: Record<string, unknown> = await documentOf("score", at("free"), "--free-energy", "2000");
    // A Gaussian of 480 rows' variances beside the true one: few weights are lost.
    const { ess } = scored.freeEnergy as { ess: { value: number } };
    expect(ess.value).toBeGreaterThan(0.9);
    expect((scored.flowTime as { divergence: string }).divergence).toBe("full");
  });

  it("is reweighted by the energy of a named system, in one line where that cannot be", async () => {
    const free = ["solve", "phi4", "--mass2", "1", "--lambda", "0", "--start", at("free")];
    const { stdout } = await ansatz(...free, "--shape", "3x3", "-n", "2000");
    expect(stdout).toContain("reweighted to phi4");
    type Estimated = { value: number; error: number };
    const found = await documentOf(...free, "--shape", "3x3", "-n", "2000");
    const { logZ, observables } = found as unknown as {
      logZ: Estimated;
      observables: Record<string, Estimated>;
    };
    // Z of a free field is Π √(π/(m² + k̂²)), as S has no ½; χ₂ is the propagator at k = 0, 1/(2 m²).
    const momenta = [0, 3, 3].flatMap((a) => [0, 3, 3].map((b) => 1 + a + b));
    const exact = momenta.reduce((sum, k) => sum + 0.5 * Math.log(Math.PI / k), 0);
    expect(Math.abs(logZ.value - exact)).toBeLessThan(4 * logZ.error);
    const chi = observables.susceptibility as Estimated;
    expect(Math.abs(chi.value - 0.5)).toBeLessThan(4 * chi.error);
    const wrong = [
      [[...free, "--shape", "4x4"], "name a run of the same shape"],
      [
        ["solve", "ising", "--shape", "3x3", "--beta", "1", "--start", at("free")],
        "is of phi4, not of ising",
      ],
      [[...free, "--shape", "3x3", "--out", at("none")], "leave --out out"],
      [[...free, "--shape", "3x3", "--steps", "5"], "leave --steps out"],
    ] as const;
    for (const [argv, text] of wrong) expect(await refused(work, ...argv)).toContain(text);
  });

  it("is sampled in as many steps as asked, by chains too, and encodes both ways", async () => {
    const draw = async (name: string, ...how: string[]) => {
      await documentOf("sample", at("free"), "-n", "20", "--seed", "2", ...how, "--out", at(name));
      return (await loadArray(at(name))).data;
    };
    expect(await draw("a.npy", "--steps", "2")).toEqual(await draw("b.npy"));
    expect((await draw("c.npy", "--metropolis", "--chains", "2")).length).toBe(180);
    await documentOf("encode", at("free"), at("a.npy"), "--out", at("noise.npy"));
    await documentOf("decode", at("free"), at("noise.npy"), "--out", at("back.npy"));
    const [a, back] = [await loadArray(at("a.npy")), await loadArray(at("back.npy"))];
    for (const [i, v] of back.data.entries())
      expect(Math.abs(Number(v) - Number(a.data[i]))).toBeLessThan(1e-3);
  });

  it("reports the way, the velocity beside the Gaussian's and the error of the steps, and exports its velocity", async () => {
    await documentOf("report", at("free"), "--samples", "100", "--force");
    const page = await readFile(at("free/report.html"), "utf8");
    for (const text of [
      "from noise (t = 1) to data",
      "velocity error of the exact Gaussian",
      "the error of the steps",
    ])
      expect(page).toContain(text);
    const { files } = await documentOf("export", at("free"), "--out", at("exported"));
    expect(files).toContain("velocity.onnx");
  });

  it("refuses what it has not in one line", async () => {
    await documentOf(...smallIsing, "--samples", "100", "--seed", "1", "--out", at("ising.npz"));
    expect(await refused(work, "fit", "flow-matching", at("ising.npz"), "--out", at("no"))).toContain(
      "flow-matching models real numbers, not a binary space",
    );
    await documentOf("fit", "made", at("ising.npz"), ...few, "--set", "hidden=4", "--out", at("made"));
    expect(await refused(work, "sample", at("made"), "--steps", "3", "--out", at("no.npy"))).toContain(
      "--steps is for models that draw rows in steps of time",
    );
    expect(await refused(work, "sample", at("free"), "--guidance", "2", "--out", at("no.npy"))).toContain(
      "guidance needs a context",
    );
    expect(
      await refused(
        work,
        "solve",
        "phi4",
        "--shape",
        "3x3",
        "--mass2",
        "1",
        "--lambda",
        "1",
        "--model",
        "flow-matching",
        "--out",
        at("no"),
      ),
    ).toContain("has no exact likelihood");
  });
});

it("a fit that was stopped goes on to the same bits, averages included", async () => {
  const { dataset } = await simulate(createSystem("moons", {}), { samples: 600, seed: 1 });
  const options = { schedule: "cosine", epochs: 3, batch: 32, average: 0.9, seed: 4 } as const;
  const run = async (resume?: Uint8Array) => {
    const kept: Uint8Array[] = [];
    const model = createModel("flow-matching", { space: real([2]) }, { width: 8, blocks: 1 });
    const hooks = { resume, saveCheckpoint: async (bytes: Uint8Array) => void kept.push(bytes.slice()) };
    await using fitted = await fit(model, dataset, options, hooks).result();
    return { parameters: JSON.stringify(fitted.parameters), kept };
  };
  const whole = await run();
  expect(whole.kept.length).toBeGreaterThan(2);
  expect((await run(whole.kept[2])).parameters).toBe(whole.parameters);
});
