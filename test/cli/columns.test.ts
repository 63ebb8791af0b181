import { readFile, writeFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { ndarray } from "../../src/array.ts";
import { csv, whitespace } from "../../src/data/formats/text.ts";
import { Key } from "../../src/random/key.ts";
import { normal } from "../../src/random/normal.ts";
import { ansatz, documentOf, patient, workFolder } from "./support.ts";

const work = workFolder();
const names = ["mass, kg", "charge", 'a "name"'];
const heading = '"mass, kg",charge,"a ""name"""';

beforeAll(async () => {
  const z = normal(Key.fromSeed(1), 3 * 600, "f64");
  const rows = Array.from(
    { length: 600 },
    (_, i) => `${3e6 + 1e5 * z[3 * i]!},${1e-6 * z[3 * i + 1]!},${z[3 * i + 2]!}`,
  );
  await writeFile(work.at("table.csv"), `${heading}\n${rows.join("\n")}\n`);
  const steps = Array.from({ length: 600 }, (_, i) => `${z[i]},${i % 3}`);
  await writeFile(work.at("steps.csv"), `position,label\n${steps.join("\n")}\n`);
  const fit = ["fit", "realnvp", "--space", "real", "--epochs", "1", "--set", "couplings=2"];
  await documentOf(...fit, work.at("table.csv"), "--out", work.at("run"));
}, patient);

describe("names of columns", { timeout: patient }, () => {
  it.each([
    ["csv", csv],
    ["txt", whitespace],
  ] as const)("are written to %s as they were read", (_, format) => {
    const x = ndarray("f64", [2, 3], Float64Array.of(1, 2.5, 3, 4, 5, 6));
    const read = format.read(format.write({ arrays: { x }, columns: names }), "x");
    expect(read.columns).toEqual(names);
    expect([...read.arrays.x!.data]).toEqual([1, 2.5, 3, 4, 5, 6]);
    expect(format.read(format.write({ arrays: { x } }), "x").columns).toBeUndefined();
  });

  it("are those of samples, which can be scored, also by way of an npz", async () => {
    await documentOf("sample", work.at("run"), "-n", "20", "--out", work.at("samples.csv"));
    const [first] = (await readFile(work.at("samples.csv"), "utf8")).split("\n");
    expect(first).toBe(heading);
    expect(await documentOf("score", work.at("run"), work.at("samples.csv"))).toMatchObject({ count: 20 });
    await documentOf("sample", work.at("run"), "-n", "20", "--out", work.at("samples.npz"));
    expect(await documentOf("info", work.at("samples.npz"), "--space", "real")).toMatchObject({
      columns: names,
    });
  });

  it("are those of chosen columns, in their order", async () => {
    const chosen = ["--columns", "charge", "--space", "real"];
    expect(await documentOf("info", work.at("table.csv"), ...chosen)).toMatchObject({ columns: ["charge"] });
    const { stdout } = await ansatz("info", work.at("table.csv"), "--space", "real");
    expect(stdout).toContain("600 rows, a table of 3 columns");
  });

  it("stand in the report and in warnings", async () => {
    await documentOf("report", work.at("run"), "-n", "500");
    const page = await readFile(`${work.at("run")}/report.html`, "utf8");
    expect(page).toContain("<h1>RealNVP on a table of 3 columns</h1>");
    expect(page).toContain('<th scope="row">mass, kg</th>');
    expect(page).toContain('id="figure-column-pairs"');
    expect(page).toContain('id="figure-column-correlations"');
    const fit = ["fit", "realnvp", work.at("steps.csv"), "--space", "real", "--epochs", "1"];
    const { stderr } = await ansatz(...fit, "--set", "couplings=2", "--out", work.at("steps"));
    expect(stderr).toContain("column 1 (label): most values repeat");
  });
});
