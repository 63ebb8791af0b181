import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { ansatz, documentOf, patient, smallIsing, workFolder } from "./support.ts";

const work = workFolder();

interface Document {
  readonly method: string;
  readonly formula: string;
  readonly latex: string;
  readonly candidates: number;
  readonly terms: readonly {
    readonly name: string;
    readonly products: readonly number[][];
    readonly value: number;
    readonly error: number;
    readonly exact: number;
    readonly sigmas: number;
  }[];
  readonly undecided: readonly { readonly name: string }[];
  readonly comparison: {
    readonly sameGraph: boolean;
    readonly spurious: readonly string[];
    readonly missed: readonly { readonly name: string }[];
    readonly largestPValue: number;
  };
  readonly held: Record<string, { readonly value: number; readonly error: number }>;
}

const explained = async (...argv: string[]) => (await documentOf("explain", ...argv)) as unknown as Document;

beforeAll(async () => {
  await documentOf(...smallIsing, "--samples", "6000", "--seed", "2", "--out", work.at("ising.npz"));
  const fit = [
    "fit",
    "made",
    work.at("ising.npz"),
    "--out",
    work.at("made"),
    "--epochs",
    "8",
    "--lr",
    "0.01",
  ];
  await documentOf(...fit, "--set", "hidden=64", "--augment", "translations,flip");
}, patient);

describe("explain", () => {
  it(
    "finds the bonds of an Ising lattice in its configurations, with a page",
    async () => {
      const page = work.at("ising.html");
      const { method, terms, comparison, candidates, formula, latex } = await explained(
        work.at("ising.npz"),
        "--out",
        page,
      );
      expect(method).toBe("pseudo-likelihood");
      expect(candidates).toBe(16 + 120);
      expect(comparison).toMatchObject({ sameGraph: true, spurious: [], missed: [] });
      expect(comparison.largestPValue).toBeGreaterThan(1e-4);
      expect(terms.length).toBe(32);
      for (const { exact, value, error, sigmas } of terms) {
        expect(exact).toBeCloseTo(0.4, 12);
        expect(sigmas).toBeCloseTo((value - exact) / error, 9);
      }
      expect(formula).toContain("s(0,0) s(0,1)");
      expect(latex).toContain("s_{0,0} s_{0,1}");
      const html = await readFile(page, "utf8");
      expect(html).toContain("coupling graph: 32 pairs and 0 fields of 16 sites");
      expect(html).toMatch(/0\.40* \(exact\)/);
      expect(html).toContain(latex.slice(0, 40));
    },
    patient,
  );

  it(
    "takes lattice symmetries: all bonds are one term",
    async () => {
      const symmetry = "flip,translations,reflections,rotations";
      const { code, stdout } = await ansatz("explain", work.at("ising.npz"), "--symmetry", symmetry);
      expect(code).toBe(0);
      expect(stdout).toMatch(/log P\(s\) = const \+ \(0\.\d+ ± 0\.\d+\) Σ_32 s\(0,0\) s\(0,1\)/);
      expect(stdout).toContain("the same terms");
    },
    patient,
  );

  it(
    "explains a model: R² of its log-probability on held-out configurations",
    async () => {
      const { method, held, terms } = await explained(work.at("made"), "--samples", "4000", "--seed", "1");
      expect(method).toBe("least squares");
      expect(held.r2!.value).toBeGreaterThan(0.9);
      expect(held.r2!.value).toBeLessThan(1);
      expect(held.r2!.error).toBeLessThan(0.02);
      expect(terms.length).toBeGreaterThan(20);
      const again = await explained(work.at("made"), "--samples", "4000", "--seed", "1");
      expect(again.terms).toEqual(terms);
      const few = await explained(work.at("made"), "--samples", "4000", "--seed", "1", "--terms", "3");
      expect(few.terms.length).toBe(3);
      expect(few.held.r2!.value).toBeCloseTo(held.r2!.value, 10);
      expect(few.held.r2!.error).toBeCloseTo(held.r2!.error, 10);
      for (const { name, value } of few.terms)
        expect(value).toBeCloseTo(terms.find((term) => term.name === name)!.value, 10);
    },
    patient,
  );

  it(
    "warns of cold data that do not tell which terms there are",
    async () => {
      const cold = work.at("cold.npz");
      const simulated = ["simulate", "ising", "--shape", "3x3", "--beta", "0.8", "--samples", "4000"];
      await documentOf(...simulated, "--seed", "1", "--out", cold);
      // Which terms are named is a law beside the sources (src/explain/cold.test.ts).
      const { stdout } = await ansatz("explain", cold);
      const [, more] =
        /warning: the formula is incomplete. The rows need up to (\d+) more terms/.exec(stdout) ?? [];
      expect(Number(more)).toBeGreaterThan(0);
      expect(stdout).toContain(`+ … (${more} undecided)`);
    },
    patient,
  );

  it.each([
    [["nothing.npz"], "nothing.npz"],
    [["ising.npz", "--symmetry", "mirrors"], "--symmetry takes names of flip, translations"],
    [["ising.npz", "--order", "0"], "--order takes a whole number of at least 1"],
    [["ising.npz", "--order", "17"], "the order 17 is more than the 16 sites there are"],
    [["ising.npz", "--samples", "1000"], "--samples is for models"],
    [["made", "--shape", "4x4"], "--shape is for data files"],
    [["made", "--context", "0.4"], "the model was fitted without a context"],
    [["ising.npz", "--out", "x.pdf"], "--out names a page"],
  ])("refuses %j in one line", async ([name = "", ...argv], message) => {
    const { code, stdout, stderr } = await ansatz("explain", work.at(name), ...argv);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^ansatz: [^\n]+\n$/);
    expect(stderr).toContain(message);
  });
});
