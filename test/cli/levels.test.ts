import { readFile, writeFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { arrayFrom } from "../../src/array.ts";
import { writeNpz } from "../../src/data/formats/npz.ts";
import { loadArray } from "../../src/files/index.ts";
import { Key } from "../../src/random/key.ts";
import { uniform } from "../../src/random/uniform.ts";
import { ansatz, documentOf, patient, workFolder } from "./support.ts";

const work = workFolder();

beforeAll(async () => {
  // Levels that say nothing of each other: 8 bits a number, exactly.
  const u = uniform(Key.fromSeed(1), 300 * 16, "f64");
  const x = arrayFrom(
    "u8",
    [300, 4, 4],
    u.map((v) => Math.floor(256 * v)),
  );
  await writeFile(work.at("grey.npz"), writeNpz({ arrays: { x } }));
}, patient);

describe("grey levels, command by command", { timeout: patient }, () => {
  it.each([
    ["uniform", "uniform"],
    ["variational", "learned"],
  ])(
    "%s noise: fits, scores a bound above 8 bits, samples levels, reports",
    async (dequantisation, noise) => {
      const run = work.at(dequantisation);
      const fitted = await documentOf(
        ...["fit", "glow", work.at("grey.npz"), "--space", "levels:256", "--out", run, "--epochs", "3"],
        ...["--set", "steps=1", "--set", "channels=4", "--set", `dequantisation=${dequantisation}`],
      );
      expect(fitted).toMatchObject({ valid: { quantity: "NLL bound" } });
      const score = await ansatz("score", run);
      expect(score.stdout).toContain("NLL of levels, at most (nats)");
      expect(score.stdout).toContain(`a bound: ${noise} noise between levels`);
      const { levels } = (await documentOf("score", run)) as never as {
        levels: { bitsPerDimension: { value: number; error: number } };
      };
      const { value, error } = levels.bitsPerDimension;
      expect(value).toBeGreaterThan(8 - 4 * error);
      expect(value).toBeLessThan(9.5);
      const out = work.at(`${dequantisation}.npz`);
      await documentOf("sample", run, "-n", "50", "--out", out);
      const drawn = await loadArray(out);
      expect(drawn).toMatchObject({ dtype: "i32", shape: [50, 4, 4] });
      for (const v of drawn.data)
        expect(Number(v) >= 0 && Number(v) <= 255 && Number.isInteger(v)).toBe(true);
      // What was sampled is data again.
      expect(await documentOf("score", run, out)).toMatchObject({ count: 50 });
      expect((await ansatz("report", run, "-n", "20")).code).toBe(0);
      expect(await readFile(`${run}/report.html`, "utf8")).toContain("NLL bound per site (nats)");
      expect((await ansatz("export", run, "--out", work.at(`${dequantisation}-onnx`))).code).toBe(0);
    },
  );
});
