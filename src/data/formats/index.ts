import { inputError } from "../../error.ts";
import { fits } from "./fits.ts";
import type { Format } from "./format.ts";
import { gzipped } from "./gzip.ts";
import { npy } from "./npy.ts";
import { npz } from "./npz.ts";
import { csv, whitespace } from "./text.ts";

/** The dataset formats; a new one is its file and its place in this list. */
export const formats: readonly Format[] = [
  ...[npy, npz, csv, whitespace, fits],
  ...[npy, csv, whitespace, fits].map(gzipped),
];

/** The format of a file by its name's extension; throws an input error that lists those known. */
export function formatOf(name: string): Format {
  const extension = extensionOf(name);
  const format = withExtension(extension);
  if (format) return format;
  if (/^\.(png|jpe?g)$/.test(extension))
    throw inputError(
      `${name}: unknown extension "${extension}" of a data file; pictures are read from a folder of them`,
    );
  const plain = formats.flatMap((candidate) => candidate.extensions).filter((end) => !end.endsWith(".gz"));
  throw inputError(
    `${name}: unknown extension "${extension}"; data files end in ${plain.join(", ")}, and all but .npz may be gzipped (.gz)`,
  );
}

/** Whether a name has the extension of a format. */
export const isFormatName = (name: string): boolean => withExtension(extensionOf(name)) !== undefined;

const withExtension = (extension: string): Format | undefined =>
  formats.find(({ extensions }) => extensions.includes(extension));

/** Whether a name has the extension of a text table. */
export function isTextName(name: string): boolean {
  return formats.some(({ isText, extensions }) => isText && extensions.includes(extensionOf(name)));
}

/**
 * The last extension of a name with its dot, in lower case, such as `.npy` or `.csv.gz`; empty if there is no
 * extension.
 */
function extensionOf(name: string): string {
  return /\.[^./\\]+(\.gz)?$/i.exec(name)?.[0].toLowerCase() ?? "";
}

export { fits, readFits, writeFits } from "./fits.ts";
export * from "./format.ts";
export { npy, readNpy, writeNpy } from "./npy.ts";
export { npz, readNpz, writeNpz } from "./npz.ts";
export { readSafetensors, type SafeTensors, writeSafetensors } from "./safetensors.ts";
export { csv, readText, whitespace, writeText } from "./text.ts";
export { parseTextOptions, type TextOptions, textFlags, textOptionsSchema } from "./text-options.ts";
