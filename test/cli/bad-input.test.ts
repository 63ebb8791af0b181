import { execFileSync } from "node:child_process";
import { cp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { arrayFrom } from "../../src/array.ts";
import { readNpy, writeNpy } from "../../src/data/formats/npy.ts";
import { writeNpz } from "../../src/data/formats/npz.ts";
import { ansatz, documentOf, patient, smallIsing, workFolder } from "./support.ts";

const work = workFolder();

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

beforeAll(async () => {
  await documentOf(...smallIsing, "--samples", "200", "--out", work.at("ising.npz"));
  await documentOf(
    "fit",
    "made",
    work.at("ising.npz"),
    "--out",
    work.at("made"),
    "--epochs",
    "1",
    "--set",
    "hidden=4",
  );
}, patient);

/** Runs a command that must fail on input: one line, exit code 2, and nothing new in the folder. */
async function refused(...argv: string[]): Promise<string> {
  const before = await work.names();
  const { code, stdout, stderr } = await ansatz(...argv);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(/^ansatz: [^\n]+\n$/);
  expect(await work.names()).toEqual(before);
  return stderr.slice("ansatz: ".length).trim();
}

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
    ["too few rows", "few.csv", "0,1\n1,0\n0,1\n", "few.csv: too few rows to fit"],
  ];
  it.each(cases)("%s", async (_, name, content, message) => {
    if (content !== undefined) await writeFile(work.at(name), content);
    expect(await refused("fit", "made", work.at(name), "--out", work.at("run"))).toContain(message);
    expect(await refused("score", work.at("made"), work.at(name))).toContain(name);
  });

  it("a pipe", async () => {
    execFileSync("mkfifo", [work.at("pipe.npy")]);
    expect(await refused("fit", "made", work.at("pipe.npy"), "--out", work.at("run"))).toContain(
      "pipe.npy: is not a regular file",
    );
  });

  it("a 2 in a space that is said to be binary", async () => {
    await writeFile(work.at("two.csv"), "0,1\n1,2\n");
    const message = await refused(
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

describe("a run folder that cannot be used", () => {
  const cases: [what: string, damage: (folder: string) => Promise<unknown>, message: string][] = [
    ["parameters missing", (f) => rm(`${f}/params.safetensors`), "params.safetensors: no such file"],
    [
      "parameters cut short",
      (f) => truncate(`${f}/params.safetensors`, 500),
      "params.safetensors: truncated",
    ],
    [
      "parameters empty",
      (f) => truncate(`${f}/params.safetensors`, 0),
      "params.safetensors: the file is empty",
    ],
    [
      "a newer format version",
      async (f) => {
        const record = JSON.parse(await readFile(`${f}/model.json`, "utf8"));
        await writeFile(`${f}/model.json`, JSON.stringify({ ...record, version: 99 }));
      },
      "model.json: has format version 99; this ansatz reads up to 2 (update it)",
    ],
    [
      "a record cut short",
      (f) => truncate(`${f}/model.json`, 80),
      "model.json: is not JSON; the run folder is damaged",
    ],
    [
      "a record that asks for too many threads",
      async (f) => {
        const record = JSON.parse(await readFile(`${f}/model.json`, "utf8"));
        await writeFile(`${f}/model.json`, JSON.stringify({ ...record, threads: 1e9 }));
      },
      "model.json: threads: ",
    ],
    [
      "a record of a model that fits nowhere",
      async (f) => {
        const record = JSON.parse(await readFile(`${f}/model.json`, "utf8"));
        await writeFile(`${f}/model.json`, JSON.stringify({ ...record, contextSize: 1e12 }));
      },
      "model.json: made on 16 sites would have about",
    ],
    ["no record", (f) => rm(`${f}/model.json`), "is not a run folder (it has no model.json)"],
    [
      "an unknown family",
      async (f) => {
        const text = await readFile(`${f}/model.json`, "utf8");
        await writeFile(`${f}/model.json`, text.replace('"family": "made"', '"family": "mode"'));
      },
      "model.json: there is no model family 'mode'; did you mean made?",
    ],
  ];
  it.each(cases)("%s", async (_, damage, message) => {
    const folder = work.at("damaged");
    await rm(folder, { recursive: true, force: true });
    await cp(work.at("made"), folder, { recursive: true });
    await damage(folder);
    for (const command of [
      ["score"],
      ["sample", "--out", work.at("s.npy")],
      ["export", "--out", work.at("e")],
      ["report"],
    ]) {
      const [name = "", ...flags] = command;
      const said = await refused(name, folder, ...flags);
      expect(said).toContain(folder);
      expect(said).toContain(message);
    }
  });

  it("a checkpoint cut short, when the fit is to go on", async () => {
    const folder = work.at("unfinished");
    await cp(work.at("made"), folder, { recursive: true });
    const { result: _, ...record } = JSON.parse(await readFile(`${folder}/model.json`, "utf8"));
    await writeFile(`${folder}/model.json`, JSON.stringify(record));
    await truncate(`${folder}/checkpoint/state.safetensors`, 100);
    expect(await refused("fit", "--resume", "--out", folder)).toContain(
      `${folder}/checkpoint/state.safetensors: `,
    );
    await writeFile(`${folder}/lock`, `${process.ppid}\n`);
    expect(await refused("fit", "--resume", "--out", folder)).toContain(
      `${folder}: another fit (process ${process.ppid}) is working on it`,
    );
  });

  it("without its log is still done", async () => {
    const folder = work.at("logless");
    await cp(work.at("made"), folder, { recursive: true });
    await rm(`${folder}/log.jsonl`);
    const { code, stderr } = await ansatz("fit", "--resume", "--out", folder);
    expect([code, stderr]).toEqual([0, `${folder} is done: its fit ended at epoch 1; nothing to resume\n`]);
  });

  it("no folder, or a file", async () => {
    expect(await refused("score", work.at("absent"))).toContain("absent: no such run folder");
    expect(await refused("score", work.at("ising.npz"))).toContain("ising.npz: is a file, not a run folder");
  });
});

describe("options that cannot be", () => {
  const fit = ["fit", "made", "ising.npz", "--out", "run"];
  const cases: [argv: string[], message: string][] = [
    [["fti"], "unknown command 'fti'; did you mean fit?"],
    [["score", "made", "--splt", "test"], "unknown option '--splt'; did you mean --split?"],
    [["score"], "missing required argument 'run'"],
    [["score", "made", "--split", "exam"], "--split is train, valid, test, all, not 'exam'"],
    [["fit", "mdae", "ising.npz", "--out", "run"], "there is no model family 'mdae'; did you mean made?"],
    [["fit"], "--out is missing"],
    [["fit", "ising.npz", "--out", "run"], "the family is missing: ansatz fit made "],
    [["fit", "--resume", "--out", "run"], "run to resume"],
    [["fit", "made", "--out", "run"], "name a data file, or give --train"],
    [[...fit, "--set", "hiden=32"], "made has no hyperparameter 'hiden'; did you mean hidden?"],
    [[...fit, "--set", "hidden=0"], "made: hyperparameter hidden"],
    [[...fit, "--set", "hidden"], "--set takes key=value, not 'hidden'"],
    [[...fit, "--epochs", "many"], "--epochs: "],
    [[...fit, "--epochs", "1.5"], "--epochs: "],
    [[...fit, "--lr", "-1"], "--lr: "],
    [[...fit, "--optimiser", "adem"], "--optimiser: "],
    [[...fit, "--augment", "translatoins"], "--augment: "],
    [[...fit, "--seed", "-3"], "--seed: "],
    [[...fit, "--force", "--resume"], "give one of them"],
    [[...fit, "--train", "ising.npz"], "give one data file, or --train"],
    [[...fit, "--space", "spins"], 'unknown space "spins"'],
    [[...fit, "--config", "none.yaml"], "none.yaml: no such file"],
    [
      ["fit", "made", "ising.npz", "--out", "made"],
      "made exists; use --force to replace it or --resume to go on",
    ],
    [["fit", "made", "ising.npz", "--out", "ising.npz"], "ising.npz: is a file, not a run folder"],
    [
      ["fit", "--resume", "--out", "made", "--epochs", "9"],
      "was begun with --epochs 1, which a resumed fit keeps",
    ],
    [
      ["fit", "--resume", "--out", "made", "--set", "hidden=5"],
      "was begun with hidden [4], which a resumed fit keeps",
    ],
    [["sample", "made"], "--out is missing"],
    [["sample", "made", "--out", "ising.npz"], "ising.npz exists; use --force to replace it"],
    [
      ["sample", "made", "-n", "0", "--out", "s.npy"],
      "--samples takes a whole number of at least 1, not '0'",
    ],
    [
      ["sample", "made", "-n", "10000000000", "--out", "s.npy"],
      "--samples 10000000000 takes 160.0 GB of memory",
    ],
    [
      ["simulate", "ising", "--shape", "4x4", "--beta", "1", "-n", "10000000000", "--out", "x.npz"],
      "--samples 10000000000 takes 160.0 GB of memory",
    ],
    [[...fit, "--space", "categorical:100000000"], "16 sites with 100000000 states would have about"],
    [[...fit, "--set", "hidden=100000,100000"], "parameters, more than the 5e+8 allowed here"],
    [["sample", "made", "--out", "none/s.npy"], "there is no folder"],
    [["export", "made", "--out", "made"], "made exists; use --force to replace it"],
    [["simulate", "isng", "--out", "x.npz"], "unknown system isng; did you mean ising?"],
    [
      ["simulate", "ising", "--shape", "4x4", "--out", "x.npz"],
      "system ising: beta: give a number, or critical (--beta on the command line)",
    ],
    [
      ["simulate", "ising", "--shape", "4x4", "--beta", "1", "--set", "h=1", "--out", "x.npz"],
      "system ising has no parameter 'h'; did you mean J? (it has shape, beta, J, lattice)",
    ],
    [
      ["simulate", "ising", "--shape", "4x4", "--beta", "1", "--set", "lattice=kagome", "--out", "x.npz"],
      "system ising: lattice: give square or triangular",
    ],
    [
      [
        "simulate",
        "ising",
        "--shape",
        "4x4x4",
        "--beta",
        "1",
        "--set",
        "lattice=triangular",
        "--out",
        "x.npz",
      ],
      "shape 4x4x4: a triangular lattice has two sides, such as 8x8",
    ],
    [
      [
        ...["simulate", "ising", "--shape", "4x4", "--beta", "critical"],
        ...["--set", "J=-1", "--set", "lattice=triangular", "--out", "x.npz"],
      ],
      "beta critical: the antiferromagnet on a triangular lattice has no transition; give beta a number",
    ],
    [
      ["simulate", "sk", "--shape", "4x4", "--beta", "1", "--out", "x.npz"],
      "system sk: shape: give one side, the number of sites from 2 to 2048, such as 20",
    ],
    [
      ["simulate", "sk", "--shape", "20", "--beta", "critical", "--out", "x.npz"],
      "system sk: beta: give a number (--beta on the command line)",
    ],
    [
      ["simulate", "sk", "--shape", "20", "--beta", "1", "--set", "seed=-1", "--out", "x.npz"],
      "system sk: seed: give a whole number of at least 0, which draws the couplings",
    ],
    [
      ["simulate", "hopfield", "--shape", "20", "--beta", "1", "--out", "x.npz"],
      "system hopfield: patterns: give the number of patterns, from 1 to 2048 (--set patterns=3 on the command line)",
    ],
    [["simulate", "ising", "--shape", "4xx", "--beta", "1", "--out", "x.npz"], "side"],
    [
      ["simulate", "ising", "--shape", "4x4", "--beta", "1", "--out", "ising.npz"],
      "ising.npz exists; use --force",
    ],
    [["demo", "--out", "made"], "made exists; use --force"],
    [["demo", "--out", "."], "exists"],
  ];
  it.each(cases)("ansatz %j", async (argv, message) => {
    const names = ["ising.npz", "made", "run", "s.npy", "x.npz", "none/s.npy", "none.yaml", "."];
    // The family's name is also that of the run: it stays a name after `fit`.
    const placed = argv.map((argument, i) =>
      names.includes(argument) && !(argv[0] === "fit" && i === 1) ? work.at(argument) : argument,
    );
    expect(await refused(...placed)).toContain(message);
  });
});

describe("what people mistype", () => {
  it.each([
    [["info", "nothing"], "nothing: there is no such file or folder"],
    [
      ["compare", "ising.npz", "--models", "", "--out", "c.html"],
      "--models takes families such as nade,made, not ''",
    ],
    [["fit", "made", "ising.npz", "--out", "x", "--lr", "NaN"], "--lr: takes a number, not 'NaN'"],
    [
      ["fit", "made", "ising.npz", "--out", "x", "--set", "dropout=NaN"],
      "made: hyperparameter dropout: takes a number, not 'NaN'",
    ],
    [
      ["simulate", "ising", "--shape", "axb", "--beta", "0.4", "--out", "x.npz"],
      "system ising: shape: give the sides of the lattice, such as 8x8",
    ],
  ])("%j", async (argv, message) => {
    const places = argv.map((word) =>
      /^(nothing|ising.npz|c.html|x|x.npz)$/.test(word) ? work.at(word) : word,
    );
    expect(await refused(...places)).toContain(message);
  });

  it("a file to fill without rows, and a cell without a number", async () => {
    await writeFile(work.at("none.npy"), npy(header("<f8", false, "0, 4, 4")));
    expect(await refused("fill", work.at("made"), work.at("none.npy"), "--out", work.at("f.npy"))).toContain(
      "none.npy: holds no rows; there is nothing to fill",
    );
    await writeFile(work.at("gap.csv"), "0,1,,1\n");
    expect(await refused("fill", work.at("made"), work.at("gap.csv"), "--out", work.at("f.npy"))).toContain(
      "is empty; give a number (NaN where a site to fill is unknown)",
    );
  });

  it("exports never go among other files, and the help of report has no --force", async () => {
    const folder = work.at("");
    expect(await refused("export", work.at("made"), "--out", folder, "--force")).toContain(
      "which is no export",
    );
    expect((await ansatz("report", "--help")).stdout).not.toContain("--force");
  });
});
