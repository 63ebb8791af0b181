import { counted } from "../../counted.ts";
import type { Dataset } from "../../data/dataset.ts";
import { isTextName, type TextOptions, textFlags } from "../../data/formats/index.ts";
import type { RowsRequest } from "../../data/order/dataset-order.ts";
import type { PictureOptions } from "../../data/pictures/picture.ts";
import { siteShape, sites } from "../../data/space.ts";
import { inputError, usageError } from "../../error.ts";
import type { Part } from "../../evaluate/index.ts";
import { type DataSource, loadDataset } from "../../files/index.ts";
import {
  type FitRecord,
  fingerprint,
  offsetOf,
  type Run,
  type RunRecord,
  splitOf,
  splitSeedOf,
} from "../../runs/index.ts";
import { energyWarning } from "../../study/energy-of-rows.ts";
import {
  agreedSystem,
  type GivenSystem,
  type KnownSystem,
  namedSystem,
  type System,
  withKnown,
  withSystem,
} from "../../systems/index.ts";
import { noteOrder } from "../options/data-options.ts";
import type { SelectedSystem } from "../options/selected-system.ts";
import { ownSystem, type SelectedOwn } from "./own-system.ts";

/** Data to hold a run's model against, and how it relates to the data of its fit. */
export interface RunData {
  readonly dataset: Dataset;
  /** Whether these are the rows the model was fitted to, split as they were then. */
  readonly own: "yes" | "no" | "split otherwise";
  /** The energy of a program file that was named for the rows, which a dataset cannot hold. */
  readonly system?: System | undefined;
  /** What to look at if nothing else is asked: held-out rows of the fit's data, all rows of other data. */
  readonly part: Part;
}

