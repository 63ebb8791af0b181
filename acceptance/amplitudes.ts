import { readFile } from "node:fs/promises";

/** Amplitudes of a wave function as QuCumber writes them, `re im` a line, of positive ones: the first numbers. */
export async function amplitudes(path: string): Promise<number[]> {
  const lines = (await readFile(path, "utf8")).trim().split("\n");
  return lines.map((line) => Number(line.trim().split(/\s+/)[0]));
}
