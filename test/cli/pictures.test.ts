import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { arrayFrom } from "../../src/array.ts";
import { writeFits } from "../../src/data/formats/fits.ts";
import { decodePicture } from "../../src/data/pictures/decode.ts";
import { encodePng } from "../../src/data/pictures/png.ts";
import { loadDataset } from "../../src/files/index.ts";
import { Key } from "../../src/random/key.ts";
import { uniform } from "../../src/random/uniform.ts";
import { bytesOf, jpegs, pngs } from "../picture-files.ts";
import { ansatz, documentOf, patient, workFolder } from "./support.ts";

const work = workFolder();

/** Writes 60 grey pictures of 8 x 8 pixels, all with a black left edge. */
async function writePictures(folder: string) {
  await mkdir(folder);
  const u = uniform(Key.fromSeed(2), 60 * 64, "f64");
  for (let n = 0; n < 60; n++) {
    const data = Uint8Array.from(u.subarray(64 * n, 64 * n + 64), (v, i) => (i % 8 < 2 ? 0 : 256 * v));
    const bytes = await encodePng({ height: 8, width: 8, channels: 1, data });
    await writeFile(join(folder, `${n}.png`), bytes);
  }
}

beforeAll(async () => {
  await writePictures(work.at("pictures"));
  await writeFile(work.at("pictures/notes.txt"), "where they are from");
  await mkdir(work.at("mixed"));
  await writeFile(work.at("mixed/a.png"), bytesOf(pngs[0]));
  await writeFile(work.at("mixed/b.jpg"), bytesOf(jpegs[0]));
  await mkdir(work.at("damaged"));
  await writeFile(work.at("damaged/1.png"), bytesOf(pngs[0]));
  await writeFile(work.at("damaged/2.png"), bytesOf(pngs[0]).subarray(0, 70));
  await mkdir(work.at("empty"));
  await mkdir(work.at("pictures/folder.png"));
  await mkdir(work.at("gaps"));
  for (const [n, value] of [2, Number.NaN].entries()) {
    const x = arrayFrom("f32", [2, 2], [1, 1, value, 1]);
    await writeFile(work.at(`gaps/${n}.fits`), writeFits({ arrays: { x } }));
  }
}, patient);

