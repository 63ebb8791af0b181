import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { transform } from "esbuild";
import { beforeAll, expect, test } from "vitest";
import { execute } from "../execute.ts";
import { documentedCode, fileOf, root } from "./pages.ts";

// The programs of docs/own-models.md, as they stand but for fewer epochs, on the built package: `npm test` builds it first.

const folder = join(root, ".cache", "own-models");
const node = (...args: readonly string[]) => execute(process.execPath, args, folder);

beforeAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const block of documentedCode())
    if (block.place.startsWith("docs/own-models.md") && block.language === "ts")
      writeFileSync(join(folder, fileOf(block)), block.text.replace("epochs: 40", "epochs: 8"));
});

const run = (file: string) => node(join(root, "scripts", "run.js"), file);

test("the model with a bound comes near the entropy of its data, and has a panel of its own", async () => {
  const { code, output } = await run("fit-ppca.ts");
  expect(code, output).toBe(0);
  const [, bound, error, entropy] = (
    /NLL at most ([\d.]+) ± ([\d.]+) nats .*; entropy ([\d.]+)/.exec(output) ?? []
  ).map(Number) as [number, number, number, number];
  // A bound of a model that contains the distribution: no better than the entropy (4 σ), and near it.
  expect(bound).toBeGreaterThan(entropy - 4 * error);
  expect(bound).toBeLessThan(entropy + 1);
  expect(output).toMatch(/mean square of the last number: \d\.\d+ ± 0\.\d+; in the data 4\.\d+/);
});

test("the network of noise comes near its data", async () => {
  const { code, output } = await run("noise-network.ts");
  expect(code, output).toBe(0);
  const distance = Number(/energy distance of samples to data (-?[\d.]+)/.exec(output)?.[1]);
  // Of the fresh network it is about 1.
  expect(distance).toBeLessThan(0.25);
});

test("a command knows the family that --import registers, and no other command does", async () => {
  const { code } = await transform(
    documentedCode().find((block) => fileOf(block) === "ppca.ts")?.text as string,
    { loader: "ts", format: "esm" },
  );
  writeFileSync(join(folder, "ppca.js"), code);
  const rows = Array.from({ length: 60 }, (_, i) => `${Math.sin(i + 1)},${Math.cos(i * i)}`);
  writeFileSync(join(folder, "data.csv"), rows.join("\n"));
  const ansatz = join(root, "bin", "ansatz.js");
  const fit = ["fit", "ppca", "data.csv", "--space", "real", "--out", "run", "--epochs", "2"];
  const known = await node("--import", "./ppca.js", ansatz, ...fit);
  expect(known.code, known.output).toBe(0);
  expect(known.output).toContain("NLL bound per site");
  const unknown = await node(ansatz, "score", "run");
  expect([unknown.code, unknown.output]).toEqual([
    2,
    expect.stringContaining("there is no model family 'ppca'"),
  ]);
});
