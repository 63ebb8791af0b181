import { readFile, writeFile } from "node:fs/promises";
import { unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { arrayFrom } from "../../src/array.ts";
import { readNpy, writeNpy } from "../../src/data/formats/npy.ts";
import { decodePicture } from "../../src/data/pictures/decode.ts";
import { readDataFile } from "../../src/files/index.ts";
import { kappaParameters, kappaSpectrum } from "../../src/systems/index.ts";
import { ansatz, documentOf, patient, workFolder } from "./support.ts";

const work = workFolder();
const small = ["simulate", "kappa", "--shape", "8x6", "--samples", "40", "--seed", "3"];

describe("ansatz simulate kappa", { timeout: patient }, () => {
  it("writes maps with their parents, their exact spectrum and what they are of", async () => {
    const out = work.at("sky.npz");
    const { variance } = (await documentOf(...small, "--noise", "30", "--out", out)) as never as {
      variance: { value: number; error: number; exact: number };
    };
    expect(Math.abs(variance.value - variance.exact) / variance.error).toBeLessThan(3.5);
    const { arrays, meta } = await readDataFile(out);
    expect(arrays.x).toMatchObject({ dtype: "f32", shape: [40, 8, 6] });
    expect(meta).toMatchObject({
      system: { name: "kappa" },
      space: { kind: "real", shape: [8, 6] },
      seed: 3,
    });
    const entries = unzipSync(new Uint8Array(await readFile(out)));
    const parent = readNpy(entries["parent.npy"]!, "parent");
    expect(Array.from(parent.data, Number)).toEqual(Array.from({ length: 40 }, (_, i) => i));
    const exact = kappaSpectrum(kappaParameters.parse({ shape: "8x6", noise: 30 }));
    readNpy(entries["spectrum.npy"]!, "spectrum").data.forEach((power, i) => {
      expect(Number(power)).toBeCloseTo(exact[i]!, 18);
    });
    const { stdout } = await ansatz("info", out);
    expect(stdout).toContain("drawn from kappa (shape 8×6, method lognormal");
  });

  it("takes cosmologies from ranges as contexts, and models learn from both", async () => {
    const out = work.at("range.npz");
    const ranges = ["--set", "omegaM=0.2..0.4", "--redshift", "0.5..1.5"];
    expect(await documentOf(...small, ...ranges, "--out", out)).toMatchObject({
      context: ["omegaM", "redshift"],
    });
    const { arrays, meta } = await readDataFile(out);
    expect(arrays.context?.shape).toEqual([40, 2]);
    expect(meta?.system?.parameters).toMatchObject({ omegaM: "0.2..0.4", redshift: "0.5..1.5" });
    arrays.context?.data.forEach((value, i) => {
      const [low, high] = i % 2 === 0 ? [0.2, 0.4] : [0.5, 1.5];
      expect(Number(value) >= low! && Number(value) <= high!).toBe(true);
    });
    const fitted = await ansatz("fit", "spline", out, "--out", work.at("run"), "--epochs", "1");
    expect([fitted.code, fitted.stderr.includes("ansatz:")]).toEqual([0, false]);
    expect((await ansatz("report", work.at("run"), "-n", "20")).code).toBe(0);
  });

  it("hides pixels by a mask, and shows maps as a picture", async () => {
    const mask = Array.from({ length: 48 }, (_, i) => (i < 6 ? 0 : 1));
    await writeFile(work.at("mask.npy"), writeNpy(arrayFrom("u8", [8, 6], mask)));
    const out = work.at("masked.npz");
    await documentOf(...small, "--mask", work.at("mask.npy"), "--out", out);
    const { arrays } = await readDataFile(out);
    expect(Array.from(arrays.x!.data.slice(0, 6), Number)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(Array.from(arrays.x!.data.slice(6, 48), Number)).not.toContain(0);
    // Pixels that never change leave nothing to learn there: one line.
    const fitted = await ansatz("fit", "spline", out, "--out", work.at("masked"), "--epochs", "1");
    expect(fitted.stderr.split("\n").filter((line) => line.startsWith("ansatz:")).length).toBeLessThan(2);
    const png = work.at("sky.png");
    await documentOf(...small, "--out", png);
    expect(await decodePicture(await readFile(png), png)).toMatchObject({
      height: 6 * 9 - 1,
      width: 7 * 7 - 1,
    });
  });

  it.each([
    [["--set", "omegam=0.2"], /no parameter 'omegam'; did you mean omegaM/],
    [["--set", "omegaM=2"], /omegaM: give the density of matter from 0.05 to 1/],
    [["--set", "omegaM=0.4..0.2"], /omegaM: a range goes from a smaller to a larger number/],
    [["--set", "omegaM=0.9..1.2"], /omegaM: give the density of matter from 0.05 to 1/],
    [["--noise", "1..2"], /noise: takes one number, not a range/],
    [["--method", "poisson"], /method: give lognormal or gaussian/],
    [["--pixel", "0"], /pixel: give the side of a pixel in minutes of arc from 0.1 to 20/],
    [["--shape", "8"], /shape: give two sides from 4 to 2048/],
    [["--shape", "2000x2000", "--pixel", "20"], /more than 2\^24 points/],
    [["--beta", "1"], /--beta: does not apply to kappa/],
    [["--redshift", "1", "--set", "redshift=0.5"], /redshift is given by --redshift and by --set/],
    [["--burn-in", "1"], /--burn-in: does not apply to kappa/],
    [["--samples", "100000000000"], /takes .* of memory/],
  ])("%j is one clear line", async (flags, message) => {
    const { code, stderr } = await ansatz(...small, ...flags, "--out", work.at("bad.npz"));
    expect(code).toBe(2);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stderr).toMatch(message);
  });

  it("refuses masks that do not fit, and its flags where another system is simulated", async () => {
    await writeFile(work.at("small.npy"), writeNpy(arrayFrom("u8", [4, 6], new Array(24).fill(1))));
    await writeFile(work.at("half.npy"), writeNpy(arrayFrom("f32", [8, 6], new Array(48).fill(0.5))));
    const one = Array.from({ length: 48 }, (_, i) => (i === 7 ? 1 : 0));
    await writeFile(work.at("one.npy"), writeNpy(arrayFrom("u8", [8, 6], one)));
    const [bad, half, single] = await Promise.all(
      ["small.npy", "half.npy", "one.npy"].map((name) =>
        ansatz(...small, "--mask", work.at(name), "--out", work.at("bad.npz")),
      ),
    );
    expect(bad!.stderr).toContain("has the shape 4x6; maps have 8x6 pixels");
    expect(half!.stderr).toContain("holds 0.5; a mask is 1 for observed pixels, otherwise 0");
    expect(single!.stderr).toContain("one.npy: shows 1 pixel; a mask needs at least 2 pixels with value 1");
    const ising = await ansatz(
      "simulate",
      "ising",
      "--shape",
      "4x4",
      "--pixel",
      "1",
      "--out",
      work.at("b.npz"),
    );
    expect(ising.stderr).toContain("--pixel: is for maps");
  });
});
