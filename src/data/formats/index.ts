import { inputError } from "../../error.ts";
import type { Format } from "./format.ts";
import { npy } from "./npy.ts";
import { npz } from "./npz.ts";
import { csv, whitespace } from "./text.ts";

/** The dataset formats; a new one is its file and its place in this list. */
export const formats: readonly Format[] = [npy, npz, csv, whitespace];

/** The format of a file by its name's extension; throws an input error that lists those known. */
export function formatOf(name: string): Format {
  const extension = /\.[^./\\]+$/.exec(name)?.[0].toLowerCase() ?? "";
  const format = formats.find((candidate) => candidate.extensions.includes(extension));
  if (format) return format;
  const known = formats.flatMap((candidate) => candidate.extensions).join(", ");
  throw inputError(`${name}: unknown extension "${extension}"; data files end in ${known}`);
}

export * from "./format.ts";
export { npy, readNpy, writeNpy } from "./npy.ts";
export { npz, readNpz, writeNpz } from "./npz.ts";
export { readSafetensors, type SafeTensors, writeSafetensors } from "./safetensors.ts";
export { csv, readText, whitespace, writeText } from "./text.ts";
