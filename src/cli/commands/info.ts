import { stat } from "node:fs/promises";
import { counted } from "../../counted.ts";
import { fromDataset, holdsMeasurements, isShadowText } from "../../data/measurements/index.ts";
import { describe, isPlain, type Space, sites } from "../../data/space.ts";
import { spaceText } from "../../data/table.ts";
import { inputError, usageError } from "../../error.ts";
import { holdsPictures, memoryLimits, nearby, readBytes } from "../../files/index.ts";
import { contextSize } from "../../models/context.ts";
import { isRun, openRun, type RunRecord } from "../../runs/index.ts";
import { systemText } from "../../study/system-text.ts";
import type { KnownSystem } from "../../systems/index.ts";
import { addPictureOptions, loadRequest } from "../options/data-options.ts";
import { textOf } from "../options/flags.ts";
import {
  addMeasurementOptions,
  addTarget,
  hasMeasurementFlags,
  measurementsFromFlags,
} from "../options/measurements.ts";
import { addTextOptions, textFlagsOf } from "../options/text-flags.ts";
import type { Outcome, Session } from "../terminal/session.ts";
import type { CommandSpec, Flags } from "./command.ts";
import { measurementInfo } from "./info-measurements.ts";

/** `ansatz info`. */
export const info: CommandSpec = {
  define(command) {
    command
      .description("Describe a run folder, a data file, or a folder of pictures.")
      .argument("<path>", "run folder, data file, or folder of pictures")
      .option("--space <space>", "binary, categorical:K, ... (default: from the values)");
    addTextOptions(command);
    addPictureOptions(command);
    addMeasurementOptions(command);
    addTarget(command);
  },
  examples: [
    "info ising.npz",
    'info measured.csv --space real --delimiter ";" --decimal ","',
    "info measured.csv.gz --space real --columns energy,magnetisation",
    "info runs/made",
    "info counts.json --order last --target ghz",
  ],
  async run([path = ""], flags, session) {
    const found = await stat(path).catch(() => undefined);
    if (!found) throw inputError(`${path}: there is no such file or folder${await nearby(path)}`);
    if (!found.isDirectory()) {
      if (hasMeasurementFlags(flags) || /\.json$/i.test(path) || (await holdsShadows(path)))
        return measurementInfo(path, await measurementsFromFlags(path, flags), flags);
      return dataInfo(path, flags, session);
    }
    if (await isRun(path)) return runInfo(path);
    if (await holdsPictures(path)) return dataInfo(path, flags, session);
    throw inputError(
      `${path}: is not a run folder (it has no model.json), and holds no pictures (.png, .jpg, .jpeg) or maps (.fits)`,
    );
  },
};

/** Classical shadows need no options, and are no table of numbers. */
const holdsShadows = async (path: string) =>
  /\.txt$/i.test(path) && isShadowText(await readBytes(path, memoryLimits()));

async function runInfo(path: string): Promise<Outcome> {
  const { record } = await openRun(path);
  const { family, hyperparameters, space, command } = record;
  const settings = Object.entries(hyperparameters).map(([key, value]) => `${key} ${JSON.stringify(value)}`);
  return {
    document: { kind: "run", path, ...record, contextSize: contextSize(record) },
    text: [
      `${path}: ${family} on ${spaceText(space)}, ${record.parameters} parameters`,
      settings.join(", "),
      ...(record.context ? [contextText(record.context)] : []),
      ...learnedFrom(record),
      `made by: ${command}`,
    ].join("\n"),
  };
}

/** What the model of a run learned from, and how that ended. */
function learnedFrom(record: RunRecord): string[] {
  const seconds = `${record.result?.seconds.toFixed(1)} s`;
  if (record.task === "fit") {
    const { rows, splits } = record.data;
    const { result } = record;
    return [
      `fitted to ${rows.train} rows, ${rows.valid} to validate, ${rows.test} to test (${splits})`,
      result ? `best epoch ${result.bestEpoch} of ${result.epoch}, ${seconds}` : "its fit has not ended",
    ];
  }
  return [
    `solved for ${systemText(record.target)}`,
    record.result ? `${record.result.step} steps, ${seconds}` : "its solve has not ended",
  ];
}

async function dataInfo(path: string, flags: Flags, session: Session): Promise<Outcome> {
  const [resize, colour] = [textOf(flags, "resize"), textOf(flags, "colour")];
  const request = { space: textOf(flags, "space"), text: textFlagsOf(flags), resize, colour };
  const dataset = await loadRequest({ path }, request, 0, (line) => session.note(line));
  if (holdsMeasurements(dataset))
    return measurementInfo(path, { measurements: fromDataset(dataset), meta: dataset.meta }, flags);
  if (flags.target !== undefined)
    throw usageError(
      "--target: is for measurements of qubits; this file has none, or needs --order or --bases",
    );
  const { train, valid, test, how } = dataset.splits;
  const rows = dataset.x.shape[0] as number;
  const { meta } = dataset;
  const { contextSpace: context } = dataset;
  return {
    document: {
      kind: "data",
      path,
      rows,
      space: dataset.space,
      encoding: dataset.encoding,
      ...(dataset.columns && { columns: dataset.columns }),
      ...(context && { context, contextSize: contextSize({ context }) }),
      splits: { train: train.length, valid: valid.length, test: test.length, how },
      ...(meta && { meta }),
    },
    text: [
      `${path}: ${rowsText(rows, meta?.completions)}, ${spaceText(dataset.space)}${encodingText(dataset.encoding)}`,
      ...(dataset.columns ? [`columns: ${dataset.columns.join(", ")}`] : []),
      ...(context ? [contextText(context)] : []),
      `${train.length} to train, ${valid.length} to validate, ${test.length} to test (${how})`,
      ...(meta?.system ? [drawnFrom(meta.system)] : []),
      ...(meta?.command ? [`made by: ${meta.command}`] : []),
    ].join("\n"),
  };
}

/** The encoding of spins and bits; other values are written unchanged. */
const encodingText = (encoding: string) => (encoding === "plain" ? "" : `, encoding ${encoding}`);

function rowsText(rows: number, completions: number | undefined): string {
  return completions === undefined
    ? `${rows} rows`
    : `${completions} completions of each of ${rows / completions} rows`;
}

function drawnFrom({ betas, ...system }: KnownSystem): string {
  const at = betas ? ` at ${betas.length} inverse temperatures, ${betas[0]} to ${betas.at(-1)}` : "";
  return `drawn from ${systemText(system)}${at}`;
}

function contextText(space: Space): string {
  const size = sites(space);
  const of = isPlain(space) ? "" : `: ${describe(space)}`;
  return `each row is conditioned on a context of ${counted(size, "value")}${of}`;
}
