import { resolve } from "node:path";
import type { Command } from "commander";
import type { Dataset } from "../../data/dataset.ts";
import type { TextOptions } from "../../data/formats/text-options.ts";
import type { RowsRequest } from "../../data/order/dataset-order.ts";
import type { PictureOptions } from "../../data/pictures/picture.ts";
import { parseShape } from "../../data/space.ts";
import { usageError } from "../../error.ts";
import { type DataSource, isFolder, loadDataset } from "../../files/index.ts";
import type { Domain } from "../../models/contract.ts";
import { energyWarning } from "../../study/energy-of-rows.ts";
import type { GivenSystem } from "../../systems/index.ts";
import type { Flags } from "../commands/command.ts";
import { textOf } from "./flags.ts";
import { keyOfFlag } from "./option-flags.ts";
import { addGivenSystem, parseGivenSystem } from "./system-options.ts";
import { addTextOptions, textFlagsOf } from "./text-flags.ts";

/** Names of the flags, also in a configuration file, for the place and the meaning of data. */
export const dataFlagNames = [
  "train",
  "valid",
  "test",
  "context",
  "context-space",
  "space",
  "shape",
  "rows",
  "chains",
  "resize",
  "colour",
  "system",
] as const;

/** Where data is and what it is, as the user gave it. */
export type DataRequest = { readonly [K in (typeof dataFlagNames)[number] | "data"]?: string | undefined } & {
  /** How text files are written; empty for the defaults. */
  readonly text?: TextOptions | undefined;
  /** The system of the rows, if it is not named by the text of `system`. */
  readonly given?: GivenSystem | undefined;
};

/** Adds the flags of {@link dataFlagNames}. */
export function addDataOptions(command: Command): void {
  command
    .option("--train <file>", "training rows, if each split has its own file")
    .option("--valid <file>", "validation rows, for early stopping (default: a tenth of the training rows)")
    .option("--test <file>", "test rows, for scores and reports")
    .option("--context <file>", "context of each row, row by row")
    .option(
      "--context-space <space>",
      "space of the context, as for --space: categorical:K for labels (default: from the file, otherwise real)",
    )
    .option(
      "--space <space>",
      "binary, categorical:K, real, real:LOW..HIGH, levels:K (grey levels as real numbers), circle, sequence:K (default: from the values)",
    )
    .option("--shape <shape>", "shape of a row, such as 28x28, if the file holds flat rows")
    .option(
      "--rows <kind>",
      "independent (split at random), or chain (Markov chains, split in blocks of time) (default: from the order of the rows)",
    )
    .option(
      "--chains <n>",
      "number of Markov chains side by side: row r belongs to chain r mod n (default: 1)",
    );
  addGivenSystem(command);
  addTextOptions(command);
  addPictureOptions(command);
}

/** Adds the flags for reading a folder of pictures. */
export function addPictureOptions(command: Command): void {
  command
    .option("--resize <shape>", "pictures: rows and columns to average each picture to, such as 32x32")
    .option("--colour <name>", "pictures: grey, or rgb (default: grey if all files are grey)");
}

/** How a request reads pictures; throws a usage error for a size or a colour that cannot be. */
export function picturesOf({ resize, colour }: DataRequest): PictureOptions {
  if (colour !== undefined && colour !== "grey" && colour !== "rgb")
    throw usageError(`--colour is grey or rgb, not '${colour}'`);
  const shape = resize === undefined ? undefined : parseShape(resize);
  if (shape && shape.length !== 2)
    throw usageError(`--resize takes rows and columns, such as 32x32, not '${resize}'`);
  return {
    ...(shape && { resize: shape as [number, number] }),
    ...(colour !== undefined && { colour }),
  };
}

/** Returns the data request of flags; `data` is the file given as an argument. */
export function dataFromFlags(flags: Flags, data: string | undefined): DataRequest {
  return {
    ...Object.fromEntries(dataFlagNames.map((name) => [name, textOf(flags, keyOfFlag(name))])),
    data,
    text: textFlagsOf(flags),
  };
}

/** Returns the files of a request; undefined if it names none. Throws a usage error for a contradiction. */
export function sourceOf({ data, train, valid, test }: DataRequest): DataSource | undefined {
  if (data !== undefined) {
    if (train !== undefined || valid !== undefined || test !== undefined)
      throw usageError("give one data file, or --train, --valid and --test, but not both");
    return { path: data };
  }
  if (train === undefined) {
    if (valid !== undefined || test !== undefined)
      throw usageError("--valid and --test go with --train, which is missing");
    return undefined;
  }
  return { train, ...(valid !== undefined && { valid }), ...(test !== undefined && { test }) };
}

/**
 * Loads the data of a request, split by `seed`; `note` hears what was taken for granted, and what the order of rows showed.
 * `onProgress` hears of pictures read.
 */
export async function loadRequest(
  source: DataSource,
  request: DataRequest,
  seed: number,
  note: (line: string) => void,
  onProgress?: (done: number, total: number) => void,
): Promise<Dataset> {
  const pictures = picturesOf(request);
  const [flag] = Object.keys(pictures);
  const paths = Object.values(source).filter((path) => path !== undefined);
  if (flag !== undefined && !(await Promise.all(paths.map(isFolder))).includes(true))
    throw usageError(`--${flag} is for a folder of pictures, which ${paths.join(", ")} is not`);
  const system = request.system === undefined ? request.given : parseGivenSystem(request.system);
  const dataset = await loadDataset(source, {
    seed,
    text: { ...request.text, note: (line) => note(`note: ${line}`) },
    ...(request.space !== undefined && { space: request.space }),
    ...(request.shape !== undefined && { shape: parseShape(request.shape) }),
    ...(request.context !== undefined && { context: request.context }),
    contextSpace: request["context-space"],
    rows: rowsOf(request),
    pictures: { ...pictures, note: (line) => note(`note: ${line}`), onProgress },
    system,
  });
  noteOrder(dataset, note);
  const warning = system && energyWarning(dataset);
  if (warning !== undefined) note(`warning: ${warning}`);
  return dataset;
}

/** Returns the requested dependence between rows; throws a usage error for a contradiction. */
export function rowsOf({ rows, chains }: Pick<DataRequest, "rows" | "chains">): RowsRequest | undefined {
  if (rows !== undefined && rows !== "independent" && rows !== "chain")
    throw usageError(`--rows is independent or chain, not '${rows}'`);
  if (chains === undefined) return rows === "chain" ? {} : rows;
  if (rows === "independent") throw usageError("--chains goes with --rows chain; independent rows have none");
  if (!/^[1-9]\d*$/.test(chains))
    throw usageError(`--chains takes a whole number of at least 1, not '${chains}'`);
  return { chains: Number(chains) };
}

/** Says what the order of a dataset's rows showed, if anything follows from it. */
export function noteOrder({ order }: Dataset, note: (line: string) => void): void {
  if (order && "note" in order) note(order.note);
}

/** A source with absolute paths, as a run records it. */
export function absolute(source: DataSource): DataSource {
  if ("path" in source) return { path: resolve(source.path) };
  const { train, valid, test } = source;
  return {
    train: resolve(train),
    ...(valid !== undefined && { valid: resolve(valid) }),
    ...(test !== undefined && { test: resolve(test) }),
  };
}

/** What a model of a dataset is a distribution over, and what it is conditioned on. */
export function domainOf({ space, contextSpace: context }: Dataset): Domain {
  return { space, context };
}
