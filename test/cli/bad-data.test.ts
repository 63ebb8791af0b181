import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { arrayFrom } from "../../src/array.ts";
import { readNpy, writeNpy } from "../../src/data/formats/npy.ts";
import { writeNpz } from "../../src/data/formats/npz.ts";
import { refused, smallRun } from "./refused.ts";
import { documentOf, patient, workFolder } from "./support.ts";

const work = workFolder();
beforeAll(() => smallRun(work), patient);

/** A .npy file of any header, with a body of bytes. */
function npy(header: string, body: Uint8Array = new Uint8Array()): Uint8Array {
  const text = `${header}\n`;
  return Uint8Array.of(
    0x93,
    ...Buffer.from("NUMPY"),
    1,
    0,
    text.length % 256,
    text.length >> 8,
    ...Buffer.from(text),
    ...body,
  );
}
const header = (descr: string, fortran: boolean, shape: string) =>
  `{'descr': '${descr}', 'fortran_order': ${fortran ? "True" : "False"}, 'shape': (${shape}), }`;

const bits = arrayFrom(
  "u8",
  [40, 4],
  Array.from({ length: 160 }, (_, i) => ((i * 7919) >> 3) & 1),
);

describe("data that cannot be fitted", () => {
  const f8 = (values: number[]) => new Uint8Array(Float64Array.from(values).buffer);
  const cases: [what: string, name: string, content: string | Uint8Array | undefined, message: string][] = [
    ["a missing file", "none.npy", undefined, "none.npy: no such file"],
    ["an empty file", "empty.npy", "", "empty.npy: the file is empty"],
    ["an empty text file", "empty.csv", "", "empty.csv: the file is empty"],
    ["a truncated .npy", "cut.npy", writeNpy(bits).slice(0, -10), "cut.npy: its header claims 160 elements"],
    ["a .npy cut in its header", "head.npy", writeNpy(bits).slice(0, 20), "head.npy: "],
    [
      "a .npy whose header claims 10^12 elements",
      "huge.npy",
      npy(header("<f8", false, "1000000, 1000000")),
      "huge.npy: its header claims 1000000000000 elements (8.0 TB) but 0 bytes follow",
    ],
    [
      "a .npy of Python objects",
      "object.npy",
      npy(header("|O", false, "2, 2"), f8([0, 1, 1, 0])),
      "object.npy: ",
    ],
    [
      "NaN",
      "nan.npy",
      npy(header("<f8", false, "2, 2"), f8([0, 1, Number.NaN, 0])),
      "nan.npy: row 1, column 0 is NaN",
    ],
    [
      "a 2 among 0s and 1s",
      "two.npy",
      writeNpy(arrayFrom("u8", [3, 2], [0, 1, 1, 0, 2, 1])),
      "two.npy: row 2, column 0 has the value 2; without a space data must be 0s and 1s, or spins of -1 and +1 (use --space categorical:3)",
    ],
    [
      "ragged rows",
      "ragged.csv",
      "0,1\n1,0\n0,1,1\n",
      "ragged.csv: row 2 (line 3) has 3 columns; the rows before it have 2",
    ],
    ["a letter", "letter.csv", "0,1\n0,x\n", 'letter.csv: row 1 (line 2), column 1 is "x", not a number'],
    [
      ".npz without a known key",
      "keys.npz",
      writeNpz({ arrays: { chain: arrayFrom("i32", [1], [0]) } }),
      "keys.npz: has no array called x or train (it has chain)",
    ],
    [
      "half an .npz",
      "half.npz",
      writeNpz({ arrays: { x: bits } }).slice(0, 100),
      "half.npz: not a whole .npz file",
    ],
    ["an unknown extension", "data.h5", "x", 'data.h5: unknown extension ".h5"'],
    [
      "rows with unknown sites",
      "holes.npz",
      writeNpz({ arrays: { x: bits, mask: arrayFrom("bool", [40, 4], new Array(160).fill(0)) } }),
      "holes.npz: by its mask 144 sites are unknown in 36 rows, the first in row 0; a fit of made takes whole rows alone",
    ],
    [
      "rows that come twice",
      "twice.npz",
      writeNpz({ arrays: { x: bits, train: bits } }),
      "twice.npz: has both x and train; save the rows in one piece or split",
    ],
    ["decimal commas", "commas.csv", "a;b\n0,5;1\n", 'both "," and ";" separate entries'],
    ["too few rows", "few.csv", "1,0\n1,0\n0,1\n", "few.csv: too few rows to fit"],
  ];
  it.each(cases)("%s", async (_, name, content, message) => {
    if (content !== undefined) await writeFile(work.at(name), content);
    expect(await refused(work, "fit", "made", work.at(name), "--out", work.at("run"))).toContain(message);
    expect(await refused(work, "score", work.at("made"), work.at(name))).toContain(name);
  });

  it("a pipe", async () => {
    execFileSync("mkfifo", [work.at("pipe.npy")]);
    expect(await refused(work, "fit", "made", work.at("pipe.npy"), "--out", work.at("run"))).toContain(
      "pipe.npy: is not a regular file",
    );
  });

  it("a 2 where a model has bits, without the flag that only data to fit takes", async () => {
    await writeFile(work.at("wide.csv"), `${"0,".repeat(15)}2\n${"nan,".repeat(15)}1\n`);
    const path = work.at("wide.csv");
    await writeFile(work.at("wide.npy"), writeNpy(arrayFrom("u8", [1, 16], [2, ...Array(15).fill(0)])));
    for (const argv of [
      ["score", work.at("made"), work.at("wide.npy")],
      ["report", work.at("made"), work.at("wide.npy")],
      ["fill", work.at("made"), path, "--out", work.at("f.npy")],
    ])
      expect(await refused(work, ...argv)).toMatch(/has the value 2; a binary space holds 0 or 1$/);
  });

  it("a number that marks what is missing, or overflows", async () => {
    await writeFile(work.at("huge.csv"), `${"0.5,1\n".repeat(30)}0.25,1e38\n`);
    const argv = ["fit", "realnvp", work.at("huge.csv"), "--space", "real", "--out", work.at("run")];
    expect(await refused(work, ...argv)).toContain(
      "huge.csv: row 30, column 1 has the value 1e+38; a real space holds numbers up to 1e17 in size",
    );
  });

  it("a 2 in a space that is said to be binary", async () => {
    await writeFile(work.at("two.csv"), "1,0\n1,2\n");
    const message = await refused(
      work,
      "fit",
      "made",
      work.at("two.csv"),
      "--space",
      "binary",
      "--out",
      work.at("run"),
    );
    expect(message).toContain(
      "two.csv: row 1, column 1 has the value 2; a binary space holds 0 or 1 (use --space categorical:3)",
    );
  });
});

