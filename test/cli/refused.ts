import { expect } from "vitest";
import { ansatz, documentOf, smallIsing, type workFolder } from "./support.ts";

/** What a command says when it must fail on input: one line, exit code 2, and nothing new in the folder. */
export async function refused(work: ReturnType<typeof workFolder>, ...argv: string[]): Promise<string> {
  const before = await work.names();
  const { code, stdout, stderr } = await ansatz(...argv);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(/^ansatz: [^\n]+\n$/);
  expect(await work.names()).toEqual(before);
  return stderr.slice("ansatz: ".length).trim();
}

/** Puts data and a run into the folder: `ising.npz`, and `made` fitted to it. */
export async function smallRun(work: ReturnType<typeof workFolder>): Promise<void> {
  await documentOf(...smallIsing, "--samples", "200", "--out", work.at("ising.npz"));
  const size = ["--epochs", "1", "--set", "hidden=4"];
  await documentOf("fit", "made", work.at("ising.npz"), "--out", work.at("made"), ...size);
}

/** The arguments with the names of files and folders where they lie in the folder; what follows `fit` is a family. */
export function placedIn(work: ReturnType<typeof workFolder>, argv: readonly string[]): string[] {
  const names = [
    "ising.npz",
    "made",
    "run",
    "s.npy",
    "x.npz",
    "c.html",
    "none/s.npy",
    "none.yaml",
    "nothing",
    ".",
  ];
  return argv.map((argument, i) =>
    names.includes(argument) && !(argv[0] === "fit" && i === 1) ? work.at(argument) : argument,
  );
}
