import { beforeAll, describe, expect, it } from "vitest";
import { placedIn, refused, smallRun } from "./refused.ts";
import { ansatz, patient, workFolder } from "./support.ts";

const work = workFolder();
beforeAll(() => smallRun(work), patient);

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
    [
      [...fit, "--set", "hidden=0"],
      "made: hyperparameter hidden: takes a whole number from 1 to 1000000, not 0",
    ],
    [[...fit, "--set", "hidden"], "--set takes key=value, not 'hidden'"],
    [[...fit, "--epochs", "many"], "--epochs: takes a whole number of at least 1, not 'many'"],
    [[...fit, "--epochs", "1.5"], "--epochs: takes a whole number of at least 1, not 1.5"],
    [[...fit, "--lr", "-1"], "--lr: takes a number above 0, not -1"],
    [[...fit, "--optimiser", "adem"], "--optimiser: takes one of adam, adamw, rmsprop, sgd, not 'adem'"],
    [[...fit, "--augment", "translatoins"], "--augment: "],
    [[...fit, "--seed", "-3"], "--seed: takes a whole number of at least 0, not -3"],
    [[...fit, "--force", "--resume"], "give one of them"],
    [[...fit, "--train", "ising.npz"], "give one data file, or --train"],
    [[...fit, "--space", "spins"], 'unknown space "spins"'],
    [[...fit, "--config", "none.yaml"], "none.yaml: no such file"],
    [
      ["fit", "made", "ising.npz", "--out", "made"],
      "made exists; use --force to replace it or --resume to continue",
    ],
    [["fit", "made", "ising.npz", "--out", "ising.npz"], "ising.npz: is a file, not a run folder"],
    [
      ["fit", "--resume", "--out", "made", "--epochs", "9"],
      "was started with --epochs 1, which a resumed fit keeps",
    ],
    [
      ["fit", "--resume", "--out", "made", "--time", "5"],
      "made was started without --time, which a resumed fit keeps",
    ],
    [[...fit, "--patience", "3", "--time", "5"], "time and patience exclude each other"],
    [[...fit, "--schedule", "cosine", "--time", "5"], "time goes with schedule auto"],
    [
      ["fit", "--resume", "--out", "made", "--set", "hidden=5"],
      "was started with hidden [4], which a resumed fit keeps",
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
    [[...fit, "--space", "categorical:100000000"], "16 sites with 100000000 states would have about"],
    [[...fit, "--set", "hidden=100000,100000"], "parameters; at most 5e+8 are allowed"],
    [["sample", "made", "--out", "none/s.npy"], "there is no folder"],
    [["export", "made", "--out", "made"], "made exists; use --force to replace it"],
    [
      ["simulate", "ising", "--shape", "4x4", "--beta", "1", "--out", "ising.npz"],
      "ising.npz exists; use --force",
    ],
    [["demo", "--out", "made"], "made exists; use --force"],
    [["demo", "--out", "."], "exists"],
    [["info", "nothing"], "nothing: there is no such file or folder"],
    [
      ["compare", "ising.npz", "--models", "", "--out", "c.html"],
      "--models takes families such as nade,made, not ''",
    ],
    [["fit", "made", "ising.npz", "--out", "run", "--lr", "NaN"], "--lr: takes a number above 0, not 'NaN'"],
    [
      ["fit", "made", "ising.npz", "--out", "run", "--set", "dropout=NaN"],
      "made: hyperparameter dropout: takes a number of at least 0 and below 1, not 'NaN'",
    ],
  ];
  it.each(cases)("ansatz %j", async (argv, message) => {
    expect(await refused(work, ...placedIn(work, argv))).toContain(message);
  });

  it.each([
    ["info", ["ising.np"], "no such file or folder", "ising.npz"],
    ["score", ["mad"], "no such run folder", "made"],
    ["judge", ["ising.npz", "mady"], "no such run folder or file", "made"],
  ])("%s %j names what lies there with nearly that name", async (command, names, what, near) => {
    const line = await refused(work, command, ...names.map((name) => work.at(name)));
    expect(line).toContain(`${what}; did you mean ${work.at(near)}?`);
  });

  it("exports never go among other files, and the help of report has no --force", async () => {
    const folder = work.at("");
    expect(await refused(work, "export", work.at("made"), "--out", folder, "--force")).toContain(
      "which is not part of an export",
    );
    expect((await ansatz("report", "--help")).stdout).not.toContain("--force");
  });
});