describe("data written in another order", () => {
  it.each([
    ["Fortran order", header("|u1", true, "2, 3"), Uint8Array.of(0, 1, 1, 0, 0, 1)],
    ["big-endian", header(">i2", false, "2, 3"), Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1)],
  ])("%s is read as it is meant", async (_, head, body) => {
    await writeFile(work.at("order.npy"), npy(head, body));
    expect([...readNpy(await readFile(work.at("order.npy")), "order.npy").data].map(Number)).toEqual([
      0, 1, 0, 1, 0, 1,
    ]);
    expect(await documentOf("info", work.at("order.npy"))).toMatchObject({ rows: 2, encoding: "01" });
  });
});

describe("data that cannot be filled", () => {
  it("a file to fill without rows, and a cell without a number", async () => {
    await writeFile(work.at("none.npy"), npy(header("<f8", false, "0, 4, 4")));
    expect(
      await refused(work, "fill", work.at("made"), work.at("none.npy"), "--out", work.at("f.npy")),
    ).toContain("none.npy: holds no rows; there is nothing to fill");
    await writeFile(work.at("gap.csv"), "0,1,,1\n");
    expect(
      await refused(work, "fill", work.at("made"), work.at("gap.csv"), "--out", work.at("f.npy")),
    ).toContain("is empty; give a number (NaN where a site to fill is unknown)");
  });
});
