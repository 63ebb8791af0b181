/**
 * Run folders: opening them, loading their models, and writing their studies (Node only).
 *
 * @module ansatz/runs
 */

export type { LockOptions } from "../files/lock/lock.ts";
export type { LockTimes } from "../files/lock/watch.ts";
export { parameterCount } from "../models/parameter-count.ts";
export { mostParameters } from "../models/size.ts";
export type { EngineOptions } from "../runtime/engine.ts";
export { checkRunFolder, createRun } from "./create.ts";
export { ansatzVersion, type Environment, environment, environmentChanges } from "./environment.ts";
export { fingerprint } from "./fingerprint.ts";
export { runFile, runFiles } from "./layout.ts";
export { LogWriter, readLog } from "./log.ts";
export { readParameters, writeParameters } from "./parameters.ts";
export {
  type CourseResult,
  columnsOf,
  commandOf,
  type FitRecord,
  formatRecord,
  offsetOf,
  parseRecord,
  type ResultOf,
  type RunRecord,
  type RunResult,
  recordSchema,
  runVersion,
  type SolveRecord,
  splitOf,
  splitSeedOf,
} from "./record.ts";
export { isRun, loadModel, openRun, Run } from "./run.ts";
export { checkFitSize, checkModelSize } from "./size.ts";
