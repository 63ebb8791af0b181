import type { NDArray } from "../array.ts";
import { check } from "../data/check.ts";
import type { Dataset } from "../data/dataset.ts";
import { fileOf, fileOfRows, rowsAsWritten, type StoredRows } from "../data/file.ts";
import { type DataFile, formatOf } from "../data/formats/index.ts";
import type { DatasetMeta } from "../data/meta.ts";
import { encodePng } from "../data/pictures/png.ts";
import { sheet } from "../data/pictures/sheet.ts";
import { checkWritable, type WriteOptions, writeFileAtomic } from "./atomic.ts";

/** See {@link saveArray}. */
export interface SaveArrayOptions extends WriteOptions {
  /** Further arrays by name, which an `.npz` takes too and other files leave out. */
  readonly beside?: Readonly<Record<string, NDArray>>;
  /** What the array is, which an `.npz` takes likewise. */
  readonly meta?: DatasetMeta | undefined;
}

/** See {@link saveRows}. */
export interface SaveRowsOptions extends WriteOptions {
  /** Pictures side by side on a sheet (default: as square as possible). */
  readonly sheetColumns?: number | undefined;
}

/** Writes one array to a `.npy`, `.npz` (as `x`) or text file, by extension; see {@link writeFileAtomic}. */
export async function saveArray(path: string, array: NDArray, options: SaveArrayOptions = {}): Promise<void> {
  const { beside = {}, meta, ...rest } = options;
  const described = takesAll(path) && meta;
  await saveDataFile(path, { arrays: { x: array }, beside, ...(described && { meta }) }, rest);
}

/**
 * Writes a dataset with values in its own encoding. An `.npz` takes everything (splits that were given as
 * `train`, `valid`, `test`; context; chain; mask; `meta.json`); `.npy` and text take the rows alone, and a `.png` shows them.
 */
export async function saveDataset(path: string, dataset: Dataset, options: WriteOptions = {}): Promise<void> {
  if (isPictureName(path)) return savePicture(path, dataset, options);
  await saveDataFile(path, takesAll(path) ? fileOf(dataset) : tableOf(dataset), options);
}

/**
 * Writes rows that a model drew, in the way {@link saveDataset} writes those of a dataset. Throws an input
 * error for a value that is not in their space, such as NaN.
 */
export async function saveRows(path: string, rows: StoredRows, options: SaveRowsOptions = {}): Promise<void> {
  check(rows.space, rows.x, path, true);
  if (isPictureName(path)) return savePicture(path, rows, options);
  await saveDataFile(path, takesAll(path) ? fileOfRows(rows) : tableOf(rows), options);
}

/** Whether a file of this name is written as a picture. */
export const isPictureName = (path: string): boolean => /\.png$/i.test(path);

/** Writes rows as one picture, or as a sheet of several; see {@link sheet}. */
async function savePicture(path: string, rows: StoredRows, options: SaveRowsOptions): Promise<void> {
  await checkWritable(path, options);
  const x = rows.offset?.length ? rowsAsWritten(rows) : rows.x;
  await writeFileAtomic(path, await encodePng(sheet(x, rows.space, options.sheetColumns)), options);
}

async function saveDataFile(path: string, file: DataFile, options: WriteOptions): Promise<void> {
  const format = formatOf(path);
  await checkWritable(path, options);
  await writeFileAtomic(path, format.write(file), options);
}

const takesAll = (path: string) => formatOf(path).extensions.includes(".npz");

const tableOf = ({ columns, ...rows }: StoredRows): DataFile => ({
  arrays: { x: rowsAsWritten(rows) },
  ...(columns && { columns }),
});
