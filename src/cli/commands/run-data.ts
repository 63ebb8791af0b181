import type { Dataset } from "../../data/dataset.ts";
import type { RowsRequest } from "../../data/order/dataset-order.ts";
import { inputError } from "../../error.ts";
import type { Part } from "../../evaluate/index.ts";
import { type DataSource, loadDataset } from "../../files/index.ts";
import { fingerprint, type Run } from "../../runs/index.ts";

/** Data to hold a run's model against, and how it relates to the data of its fit. */
export interface RunData {
  readonly dataset: Dataset;
  /** Whether these are the rows the model was fitted to, split as they were then. */
  readonly own: "yes" | "no" | "split otherwise";
  /** What to look at if nothing else is asked: held-out rows of the fit's data, all rows of other data. */
  readonly part: Part;
}

/** See {@link loadRunData}. */
export interface RunDataOptions {
  /** The data of the fit where left out. */
  readonly source?: DataSource | undefined;
  readonly context?: string | undefined;
  /** Seed of the splits; that of the fit where left out. */
  readonly seed?: number | undefined;
}

/**
 * Reads data in the space of a run's model, split as for its fit. Throws an input error where no data is named and the
 * run has none, or where that of the fit is no longer what it was: which of its rows the model was trained on is not
 * known then.
 */
export async function loadRunData(
  { folder, record }: Run,
  { source, context, seed }: RunDataOptions = {},
): Promise<RunData> {
  const of = record.task === "fit" ? record.data : undefined;
  const from = source ?? of?.source;
  if (!from) throw inputError(`${folder}: was solved for without data; name a file of configurations`);
  const options = {
    space: record.space,
    seed: seed ?? record.seed,
    contextSpace: record.context,
    context: context ?? (source ? undefined : of?.context),
  };
  const asFitted = await loadDataset(from, { ...options, rows: rowsOfRecord(record) });
  const was = of?.fingerprint;
  // Other data than that of the fit has an order of its own.
  const isOther = of !== undefined && source !== undefined && fingerprint(asFitted).rows !== was?.rows;
  const dataset = isOther ? await loadDataset(from, options) : asFitted;
  const { rows, splits } = fingerprint(dataset);
  const own = rows !== was?.rows ? "no" : splits === was.splits ? "yes" : "split otherwise";
  if (!source && (own === "no" || (own === "split otherwise" && seed === undefined)))
    throw inputError(
      `${dataset.name}: ${context === undefined ? "has changed since" : `with ${context} is not the data of`} the fit of ` +
        `${folder}; name the file to take it as other data, or fit again`,
    );
  const { test, valid, by } = dataset.splits;
  if (test.length > 0 && (own !== "no" || by === "given")) return { dataset, own, part: "test" };
  return { dataset, own, part: own !== "no" && valid.length > 0 ? "valid" : "all" };
}

/** How the rows of a run's data depend on one another, as its record says it; of data that is none of a fit that is found. */
export function rowsOfRecord(record: Run["record"]): RowsRequest | undefined {
  if (record.task !== "fit") return undefined;
  const { order } = record.data;
  return order?.rows === "chain" ? { chains: order.chains, tau: order.tau } : (order?.rows ?? "stored");
}

/** What the rows of a part are to the model: `held-out configurations` only where it has certainly not seen them. */
export function describeRows({ own, dataset }: RunData, part: Part): string {
  if (own === "no") return `configurations of ${dataset.name}`;
  if (own === "split otherwise") return "configurations of the fit's data, some of which it was trained on";
  if (part === "test") return "held-out configurations";
  if (part === "valid") return "validation rows";
  return part === "train"
    ? "training rows"
    : "configurations of the fit's data, including those it was trained on";
}

/** Why a score may flatter the model: the data holds rows that it was trained on; undefined where it does not. */
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
