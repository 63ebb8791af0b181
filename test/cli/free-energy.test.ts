import { beforeAll, describe, expect, it } from "vitest";
import type { FreeEnergy } from "../../src/evaluate/free-energy.ts";
import { jointTest } from "../../src/stats/index.ts";
import { createSystem } from "../../src/systems/index.ts";
import { ansatz, documentOf, patient, workFolder } from "./support.ts";

const work = workFolder();
const exact = createSystem("ising", { shape: [3, 3], beta: 0.3 }).exact;

beforeAll(async () => {
  const ising = ["simulate", "ising", "--shape", "3x3", "--samples", "2000", "--seed", "1"];
  await documentOf(...ising, "--beta", "0.3", "--out", work.at("ising.npz"));
  await documentOf(...ising, "--beta-range", "0.2", "0.4", "2", "--out", work.at("several.npz"));
  const fit = ["--epochs", "5", "--lr", "0.01", "--seed", "1"];
  await documentOf("fit", "made", work.at("ising.npz"), ...fit, "--out", work.at("made"));
  await documentOf("fit", "made", work.at("several.npz"), ...fit, "--out", work.at("several"));
  await documentOf("fit", "rbm", work.at("ising.npz"), "--epochs", "1", "--out", work.at("rbm"));
}, patient);

describe("the free energy of a fit", { timeout: patient }, () => {
  it("is that of the system within its errors, however well the model fits", async () => {
    const { freeEnergy } = (await documentOf("score", work.at("made"), "--free-energy", "4000")) as never as {
      freeEnergy: FreeEnergy;
    };
    const sigmas = (["logZ", "energy", "entropy", "heatCapacity"] as const).map(
      (name) => (freeEnergy[name].value - exact![name]) / freeEnergy[name].error,
    );
    expect(jointTest(sigmas).largestPValue).toBeGreaterThan(1e-3);
    expect(freeEnergy.logZ.error).toBeLessThan(0.05);
    expect(freeEnergy.logZBound.value).toBeLessThan(exact!.logZ);
    const { stdout } = await ansatz("score", work.at("made"), "--free-energy", "1000");
    expect(stdout).toMatch(/^NLL per site .*^free energy per site /ms);
  });

  it("is not printed unless it is asked for", async () => {
    expect(await documentOf("score", work.at("made"))).not.toHaveProperty("freeEnergy");
  });

  it.each([
    [
      "several",
      "several.npz has contexts, so there is more than one free energy; fit rows of one temperature",
    ],
    ["rbm", "--free-energy needs a model with an exact likelihood; rbm is of the kind energy"],
  ])("is refused for %s", async (run, message) => {
    const { code, stderr } = await ansatz("score", work.at(run), "--free-energy", "100");
    expect(code).not.toBe(0);
    expect(stderr).toContain(message);
  });
});
