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
  type LoadOptions,
  loadArray,
  loadContext,
  loadDataset,
  readDataFile,
  requireText,
} from "./load.ts";
export { memoryLimits, readBytes } from "./read.ts";
export { type SaveArrayOptions, saveArray, saveDataset, saveRows } from "./save.ts";
export { SimulationFolder } from "./simulation/folder.ts";
