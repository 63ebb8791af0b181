import type { NDArray } from "../../array.ts";
import { type AnsatzError, inputError } from "../../error.ts";
import type { DatasetMeta } from "../meta.ts";
import type { TextOptions } from "./text-options.ts";

/** Names of the arrays in a dataset file: rows in one piece, rows already split, and their companions. */
export const dataKeys = [
  "x",
  "train",
  "valid",
  "test",
  "context",
  "train_context",
  "valid_context",
  "test_context",
  "chain",
  "parent",
  "mask",
] as const;

/** See {@link dataKeys}. */
export type DataKey = (typeof dataKeys)[number];

/** Contents of a data file. Rows come first in every array. */
export interface DataFile {
  /** The arrays of a dataset by name, such as `x` and `chain`; those that the file lacks are absent. */
  readonly arrays: { readonly [K in DataKey]?: NDArray };
  /** The file's metadata; absent if it has none. */
  readonly meta?: DatasetMeta;
  /** The names of the columns of `x`, if the file names them: a heading of a text table. */
  readonly columns?: readonly string[];
  /** Arrays that are no part of a dataset, by name: an `.npz` is written with them; reading leaves them alone. */
  readonly beside?: Readonly<Record<string, NDArray>>;
}

/** Bounds on what a reader may allocate. */
export interface ReadLimits {
  /** Maximum number of bytes of one file's decoded arrays. */
  readonly maxBytes: number;
}

/** Default limits of a reader: four GiB, for callers that do not know the machine's memory. */
export const defaultLimits: ReadLimits = { maxBytes: 2 ** 32 };

/** How a reader takes a text table, and where it reports its assumptions. */
export interface TextReading extends TextOptions {
  /** Is called with one line for each thing that the reader took for granted, such as a header. */
  readonly note?: ((line: string) => void) | undefined;
}

/** A file format: pure functions on bytes. `name` is the file's name, for error messages. */
export interface Format {
  /** Lower-case, with the dot. */
  readonly extensions: readonly string[];
  /** Whether files are text, which {@link TextOptions} are for. */
  readonly isText?: boolean;
  /** Decodes a file, a text by `text`; throws input errors that name the file and the place in it. */
  read(bytes: Uint8Array, name: string, limits?: ReadLimits, text?: TextReading): DataFile;
  /** Encodes a file; throws a usage error if the format cannot hold it. */
  write(file: DataFile): Uint8Array;
}

/** Returns a number of bytes for readers: `8.0 TB`. */
export function formatBytes(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB", "PB"];
  let unit = 0;
  while (bytes >= 1000 && unit < units.length - 1) {
    bytes /= 1000;
    unit++;
  }
  return `${unit === 0 ? bytes : bytes.toFixed(1)} ${units[unit]}`;
}

/** The input error for data that `limits` does not let into memory. */
export function tooLarge(name: string, bytes: number, limits: ReadLimits): AnsatzError {
  return inputError(
    `${name}: needs ${formatBytes(bytes)} of memory, more than the ${formatBytes(limits.maxBytes)} allowed here; ` +
      "give a part of the rows, or a smaller element type",
  );
}