/** See {@link loadRunData}. */
export interface RunDataOptions {
  /** The data to read (default: the data of the fit). */
  readonly source?: DataSource | undefined;
  readonly context?: string | undefined;
  /** Seed of the splits (default: that of the fit). */
  readonly seed?: number | undefined;
  /** How text is written (default: as for the fit). */
  readonly text?: TextOptions | undefined;
  /** The system of the rows, if neither they nor the run name it. */
  readonly system?: SelectedSystem | undefined;
  /** Hears what was taken for granted, and what the order of rows showed. */
  readonly note?: ((line: string) => void) | undefined;
  /** Is called with the number of pictures read so far, and of all. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * Reads data in the space of a run's model, split as for its fit. Throws an input error if no data is named
 * and the run has none, or if the data of the fit has changed: it is then unknown which rows the model was
 * trained on.
 */
export async function loadRunData(
  { folder, record }: Run,
  { source, context, seed, text, system, note, onProgress }: RunDataOptions = {},
): Promise<RunData> {
  const of = record.task === "fit" ? record.data : undefined;
  const from = source ?? of?.source;
  if (!from)
    throw inputError(`${folder}: was trained without data (ansatz solve); name a file of configurations`);
  const beside = context ?? (source ? undefined : of?.context);
  const asBefore = optionsAsFitted(record, from, { context: beside, text });
  const options = {
    ...asBefore,
    ...(seed !== undefined && { seed }),
    text: { ...asBefore.text, note: (line: string) => note?.(`note: ${line}`) },
    pictures: { ...asBefore.pictures, note: (line: string) => note?.(`note: ${line}`), onProgress },
  };
  const asFitted = await loadDataset(from, options);
  if (record.context && !asFitted.context)
    throw usageError(
      `${asFitted.name}: this ${record.family} is conditional, and the file has no contexts: give --context <file> with one of ` +
        `${counted(sites(record.context), "value")} a row`,
    );
  const was = of?.fingerprint;
  const { rows, splits } = fingerprint(asFitted);
  const own = rows !== was?.rows ? "no" : splits === was.splits ? "yes" : "split otherwise";
  // Other data than that of the fit has an order of its own.
  const isOther = of !== undefined && source !== undefined && own === "no";
  const read = isOther ? await loadDataset(from, { ...options, rows: undefined }) : asFitted;
  const dataset = ofSystem(read, own === "no" ? undefined : of?.system, system?.given);
  const ownSystem = system?.own && ownSystemOf(dataset, system);
  if (!source && (own === "no" || (own === "split otherwise" && seed === undefined)))
    throw inputError(
      `${dataset.name}: ${context === undefined ? "has changed since" : `with ${context} is not the data of`} the fit of ` +
        `${folder}; name the file to use it as new data, or fit again`,
    );
  const asFit = of?.text && source && own === "no" ? textFlags(asBefore.text) : "";
  if (asFit !== "" && textFlags(text ?? {}) === "")
    note?.(`note: ${dataset.name} is read as the data of the fit was, with ${asFit}`);
  if (note) noteOrder(dataset, note);
  const warning = system && energyWarning(dataset);
  if (warning !== undefined) note?.(`warning: ${warning}`);
  const { test, valid, by } = dataset.splits;
  const found: Omit<RunData, "part"> = { dataset, own, ...(ownSystem && { system: ownSystem }) };
  if (test.length > 0 && (own !== "no" || by === "given")) return { ...found, part: "test" };
  return { ...found, part: own !== "no" && valid.length > 0 ? "valid" : "all" };
}

/** The system of a program file for the rows of a dataset. */
export function ownSystemOf({ name, space, context, meta }: Dataset, selected: SelectedOwn): System {
  if (context) throw inputError(`${name}: each row has a context; --energy is for rows of one distribution`);
  return ownSystem(meta?.system, selected, space, name);
}

/** Throws an input error unless the system `given` is that of a run's data, if that is known. */
export function requireSystemOfRun({ folder, record }: Run<FitRecord>, given: GivenSystem): void {
  agreedSystem(record.data.system, given, record.space, folder);
}

/** Returns rows with the system that they name, that was recorded for the fit, or that is `given` now. */
export function ofSystem(
  dataset: Dataset,
  recorded: KnownSystem | undefined,
  given: GivenSystem | undefined,
): Dataset {
  const before = recorded ? withKnown(dataset, recorded) : dataset;
  if (!given) return before;
  return withSystem(before, namedSystem(given, siteShape(dataset.space), dataset.name));
}

/** How the data of a run is read: in the space of its model, ordered and split as for its fit, text as it was written then. */
export function optionsAsFitted(
  record: RunRecord,
  from: DataSource,
  { context, text }: { readonly context: string | undefined; readonly text: TextOptions | undefined },
) {
  return {
    space: record.space,
    ...{ split: splitOf(record), seed: splitSeedOf(record) },
    offset: offsetOf(record),
    ...{ context, contextSpace: record.context, rows: rowsOfRecord(record) },
    text: readingOf(record, [...Object.values(from), context], text),
    pictures: picturesAsFitted(record),
  };
}

/**
 * How a folder of pictures is read for a run: in the size of the fit's pictures, and in the colours of its
 * model.
 */
function picturesAsFitted(record: RunRecord): PictureOptions {
  const { length } = siteShape(record.space);
  const colour = length === 3 ? "rgb" : length === 2 ? "grey" : undefined;
  return { ...(colour && { colour }), ...(record.task === "fit" && record.data.pictures) };
}

/** The recorded dependence between the rows of a run's data; for a run without a fit's data, undefined. */
function rowsOfRecord(record: Run["record"]): RowsRequest | undefined {
  if (record.task !== "fit") return undefined;
  const { order } = record.data;
  return order?.rows === "chain" ? { chains: order.chains, tau: order.tau } : (order?.rows ?? "stored");
}

/** Returns how text among the files `paths` is read for a run: as requested, else as for the fit. */
export function readingOf(
  record: RunRecord,
  paths: readonly (string | undefined)[],
  asked: TextOptions = {},
): TextOptions {
  if (textFlags(asked) !== "") return asked;
  const isText = paths.some((path) => path !== undefined && isTextName(path));
  return record.task === "fit" && isText ? (record.data.text ?? {}) : {};
}

/**
 * Describes the rows of a part in relation to the model: `held-out configurations` only if it has certainly
 * not seen them.
 */
export function describeRows({ own, dataset }: RunData, part: Part): string {
  if (own === "no") return `configurations of ${dataset.name}`;
  if (own === "split otherwise") return "configurations of the fit's data, some of which it was trained on";
  if (part === "test") return "held-out configurations";
  if (part === "valid") return "validation rows";
  return part === "train"
    ? "training rows"
    : "configurations of the fit's data, including those it was trained on";
}

/**
 * Returns why a score may flatter the model: the data holds rows that it was trained on; undefined if it does
 * not.
 */
export function trainedOnWarning({ record }: Run, { own, dataset }: RunData, part: Part): string | undefined {
  if (own === "no" || record.task !== "fit") return undefined;
  if (own === "yes")
    return part === "train"
      ? "these are rows that the model was trained on"
      : part === "all"
        ? "these include the rows that the model was trained on"
        : undefined;
  const { how } = dataset.splits;
  const why =
    how === record.data.splits
      ? "split by another seed"
      : `now split ${how}, for the fit ${record.data.splits}`;
  return `these are the rows of the fit, ${why}: some were trained on`;
}
