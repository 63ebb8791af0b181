import * as z from "zod";
import { encodingSchema } from "../data/encoding.ts";
import { textOptionsSchema } from "../data/formats/text-options.ts";
import { systemSchema } from "../data/meta.ts";
import { pictureOptionsSchema } from "../data/pictures/picture.ts";
import { spaceSchema } from "../data/space-schema.ts";
import { inputError } from "../error.ts";
import { fitOptionsSchema } from "../train/options.ts";
import { solveOptionsSchema } from "../train/solve-options.ts";

/** Version of the run folders this library writes; it reads this one and older ones. */
export const runVersion = 3;

const path = z.string().min(1);
const natural = z.number().int().nonnegative();
const json = z.record(z.string(), z.json());

/** Where a run's data came from, and what identifies it. Paths are absolute. */
const dataSchema = z.object({
  source: z.union([
    z.object({ path }),
    z.object({ train: path, valid: path.optional(), test: path.optional() }),
  ]),
  context: path.optional(),
  /** How its text files were read; absent for the defaults. */
  text: textOptionsSchema.exactOptional(),
  /** How its pictures were read; absent for the defaults. */
  pictures: pictureOptionsSchema.exactOptional(),
  rows: z.object({ train: natural, valid: natural, test: natural }),
  /** In words, how the rows were split. */
  splits: z.string(),
  /** Dependence between rows, if the data does not record it; absent if they were taken as independent. */
  order: z
    .union([
      z.object({ rows: z.literal("independent") }),
      z.object({ rows: z.literal("chain"), chains: z.int().positive(), tau: z.number().positive() }),
    ])
    .exactOptional(),
  /** The rule that split them, and its seed. In records without it the seed is that of the run. */
  splitRule: z
    .object({ by: z.enum(["given", "chain", "parent", "random", "none"]), seed: natural })
    .exactOptional(),
  /** What is subtracted from each column before the model sees it, and added to what it draws; nothing if absent. */
  offset: z.array(z.number()).exactOptional(),
  /** The names of the columns, if the data name them. */
  columns: z.array(z.string()).min(1).exactOptional(),
  /** SHA-256 of the rows and of the splits, each in hexadecimal. */
  fingerprint: z.object({ rows: z.string(), splits: z.string() }),
  /** The system that the rows were drawn from. */
  system: systemSchema.exactOptional(),
});

/** The common part of all records, whatever the run learned from. */
const common = z.object({
  /** Version of the format of `model.json`. */
  version: z.literal(runVersion),
  /** The name of the model's family. */
  family: z.string().min(1),
  /** Its hyperparameters, defaults filled in. */
  hyperparameters: json,
  /** What one row is. */
  space: spaceSchema,
  /** How the data write binary values, and so what samples are written as. */
  encoding: encodingSchema,
  /** The space of each row's context; absent if the model is not conditional. */
  context: spaceSchema.exactOptional(),
  /** Number of trained parameters. */
  parameters: natural,
  /** The seed of all random numbers of the run. */
  seed: natural,
  /** Threads inside one operation. */
  threads: z.number().int().positive().max(256),
  /** Name and version of what ran the graphs: the same bits are promised on one engine only. */
  engine: z.string(),
  /** The model of the processor, as the system names it. */
  processor: z.string(),
  /** The version of Node. */
  node: z.string(),
  /** The version of this package. */
  ansatz: z.string(),
  /** The command that made the run. */
  command: z.string(),
});

/** The options of a tomography besides its shots; its page is made with them again. */
const tomographySchema = z.object({
  /** The files that the shots came from. */
  files: z.array(path).exactOptional(),
  /** What the state was meant to be, as `--target` reads it. */
  target: z.string().exactOptional(),
  /** Files of other reconstructions. */
  compared: z.array(path).exactOptional(),
  /** The file of calibration circuits that the readout was fitted to. */
  calibration: path.exactOptional(),
  /** Replicas of the bootstrap. */
  replicas: z.int().min(2).exactOptional(),
});

/** How one course of a fit ended. */
const courseResultSchema = z.object({
  /** Why it ended: `epochs`, `patience` or the like. */
  reason: z.string(),
  /** Epochs run. */
  epoch: z.number().nonnegative(),
  /** Steps taken. */
  step: natural,
  /** The epoch of the kept parameters. */
  bestEpoch: z.number().nonnegative(),
  /** Time of training in seconds, all parts of a resumed one together. */
  seconds: z.number().nonnegative(),
});

