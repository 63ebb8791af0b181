import { readFile, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { arrayFrom } from "../../src/array.ts";
import { readNpy, writeNpy } from "../../src/data/formats/npy.ts";
import { normal, uniform } from "../../src/random/index.ts";
import { Key } from "../../src/random/key.ts";
import { ansatz, documentOf, patient, workFolder } from "./support.ts";

const work = workFolder();
const rows = 300;
const day = uniform(Key.fromSeed(1), rows, "f64");
const flux = normal(Key.fromSeed(2), rows, "f64");
const comma = (v: number) => String(v).replace(".", ",");

it("a run reads its text again as it was told to", { timeout: patient }, async () => {
  const text = Array.from(day, (u, i) => `${i};${comma(u)};${comma(flux[i] as number)}`);
  const [path, moved, out] = [work.at("a.csv.gz"), work.at("b.csv"), work.at("text")];
  await writeFile(path, gzipSync(`n;u;f\n${text.join("\n")}\n`));
  await writeFile(moved, `n;u;f\n${text.join("\n")}\n`);
  const plain = await ansatz("info", path, "--space", "real");
  expect([plain.code, plain.stderr]).toEqual([
    2,
    expect.stringContaining('row 0 (line 2): both ";" and "," separate entries; for decimal commas give'),
  ]);
  const how = ["--delimiter", ";", "--decimal", ",", "--columns", "f,u"];
  await documentOf("fit", "spline", path, "--space", "real", ...how, "--epochs", "1", "--out", out);
  const { data } = JSON.parse(await readFile(`${out}/model.json`, "utf8"));
  expect(data.text).toEqual({ delimiter: ";", decimal: ",", columns: ["f", "u"] });
  const own = await documentOf("score", out);
  expect(await documentOf("score", out, moved, "--split", "test")).toEqual(own);
  expect(await documentOf("score", out, path, "--split", "test", ...how)).toEqual(own);
  const other = await ansatz("score", out, path, "--columns", "u,f", "--delimiter", ";", "--decimal", ",");
  expect(other.code).toBe(0);
  const npy = work.at("rows.npy");
  await writeFile(npy, writeNpy(arrayFrom("f64", [rows, 1], [...day])));
  expect((await ansatz("info", npy, "--space", "real", "--no-header")).stderr).toContain(
    "--no-header: are for text such as .csv and .txt",
  );
  // Without its result it is a fit that was stopped; it goes on with the same rows in a file that is no text.
  const { result: _, ...stopped } = JSON.parse(await readFile(`${out}/model.json`, "utf8"));
  await writeFile(`${out}/model.json`, JSON.stringify(stopped));
  const both = Array.from(day, (u, i) => [flux[i] as number, u]).flat();
  await writeFile(npy, writeNpy(arrayFrom("f64", [rows, 2], both)));
  expect(await ansatz("fit", "spline", npy, "--resume", "--out", out)).toMatchObject({ code: 0 });
});

it("a column with a large offset keeps its digits from the file to samples", {
  timeout: patient,
}, async () => {
  const [path, out, drawn] = [work.at("julian.npy"), work.at("julian"), work.at("drawn.npy")];
  const values = Array.from(day, (u, i) => [2460000.5 + u, flux[i] as number]).flat();
  await writeFile(path, writeNpy(arrayFrom("f64", [rows, 2], values)));
  await documentOf("fit", "spline", path, "--space", "real", "--epochs", "2", "--out", out);
  const { data } = JSON.parse(await readFile(`${out}/model.json`, "utf8"));
  expect(data.offset).toHaveLength(2);
  expect(data.offset[1]).toBe(0);
  const score = (await documentOf("score", out)) as unknown as { nll: { value: number } };
  // The entropy of a uniform day and a standard normal flux is 1.419 nats; rounded dates gave less.
  expect(score.nll.value).toBeGreaterThan(0.884);
  await documentOf("sample", out, "-n", "200", "--out", drawn);
  const x = readNpy(await readFile(drawn), drawn);
  expect(x.dtype).toBe("f64");
  const dates = (x.data as Float64Array).filter((_, i) => i % 2 === 0);
  const mean = dates.reduce((sum, v) => sum + v, 0) / dates.length;
  expect(Math.abs(mean - 2460001)).toBeLessThan(1);
  expect(new Set(dates).size).toBe(200);
});

it("labels that rows are conditioned on are read as the rows were, beside rows that are no text too", {
  timeout: patient,
}, async () => {
  const [path, labels, out] = [work.at("rows.csv"), work.at("labels.csv"), work.at("labelled")];
  const label = Array.from(day, (u) => Math.floor(3 * u));
  await writeFile(path, Array.from(flux, (v, i) => `${i};${comma(v + (label[i] as number))}\n`).join(""));
  await writeFile(labels, label.map((k) => `${k},0\n`).join(""));
  const how = ["--space", "real", "--delimiter", ";", "--decimal", ",", "--columns", "1"];
  const context = ["--context", labels, "--context-space", "categorical:3"];
  await documentOf("fit", "maf", path, ...how, ...context, "--epochs", "1", "--out", out);
  const record = JSON.parse(await readFile(`${out}/model.json`, "utf8"));
  expect(record.context).toEqual({ kind: "categorical", states: 3, shape: [1] });
  const own = await documentOf("score", out);
  expect(await documentOf("score", out, path, "--context", labels, "--split", "test")).toEqual(own);
  const npy = work.at("labelled-rows.npy");
  const values = Array.from(flux, (v, i) => v + (label[i] as number));
  await writeFile(npy, writeNpy(arrayFrom("f64", [rows, 1], values)));
  expect(await documentOf("score", out, npy, "--context", labels, "--split", "test")).toEqual(own);
  expect(
    await ansatz("sample", out, "--context", labels, "--decimal", ",", "--out", work.at("labelled.npy")),
  ).toMatchObject({
    code: 0,
  });
  await writeFile(labels, `3\n${label.slice(1).join("\n")}\n`);
  const refused = await ansatz(
    "sample",
    out,
    "--context",
    labels,
    "--decimal",
    ",",
    "--out",
    work.at("no.npy"),
  );
  expect(refused).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("row 0, column 0 has the value 3"),
  });
});
