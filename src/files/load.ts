import { stat } from "node:fs/promises";
import { basename } from "node:path";
import type { NDArray } from "../array.ts";
import { type Dataset, type DatasetOptions, makeDataset } from "../data/dataset.ts";
import {
  type DataFile,
  formatOf,
  isFormatName,
  isTextName,
  type ReadLimits,
  type TextReading,
  textFlags,
} from "../data/formats/index.ts";
import { siteShape } from "../data/space.ts";
import { inputError, usageError } from "../error.ts";
import { type GivenSystem, namedSystem, withSystem } from "../systems/given.ts";
import { withSymmetries } from "../systems/row-symmetries.ts";
import { nearby } from "./nearby.ts";
import { type PictureReading, readPictures } from "./pictures.ts";
import { memoryLimits, readBytes } from "./read.ts";

/** A dataset in one file, or in one for each split. */
export type DataSource =
  | {
      /** The file with all rows, or a folder of pictures; it is split here unless it has splits. */
      readonly path: string;
    }
  | {
      /** The file with the rows to fit to. */
      readonly train: string;
      /** The file with the rows that decide when training stops. */
      readonly valid?: string | undefined;
      /** The file with the rows held out for scores. */
      readonly test?: string | undefined;
    };

/** See {@link loadDataset}. */
export interface LoadOptions extends DatasetOptions {
  /** A file with one row of context for each row of data, in the order train, valid, test. */
  readonly context?: string | undefined;
  /** Limits of reading (default: a third of the machine's memory). */
  readonly limits?: ReadLimits | undefined;
  /**
   * The system that the rows were drawn from, if the files do not name it. It gives the space too, and the
   * rows give its shape. A file that names another system is refused.
   */
  readonly system?: GivenSystem | undefined;
  /**
   * How text files are written, for whatever does not follow from the text; the columns apply to the rows
   * alone.
   */
  readonly text?: TextReading | undefined;
  /** How folders of pictures are read: their size and colour, and who hears of the progress. */
  readonly pictures?: PictureReading | undefined;
}

/**
 * Reads a dataset from data files (.npy, .npz, .csv, .data, .txt, .tsv, .dat; all but .npz also in gzip,
 * .csv.gz) or from a folder of PNG and JPEG pictures, checks it and splits it by `makeDataset`. Throws input
 * errors that name the file and the place in it, and a usage error for text options without a text file.
 */
export async function loadDataset(source: DataSource, options: LoadOptions = {}): Promise<Dataset> {
  const limits = options.limits ?? memoryLimits();
  const { text, pictures } = options;
  requireText([...Object.values(source), options.context], text);
  const { file, name, names } =
    "path" in source
      ? { file: await readDataFile(source.path, limits, text, pictures), name: source.path, names: undefined }
      : await readSplit(source, limits, text, pictures);
  if (options.context === undefined) return datasetOf(file, name, { ...options, names });
  const context = await loadContext(options.context, limits, text);
  return datasetOf({ ...file, arrays: { ...file.arrays, context } }, name, { ...options, names });
}

/** The dataset of a file, of the system that it names itself or that was given. */
export function datasetOf(file: DataFile, name: string, options: LoadOptions): Dataset {
  const { system: given, ...rest } = options;
  if (!given) return withSymmetries(makeDataset(file, name, rest));
  const named = namedSystem(given, rowShape(file, name, options), name);
  // A system's fields are kept as they are: an offset subtracted from them would change their energy.
  const space = options.space ?? (file.meta ? undefined : named.system.space);
  return withSystem(makeDataset(file, name, { ...rest, space, offset: options.offset ?? [] }), named);
}

/** The shape of one row: as requested, else from the file, else from its array. */
function rowShape(
  { arrays, meta }: DataFile,
  name: string,
  { space, shape }: LoadOptions,
): readonly number[] {
  if (shape) return shape;
  const said = typeof space === "object" ? space : meta?.space;
  if (said) return siteShape(said);
  const rows = arrays.x ?? arrays.train;
  if (!rows) throw inputError(`${name}: has no rows; an .npz holds them as x, or as train`);
  return rows.shape.slice(1);
}

/** Throws a usage error for text options if no file is text, since they would have no effect. */
export function requireText(paths: readonly (string | undefined)[], text: TextReading = {}): void {
  const flags = textFlags(text);
  const files = paths.filter((path) => path !== undefined);
  if (flags !== "" && !files.some(isTextName))
    throw usageError(`${flags}: are for text such as .csv and .txt, which ${files.join(", ")} is not`);
}

/** The contents of one data file by its extension, or of a folder of pictures, unchecked against any space. */
export async function readDataFile(
  path: string,
  limits: ReadLimits = memoryLimits(),
  text?: TextReading,
  pictures?: PictureReading,
): Promise<DataFile> {
  if (await isFolder(path)) return readPictures(path, pictures, limits);
  // A name without an extension is more often that of a folder that is not there.
  if (!isFormatName(path) && !(await stat(path).catch(() => undefined)))
    throw inputError(`${path}: no such file or folder${await nearby(path)}`);
  const format = formatOf(path);
  return format.read(await readBytes(path, limits), path, limits, text);
}

/** The one array of a file: a `.npy`, a text table, or the `x` of an `.npz`. */
export async function loadArray(path: string, limits?: ReadLimits, text?: TextReading): Promise<NDArray> {
  return theArray(await readDataFile(path, limits, text), path);
}

function theArray({ arrays }: DataFile, path: string): NDArray {
  if (!arrays.x) throw inputError(`${path}: has splits; give a file with the one array x`);
  return arrays.x;
}

/** What rows are conditioned on, a row each: the array `context` of an `.npz` that has it, else the one array of the file. */
export async function loadContext(path: string, limits?: ReadLimits, text?: TextReading): Promise<NDArray> {
  const { arrays } = await readDataFile(path, limits, beside(text));
  const found = arrays.context ?? arrays.x;
  if (!found) throw inputError(`${path}: has splits; give a file with the one array context, or x`);
  return found;
}

/** Text options for a text that accompanies the rows: the same, without their choice of columns. */
export function beside({ columns: _, ...text }: TextReading = {}): TextReading {
  return text;
}

async function readSplit(
  names: Extract<DataSource, { train: string }>,
  limits: ReadLimits,
  text: TextReading | undefined,
  pictures: PictureReading | undefined,
) {
  const arrays: { train?: NDArray; valid?: NDArray; test?: NDArray } = {};
  let meta: DataFile["meta"];
  let columns: readonly string[] | undefined;
  const paths: string[] = [];
  for (const part of ["train", "valid", "test"] as const) {
    const path = names[part];
    if (path === undefined) continue;
    if (paths.includes(path)) throw usageError(`${path} is given for two splits; each needs its own rows`);
    const file = await readDataFile(path, limits, text, pictures);
    arrays[part] = theArray(file, path);
    columns ??= file.columns;
    // What an .npz says of itself is of all its rows; pictures and maps say what a row is.
    if (!path.endsWith(".npz")) meta ??= file.meta;
    paths.push(path);
  }
  return {
    file: { arrays, ...(columns && { columns }), ...(meta && { meta }) },
    name: paths.map((path) => basename(path)).join(", "),
    names,
  };
}

/** Whether a path is a folder; false if it does not exist. */
export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
