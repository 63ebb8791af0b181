import { readFile, writeFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { gaussianTestMaps, lognormalTestMaps } from "../../acceptance/maps.ts";
import { ndarray } from "../../src/array.ts";
import { writeNpy } from "../../src/data/formats/npy.ts";
import { writeNpz } from "../../src/data/formats/npz.ts";
import { refused } from "./refused.ts";
import { ansatz, documentOf, patient, smallIsing, workFolder } from "./support.ts";

const work = workFolder();
const { at } = work;
const quick = ["--permutations", "19", "--no-network"];

interface Candidate {
  readonly name: string;
  readonly rows: number;
  readonly log10P: number;
  readonly nearest: { readonly verdict: string };
  readonly tests: readonly { readonly test: string; readonly on: string; readonly log10P?: number }[];
}
const candidatesOf = (document: Record<string, never>) => document.candidates as unknown as Candidate[];

beforeAll(async () => {
  await documentOf(...smallIsing, "--out", at("ising.npz"));
  await documentOf("fit", "made", at("ising.npz"), "--out", at("made"), "--epochs", "1", "--set", "hidden=4");
  const maps = {
    a: lognormalTestMaps(1, 60, 12),
    b: lognormalTestMaps(2, 60, 12),
    g: gaussianTestMaps(3, 60, 12),
  };
  for (const [name, x] of Object.entries(maps)) await writeFile(at(`${name}.npy`), writeNpy(x));
  const parent = ndarray("i32", [60]);
  await writeFile(at("one-parent.npz"), writeNpz({ arrays: { x: maps.a, parent } }));
  const bad = ndarray("f32", maps.b.shape, maps.b.data.slice());
  bad.data[300] = Number.NaN;
  await writeFile(at("nan.npy"), writeNpy(bad));
}, patient);

describe("ansatz judge", () => {
  it(
    "tests files without being told what they hold, and writes a page with figures",
    async () => {
      const done = await ansatz(
        "judge",
        at("a.npy"),
        at("b.npy"),
        at("g.npy"),
        ...quick,
        "--out",
        at("j.html"),
      );
      expect(done.code, done.stderr).toBe(0);
      expect(done.stdout).toMatch(/^test +real +/);
      expect(done.stdout).toContain(`${at("b.npy")}: no test tells it from real rows`);
      expect(done.stdout).toContain(`${at("g.npy")}: differs from real rows, most clearly by `);
      const html = await readFile(at("j.html"), "utf8");
      for (const figure of [
        "tests",
        "curve-spectrum",
        "curve-pdf",
        "curve-minkowski-v1",
        "rows-0",
        "nearest-1",
      ])
        expect(html).toContain(`<figure id="figure-${figure}"`);
      expect(html).toContain("they do not compare with a published FID");
    },
    patient,
  );

  it(
    "draws from runs and baselines, tests against held-out rows, and looks for copies of training rows",
    async () => {
      const document = await documentOf(
        "judge",
        at("ising.npz"),
        at("made"),
        "baseline:independent",
        ...quick,
        "-n",
        "100",
      );
      expect(document.reference).toBe(`test rows of ${at("ising.npz")}`);
      const found = candidatesOf(document);
      expect(found.map(({ name }) => name)).toEqual(["real", at("made"), "baseline:independent"]);
      expect(found.slice(1).map(({ rows }) => rows)).toEqual([100, 100]);
      expect(found[1]!.tests.map(({ on }) => on)).toContain("energy");
      expect(
        await documentOf("judge", at("ising.npz"), at("made"), "baseline:independent", ...quick, "-n", "100"),
      ).toEqual(document);
    },
    patient,
  );

  it.each([
    [
      ["a.npy", "nan.npy"],
      /nan\.npy: row 2, column 12 \(site 1, 0\) is NaN; every value must be a finite number$/,
    ],
    [
      ["one-parent.npz", "b.npy", "--space", "real"],
      /its 60 rows are of 1 parent, and p-values permute parents; give rows of 4 parents or more, real rows of 8 as they are halved$/,
    ],
    [
      ["a.npy", "baseline:normal"],
      /^there is no baseline 'normal'; there are baseline:independent, baseline:gaussian, baseline:copula$/,
    ],
    [
      ["ising.npz", "baseline:gaussian"],
      /^the gaussian baseline needs real numbers; the rows are binary: take baseline:independent$/,
    ],
    [["a.npy", "b.npy", "b.npy"], /is named twice$/],
    [
      ["a.npy", "b.npy", "--permutations", "1000000000"],
      /^--permutations takes a whole number from 19 to 9999, not '1000000000'$/,
    ],
    [["a.npy", "b.npy", "--out", "j.txt"], /^--out names a page, such as judge.html, not j.txt$/],
    [["a.npy", "made"], /a\.npy: rows have 144 sites; the shape 4x4 has 16$/],
  ])(
    "refuses %j",
    async (argv, line) => {
      const placed = argv.map((name) => (/\.np|^made$/.test(name) ? at(name) : name));
      expect(await refused(work, "judge", ...placed)).toMatch(line);
    },
    patient,
  );
});
