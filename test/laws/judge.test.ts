import { describe, expect, test } from "vitest";
import { copyVerdicts, equalPValues, equalSets } from "../../acceptance/judge.ts";
import { gaussianTestMaps, lognormalTestMaps, mapped } from "../../acceptance/maps.ts";
import { ndarray } from "../../src/array.ts";
import { binary, real, type Space, sequence } from "../../src/data/space.ts";
import { baselineNames, drawBaseline, judge, type RowSet } from "../../src/evaluate/index.ts";
import { Key } from "../../src/random/key.ts";
import { kolmogorovTest } from "../../src/stats/kolmogorov.ts";

const quick = { network: false, permutations: 19 } as const;
const maps = real([32, 32]);

describe("p-values of real rows against real rows", () => {
  // A quick version of the acceptance runs judge-uniform, with a Bonferroni bound over all tests.
  test.each(Object.entries(equalSets))(
    "are uniform: %s",
    async (_, make) => {
      const found = await equalPValues(make, 12, 99);
      expect(found.size).toBeGreaterThan(15);
      const ks = [...found.values()].map((p) => kolmogorovTest(p, (u) => u).pValue);
      expect(Math.min(...ks) * ks.length).toBeGreaterThan(1e-3);
    },
    120_000,
  );
});

describe("maps of 32 × 32", () => {
  test("Gaussian ones with the mean and spectrum of lognormal ones are told at 250 against 250", async () => {
    const x = lognormalTestMaps(1, 250);
    const candidates = baselineNames.map((name) => ({
      name,
      x: drawBaseline(name, maps, x, 250, Key.fromSeed(2)),
    }));
    const { candidates: found } = await judge(
      { space: maps, real: { name: "lognormal", x }, candidates },
      quick,
    );
    const pOf = (i: number, test: string, on: string) =>
      found[i]!.tests.find((t) => t.test === test && t.on === on)?.log10P as number;
    expect(pOf(2, "Hotelling T²", "PDF")).toBeLessThan(-6);
    expect(pOf(2, "Hotelling T²", "scattering")).toBeLessThan(-6);
    expect(pOf(2, "linear classifier", "features")).toBeLessThan(-6);
    // The Gaussian has the spectrum, and the copula the distribution of values as well: it is the lognormal field.
    expect(pOf(2, "Hotelling T²", "spectrum")).toBeGreaterThan(-3);
    expect(found[3]!.log10P).toBeGreaterThan(-2);
    expect(pOf(1, "Hotelling T²", "spectrum")).toBeLessThan(-6);
    expect(pOf(1, "Hotelling T²", "PDF")).toBeGreaterThan(-3);
  });

  test("a memorising and a smoothing sampler are told from a good one and from each other", async () => {
    expect(await copyVerdicts(1, 100)).toEqual(["as real", "as real", "memorised", "too far"]);
  });

  test("the network tells what it is given to tell, and nothing of equal rows", async () => {
    const x = gaussianTestMaps(1, 200, 16);
    const stripes = ndarray(
      "f32",
      x.shape,
      x.data.map((v, i) => v + (i % 2 ? 0.7 : -0.7)),
    );
    const { candidates } = await judge(
      {
        space: real([16, 16]),
        real: { name: "real", x },
        candidates: [
          { name: "good", x: gaussianTestMaps(2, 200, 16) },
          { name: "striped", x: stripes },
        ],
      },
      { ...quick, network: true, threads: 1 },
    );
    const network = candidates.map(({ tests }) => tests.find((t) => t.test === "convolutional classifier")!);
    expect(network[1]!.log10P).toBeGreaterThan(-3);
    expect(network[2]!.value.value).toBeGreaterThan(0.95);
    expect(network[2]!.log10P).toBeLessThan(-6);
  });
});

const rows = (name: string, x: RowSet["x"]): RowSet => ({ name, x });
const judged = (space: Space, real_: RowSet, other: RowSet) =>
  judge({ space, real: real_, candidates: [other] }, quick);

describe("hard rows", () => {
  test("constant pixels, and whole constant features, give notes and no NaN", async () => {
    const [x, y] = [1, 2].map((seed) => mapped(gaussianTestMaps(seed, 60, 8), (v) => v)) as [
      RowSet["x"],
      RowSet["x"],
    ];
    for (const { data } of [x, y]) for (let i = 0; i < data.length; i++) if (i % 64 < 16) data[i] = 0;
    const { candidates, notes } = await judged(real([8, 8]), rows("a.npy", x), rows("b.npy", y));
    expect(notes).toContain("a.npy: 16 of 64 columns of values are constant in all its rows");
    for (const { tests } of candidates)
      for (const { value, sigmas, log10P = 0 } of tests)
        expect([value.value, sigmas, log10P].some(Number.isNaN)).toBe(false);
    const flat = ndarray("f32", [20, 8, 8]);
    const { candidates: same } = await judged(real([8, 8]), rows("flat", flat), rows("other", flat));
    expect(same[1]!.tests.every(({ sigmas }) => !Number.isNaN(sigmas))).toBe(true);
  });

  test("fewer rows than features are tested by as many combinations as they bear, and this is said", async () => {
    const [x, y] = [gaussianTestMaps(1, 20, 12), gaussianTestMaps(2, 20, 12)];
    const { notes } = await judged(real([12, 12]), rows("a.npy", x), rows("b.npy", y));
    expect(
      notes.some((line) =>
        /^PDF: \d+ features are many for 20 and 20 independent groups of rows; the 8 combinations/.test(line),
      ),
    ).toBe(true);
  });

  test("NaN, one parent and too few rows are refused in one line", async () => {
    const x = gaussianTestMaps(1, 20, 8);
    const bad = gaussianTestMaps(2, 20, 8);
    bad.data[70] = Number.NaN;
    await expect(judged(real([8, 8]), rows("a.npy", x), rows("b.npy", bad))).rejects.toThrow(
      "b.npy: row 1, column 6 (site 0, 6) is NaN; every value must be a finite number",
    );
    const one = { name: "a.npz", x, parent: new Int32Array(20) };
    await expect(judged(real([8, 8]), one, rows("b.npy", x))).rejects.toThrow(
      "a.npz: its 20 rows are of 1 parent, and p-values permute parents; give rows of 4 parents or more",
    );
    await expect(
      judged(real([8, 8]), rows("a.npy", gaussianTestMaps(1, 9, 8)), rows("b.npy", x)),
    ).rejects.toThrow("a.npy: 9 rows are too few to test; give 16 or more");
  });

  test("spins and sequences have tests of their own", async () => {
    const bits = (seed: number) =>
      ndarray(
        "u8",
        [40, 6],
        Uint8Array.from({ length: 240 }, (_, i) => (Math.sin(seed * i * i) > 0 ? 1 : 0)),
      );
    const spins = await judged(binary([6]), rows("a", bits(1)), rows("b", bits(2)));
    expect(spins.candidates[1]!.tests.map(({ on }) => on)).toContain("correlations");
    const words = (seed: number) =>
      ndarray(
        "u8",
        [40, 8],
        Uint8Array.from({ length: 320 }, (_, i) =>
          i % 8 > 5 ? 3 : Math.floor(1.5 + 1.49 * Math.sin(seed * i * i)),
        ),
      );
    const text = await judged(sequence(3, 8), rows("a", words(1)), rows("b", words(2)));
    expect(text.candidates[1]!.tests.map(({ on }) => on)).toEqual(
      expect.arrayContaining(["2-grams", "3-grams"]),
    );
  });
});
