import { beforeAll, describe, expect, it } from "vitest";
import { placedIn, refused, smallRun } from "./refused.ts";
import { patient, workFolder } from "./support.ts";

const work = workFolder();
beforeAll(() => smallRun(work), patient);

describe("systems that cannot be", () => {
  const cases: [argv: string[], message: string][] = [
    [
      ["simulate", "ising", "--shape", "4x4", "--beta", "1", "-n", "10000000000", "--out", "x.npz"],
      "--samples 10000000000 takes 160.0 GB of memory",
    ],
    [["simulate", "isng", "--out", "x.npz"], "unknown system isng; did you mean ising?"],
    [
      ["simulate", "ising", "--shape", "4x4", "--out", "x.npz"],
      "system ising: beta: give a number, or critical (--beta on the command line)",
    ],
    [
      ["simulate", "ising", "--shape", "4x4", "--beta", "1", "--set", "h=1", "--out", "x.npz"],
      "system ising has no parameter 'h' (it has shape, beta, J, lattice)",
    ],
    [
      ["simulate", "ising", "--shape", "4x4", "--beta", "1", "--set", "lattice=kagome", "--out", "x.npz"],
      "system ising: lattice: give square (a chain of one side, cubic of three) or triangular",
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
      ["simulate", "ising", "--shape", "axb", "--beta", "0.4", "--out", "x.npz"],
      "system ising: shape: give the sides of the lattice, such as 8x8",
    ],
    [
      ["simulate", "spin-glass", "--shape", "4x4", "--temperature", "1e-300", "--out", "x.npz"],
      "parallel tempering down from so low a temperature takes more than 10000 temperatures; take beta 5.7e+296 times smaller",
    ],
    [
      ["simulate", "sk", "--shape", "10", "--beta", "1e9", "--out", "x.npz"],
      "takes more than 10000 temperatures; take beta ",
    ],
    [
      ["simulate", "phi4", "--beta", "0.5", "--out", "x.npz"],
      "system phi4 has no parameter 'beta' (it has shape, mass2, lambda)",
    ],
    [
      ["simulate", "phi4", "--shape", "4x4", "--set", "lamda=1", "--out", "x.npz"],
      "system phi4 has no parameter 'lamda'; did you mean lambda? (it has shape, mass2, lambda)",
    ],
  ];
  it.each(cases)("ansatz %j", async (argv, message) => {
    expect(await refused(work, ...placedIn(work, argv))).toContain(message);
  });
});
