import type { AnyFitted } from "../../models/fitted/fitted.ts";
import { type FitRecord, type Run, readLog } from "../../runs/index.ts";
import { recordFacts } from "../../runs/write-study.ts";
import { type LookOptions, type Study, studyFit, systemText } from "../../study/index.ts";
import { describeRows, type RunData } from "./run-data.ts";

/** Returns the study of a run's model on data, with the facts of its record. */
export async function studyRun(
  run: Run<FitRecord>,
  fitted: AnyFitted,
  data: RunData,
  request: {
    readonly samples: number;
    readonly seed: number;
    readonly replicas?: number | undefined;
  } & LookOptions,
): Promise<Study> {
  const { dataset, part, system: own } = data;
  const { source, rows, splits, offset, fingerprint, system } = run.record.data;
  const named = own ?? system ?? dataset.meta?.system;
  return studyFit(fitted, dataset, {
    ...request,
    ...{ part, system: own },
    rows: describeRows(data, part),
    events: await readLog(run.folder),
    facts: recordFacts(run.record, {
      ...source,
      ...(dataset.columns && { columns: dataset.columns }),
      "train, validation, test rows": Object.values(rows),
      split: splits,
      ...(offset && { "offset of each column (figures of the plane are without it)": offset }),
      "fingerprint (SHA-256)": fingerprint.rows,
      ...(named && { system: systemText(named) }),
    }),
  });
}
