import { writeFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { ansatz, documentOf, patient, smallIsing, workFolder } from "./support.ts";

const work = workFolder();
beforeAll(() => documentOf(...smallIsing, "--samples", "200", "--out", work.at("ising.npz")), patient);

describe("training that fails at once", () => {
  it("says that a learning rate is too large, and leaves no run behind", async () => {
    const argv = ["fit", "made", work.at("ising.npz"), "--out", work.at("run"), "--lr", "1e300"];
    const { code, stderr } = await ansatz(...argv);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /no longer finite at step \d+ .*; try a smaller learning rate or clip the gradient\n$/,
    );
    expect(await work.names()).toEqual(["ising.npz"]);
  });

  it("says that beta is too large, and removes its own files alone", async () => {
    const argv = [
      "solve",
      "ising",
      "--shape",
      "3x3",
      "--beta",
      "1e30",
      "--steps",
      "5",
      "--out",
      work.at("van"),
    ];
    const { code, stderr } = await ansatz(...argv);
    expect(code).toBe(1);
    expect(stderr).toContain(
      "ansatz: the loss is not finite before the first step is taken; beta 1e+30 times the energy is too large for single " +
        "precision; take a smaller beta",
    );
    expect(await work.names()).toEqual(["ising.npz"]);

    await documentOf(...argv.slice(0, 5), "0.3", ...argv.slice(6));
    await writeFile(`${work.at("van")}/notes.txt`, "mine");
    expect((await ansatz(...argv, "--force")).code).toBe(1);
    expect((await ansatz("info", work.at("van"))).stderr).toContain("is not a run folder");
    expect(await work.names()).toEqual(["ising.npz", "van"]);
  });
});
