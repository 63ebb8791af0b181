import { dirname, join } from "node:path";
import { lockName } from "../files/lock/mark.ts";

/** The files of a run folder, by what they hold. */
export const runFiles = {
  /** What was fitted to what, and how; the folder is a run because this file is there. */
  record: "model.json",
  /** The best parameters, once the fit has ended. */
  parameters: "params.safetensors",
  /** The state of the fit, from which it can be resumed. */
  checkpoint: join("checkpoint", "state.safetensors"),
  /** One event of the fit a line. */
  log: "log.jsonl",
  /** The page about the run, and the folder of its figures. */
  report: "report.html",
  figures: "figures",
  /** Of a tomography: the shots, qubit 0 first, and the density matrix. Another run may take its place and leave them. */
  shots: "shots.npz",
  rho: "rho.npy",
  /** The process that works on the run, while one does, and its heartbeat. */
  lock: lockName,
} as const;

/**
 * Files and folders that belong to a run, in addition to its record; everything else in its folder is
 * somebody else's.
 */
export const runEntries: readonly string[] = [
  runFiles.parameters,
  dirname(runFiles.checkpoint),
  runFiles.log,
  runFiles.report,
  runFiles.figures,
];

/** Path of one of a run's files. */
export function runFile(folder: string, file: keyof typeof runFiles): string {
  return join(folder, runFiles[file]);
}