describe("a folder of pictures", { timeout: patient }, () => {
  it("is rows in the order of its numbers, with constant pixels, and what else is in it is named", async () => {
    const { stdout, stderr } = await ansatz("info", work.at("pictures"));
    expect(stdout).toContain("60 rows, grey levels 0 to 255 on 8×8 sites");
    expect(stderr).toContain("60 pictures; other files in the folder are ignored (2)");
    const { x } = await loadDataset({ path: work.at("pictures") });
    const second = await decodePicture(await readFile(work.at("pictures/1.png")), "1.png");
    const row = Array.from(x.data.subarray(64, 128), Number);
    expect(row.map(Math.floor)).toEqual(Array.from(second.data));
  });

  it("is fitted, scored and sampled as sheets and single pictures", async () => {
    const run = work.at("glow");
    const small = ["--epochs", "2", "--set", "steps=1", "--set", "channels=4"];
    const fitted = await ansatz(
      ...["fit", "glow", work.at("pictures"), "--resize", "4x4", "--augment", "mirror", "--out", run],
      ...small,
    );
    expect(fitted.stderr).toContain("each row by a random symmetry (mirror)");
    expect(fitted.code).toBe(0);
    // The run reads its pictures as the fit did.
    expect(await documentOf("score", run)).toMatchObject({ count: 6 });
    expect(await documentOf("score", run, work.at("mixed"))).toMatchObject({ count: 2 });
    const [sheet, one] = [work.at("sheet.png"), work.at("one.png")];
    await documentOf("sample", run, "-n", "10", "--out", sheet);
    const { height, width } = await decodePicture(await readFile(sheet), sheet);
    expect([height, width]).toEqual([3 * 5 - 1, 4 * 5 - 1]);
    await documentOf("sample", run, "-n", "1", "--out", one);
    expect(await decodePicture(await readFile(one), one)).toMatchObject({ height: 4, width: 4, channels: 1 });
    const other = await ansatz("fit", "--resume", "--out", run, "--resize", "8x8");
    expect(other.stderr).toContain("was started with another --resize");
  });

  it("has colours where one file has, unless it is told otherwise", async () => {
    const { space } = await documentOf("info", work.at("mixed"), "--resize", "2x3");
    expect(space).toMatchObject({ shape: [2, 3, 3] });
    const grey = await documentOf("info", work.at("mixed"), "--resize", "2x3", "--colour", "grey");
    expect(grey.space).toMatchObject({ shape: [2, 3] });
  });

  it("may be one for each split", async () => {
    const { train, valid } = (
      await loadDataset(
        { train: work.at("pictures"), valid: work.at("mixed") },
        { pictures: { resize: [4, 4], colour: "grey" } },
      )
    ).splits;
    expect([train.length, valid.length]).toEqual([60, 2]);
  });

  it.each([
    [["info", "mixed"], /b\.jpg has 17x13 pixels, a\.png 3x5 \(rows x columns\).*--resize 32x32/],
    [["info", "damaged"], /2\.png: a damaged PNG/],
    [["fit", "glow", "empty", "--out", "run"], /is a folder without pictures/],
    [["info", "empty"], /is not a run folder \(it has no model.json\), and holds no pictures/],
    [["fit", "glow", "nowhere", "--out", "run"], /nowhere: no such file or folder/],
    [["info", "gaps", "--colour", "rgb"], /gaps: holds maps, which have no colour; leave --colour out/],
    [["info", "gaps"], /1\.fits: pixel \(1, 0\) is NaN; every pixel needs a value/],
    [["info", "pictures", "--resize", "4"], /--resize takes rows and columns, such as 32x32, not '4'/],
    [["info", "pictures", "--resize", "0x4"], /a shape is one or more positive integers/],
    [["info", "pictures", "--colour", "red"], /--colour is grey or rgb, not 'red'/],
    [["fit", "glow", "mixed/a.png", "--out", "run"], /unknown extension ".png".*folder/],
    [["fit", "made", "pictures", "--out", "run"], /--space categorical:256/],
  ])("%j is one clear line", async ([command, ...rest], message) => {
    const names = ["mixed", "damaged", "empty", "pictures", "mixed/a.png", "run", "nowhere", "gaps"];
    const { code, stderr } = await ansatz(
      command as string,
      ...rest.map((word) => (names.includes(word) ? work.at(word) : word)),
    );
    expect(code).toBe(2);
    const lines = stderr
      .trim()
      .split("\n")
      .filter((line) => !line.startsWith("note:"));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(message);
  });

  it("may be FITS maps, averaged as pictures are, without rounding", async () => {
    await mkdir(work.at("maps"));
    const values = [0.01, 0.03, -0.02, 0.08];
    for (const n of [0, 1, 2]) {
      const x = arrayFrom(
        "f64",
        [2, 2],
        values.map((v) => v * (n + 1)),
      );
      await writeFile(work.at(`maps/${n}.fits`), writeFits({ arrays: { x } }));
    }
    const { x, space } = await loadDataset({ path: work.at("maps") }, { pictures: { resize: [2, 1] } });
    expect(space).toEqual({ kind: "real", shape: [2, 1] });
    expect(x.dtype).toBe("f32");
    const means = [1, 2, 3].flatMap((n) => [0.02 * n, 0.03 * n]);
    for (const [i, mean] of means.entries()) expect(Number(x.data[i])).toBeCloseTo(mean, 8);
    await writeFile(work.at("maps/a.png"), bytesOf(pngs[0]));
    expect((await ansatz("info", work.at("maps"))).stderr).toContain(
      "holds pictures (a.png) and maps (0.fits)",
    );
  });

  it("refuses --resize of anything else", async () => {
    const { stderr } = await ansatz("info", work.at("pictures/notes.txt"), "--resize", "4x4");
    expect(stderr).toContain("--resize is for a folder of pictures");
  });
});