/** A model fitted to data; `result` is absent until the fit has ended. */
const fitRecordSchema = common.extend({
  /** This run learned from data. */
  task: z.literal("fit"),
  /** The options of the fit, defaults filled in. */
  training: fitOptionsSchema,
  /** Where the data lie, how they were split, and their fingerprints. */
  data: dataSchema,
  /** The options of a tomography; absent for other fits. */
  tomography: tomographySchema.exactOptional(),
  /** How the fit ended; absent until it has. */
  result: courseResultSchema
    .extend({
      /** How the second course ended, of a model with a prior over its codes. */
      prior: courseResultSchema.exactOptional(),
    })
    .exactOptional(),
});

/** A model solved for a target distribution, without data; `result` is absent until the solve has ended. */
const solveRecordSchema = common.extend({
  /** This run learned from an energy. */
  task: z.literal("solve"),
  /** The options of the solve, defaults filled in. */
  training: solveOptionsSchema,
  /** The system with the learned Boltzmann distribution. */
  target: systemSchema,
  /** The system that annealing began at, if it was another. */
  start: systemSchema.exactOptional(),
  /** Steps taken and time in seconds; absent until the solve has ended. */
  result: z.object({ step: natural, seconds: z.number().nonnegative() }).exactOptional(),
});

/** Schema of {@link RunRecord}. */
export const recordSchema = z.discriminatedUnion("task", [fitRecordSchema, solveRecordSchema]);

/** The record of a model fitted to data. */
export type FitRecord = z.output<typeof fitRecordSchema>;

/** The record of a model solved for a target. */
export type SolveRecord = z.output<typeof solveRecordSchema>;

/**
 * The content of a run's `model.json`: everything needed to use the model, to continue its training and to
 * repeat it.
 */
export type RunRecord = FitRecord | SolveRecord;

/** What the model of a run has subtracted from each column of data; empty if nothing. */
export function offsetOf(record: RunRecord): readonly number[] {
  return (record.task === "fit" && record.data.offset) || [];
}

/** The names of the columns that the data of a run has, if it names them. */
export function columnsOf(record: RunRecord): readonly string[] | undefined {
  return record.task === "fit" ? record.data.columns : undefined;
}

/** How the data of a run is split, where all its rows were fitted. */
export function splitOf(record: RunRecord): "none" | undefined {
  return record.task === "fit" && record.data.splitRule?.by === "none" ? "none" : undefined;
}

/** The command that trains a run and resumes it. */
export function commandOf(record: RunRecord): string {
  return record.task === "fit" && record.tomography ? "tomography" : record.task;
}

/** The seed by which the data of a run is split. */
export function splitSeedOf(record: RunRecord): number {
  return (record.task === "fit" ? record.data.splitRule?.seed : undefined) ?? record.seed;
}

/** How training ended, by what the record is of. */
export type ResultOf<R extends RunRecord> = NonNullable<R["result"]>;

/** How one course of a fit ended. */
export type CourseResult = z.output<typeof courseResultSchema>;

/** How a fit ended. */
export type RunResult = ResultOf<FitRecord>;

/** The record of a `model.json` text; throws an input error naming the file `where` and the field that is wrong. */
export function parseRecord(text: string, where: string): RunRecord {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw inputError(`${where}: is not JSON; the run folder is damaged`, cause);
  }
  const version = (value as { version?: unknown } | null)?.version;
  if (typeof version === "number" && version > runVersion)
    throw inputError(
      `${where}: has format version ${version}; this ansatz reads up to ${runVersion} (update it)`,
    );
  const parsed = recordSchema.safeParse(
    typeof version === "number" && version < runVersion ? upgrade(value as Earlier) : value,
  );
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join(".") || "value";
  throw inputError(`${where}: ${field}: ${issue?.message ?? "invalid"}; the run folder is damaged`);
}

/** What differs in records of earlier versions. */
interface Earlier {
  readonly contextSize?: unknown;
}

/**
 * Converts records of earlier versions. Version 1 had only fits, without a marker. Up to version 2 contexts
 * were real numbers, and a record held the number of them per row.
 */
function upgrade({ contextSize, ...record }: Earlier): unknown {
  const context = contextSize !== 0 && { context: { kind: "real", shape: [contextSize] } };
  return { task: "fit", ...record, version: runVersion, ...context };
}

/** The `model.json` text of a record; {@link parseRecord} reads it back. */
export function formatRecord(record: RunRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}
