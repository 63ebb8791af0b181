/**
 * Reads and writes datasets and arrays on disk, atomically (Node only).
 *
 * @module ansatz/files
 */

export { checkWritable, codeOf, placed, type WriteOptions, writeFileAtomic } from "./atomic.ts";
export {
  beside,
  type DataSource,
  datasetOf,
  isFolder,
  type LoadOptions,
  loadArray,
  loadContext,
  loadDataset,
  readDataFile,
  requireText,
} from "./load.ts";
export { nearby } from "./nearby.ts";
export { holdsPictures, type PictureReading, readPictures } from "./pictures.ts";
export { memoryLimits, readBytes } from "./read.ts";
export {
  isPictureName,
  type SaveArrayOptions,
  type SaveRowsOptions,
  saveArray,
  saveDataset,
  saveRows,
} from "./save.ts";
export { SimulationFolder } from "./simulation/folder.ts";
