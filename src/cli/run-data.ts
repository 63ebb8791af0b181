import type { Dataset } from "../data/dataset.ts";
import type { Part } from "../evaluate/index.ts";
import { type DataSource, loadDataset } from "../files/index.ts";
import { fingerprint, type Run } from "../runs/index.ts";

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

/** Reads data in the space of a run's model, split as for its fit. */
export async function loadRunData(
  { record }: Run,
  { source, context, seed }: RunDataOptions = {},
): Promise<RunData> {
  const dataset = await loadDataset(source ?? record.data.source, {
    space: record.space,
    seed: seed ?? record.seed,
    context: context ?? (source ? undefined : record.data.context),
  });
  const { rows, splits } = fingerprint(dataset);
  const was = record.data.fingerprint;
  const own = rows !== was.rows ? "no" : splits === was.splits ? "yes" : "split otherwise";
  const { test, valid, by } = dataset.splits;
  if (test.length > 0 && (own !== "no" || by === "given")) return { dataset, own, part: "test" };
  return { dataset, own, part: own !== "no" && valid.length > 0 ? "valid" : "all" };
}
