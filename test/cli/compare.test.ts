import { readFile, stat, writeFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { ansatz, documentOf, patient, smallIsing, workFolder } from "./support.ts";

const { at } = workFolder();
const args = () => [
  "compare",
  at("ising.npz"),
  "--models",
  "made,transformer",
  "--epochs",
  "3",
  "--out",
  at("c.html"),
];

const small = ["--set", "made.hidden=40", "--set", "transformer.width=8", "--set", "transformer.layers=1"];

beforeAll(async () => {
  expect((await ansatz(...smallIsing, "--out", at("ising.npz"))).code).toBe(0);
}, patient);

describe("ansatz compare", () => {
  it(
    "fits each family, scores all on the same rows, and writes one page",
    async () => {
      const document = await documentOf(...args(), ...small);
      const models = document.models as unknown as {
        family: string;
        run: string;
        nll: { value: number };
        klPerSite: { value: number; error: number };
        behindBest: { value: number; error: number };
      }[];
      expect(models.map(({ family }) => family)).toEqual(["made", "transformer"]);
      const [best, other] = [...models].sort((a, b) => a.nll.value - b.nll.value) as [
        (typeof models)[number],
        (typeof models)[number],
      ];
      expect(best.behindBest).toEqual({ value: 0, error: 0 });
      expect(other.behindBest.value).toBeCloseTo(other.nll.value - best.nll.value, 6);
      expect(other.behindBest.error).toBeGreaterThan(0);
      const page = await readFile(at("c.html"), "utf8");
      for (const text of ["made", "transformer", "KL per site (nats)", "behind the best", "<svg "])
        expect(page).toContain(text);
      const info = await documentOf("info", at("c/made"));
      expect(JSON.stringify(info)).toContain('"hidden":[40]');
    },
    patient,
  );

  it(
    "takes the families that model the data where none are named",
    async () => {
      const rows = Array.from(
        { length: 60 },
        (_, i) => `${Math.sin(i)},${Math.cos(3 * i) + 0.1 * i},${Math.sin(5 * i)}`,
      );
      await writeFile(at("plane.csv"), rows.join("\n"));
      const document = await documentOf(
        ...["compare", at("plane.csv"), "--space", "real", "--epochs", "1", "--out", at("plane.html")],
      );
      // Three numbers are no lattice of even sides.
      const names = (document.models as unknown as { family: string }[]).map(({ family }) => family);
      expect(names).toEqual(["realnvp", "spline", "maf", "vae", "vq-vae", "flow-matching"]);
      const none = await ansatz("compare", at("plane.csv"), "--space", "sequence:3", "--out", at("n.html"));
      expect(none.code).toBe(2);
    },
    patient,
  );

  it(
    "goes on from the fits it kept: those that match are not made again",
    async () => {
      const before = (await stat(at("c/made/params.safetensors"))).mtimeMs;
      const { code, stderr } = await ansatz(...args(), ...small, "--force");
      expect(code).toBe(0);
      expect(stderr).toContain("is done");
      expect((await stat(at("c/made/params.safetensors"))).mtimeMs).toBe(before);
    },
    patient,
  );

  it.each([
    [["--models", "made,made"], "--models names made twice"],
    [["--models", "maed"], "there is no model family 'maed'; did you mean made?"],
    [["--set", "hidden=3"], "--set takes family.key=value with a family of made, transformer, not 'hidden'"],
    [["--out", "page.txt"], "--out names a page, such as compare.html, not page.txt"],
  ])("refuses %j", async (flags, message) => {
    const { code, stderr } = await ansatz(...args(), "--force", ...flags);
    expect(code).toBe(2);
    expect(stderr).toContain(`ansatz: ${message}`);
  });
});
