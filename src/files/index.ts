export { checkWritable, codeOf, placed, type WriteOptions, writeFileAtomic } from "./atomic.ts";
export {
  type DataSource,
  type LoadOptions,
  loadArray,
  loadContext,
  loadDataset,
  readDataFile,
} from "./load.ts";
export { memoryLimits, readBytes } from "./read.ts";
export { saveArray, saveDataset } from "./save.ts";
export { SimulationFolder } from "./simulation/folder.ts";
