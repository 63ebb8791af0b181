import { stat } from "node:fs/promises";
import { takeRows } from "../../array.ts";
import type { Dataset } from "../../data/dataset.ts";
import { type Space, sameSpace } from "../../data/space.ts";
import { range } from "../../data/splits.ts";
import { numbers } from "../../data/values.ts";
import { inputError, usageError } from "../../error.ts";
import {
  type BaselineName,
  baselineNames,
  defaultPart,
  drawBaseline,
  floats,
  type PartRows,
  partRows,
  type RowSet,
} from "../../evaluate/index.ts";
import { loadDataset, nearby, readDataFile } from "../../files/index.ts";
import type { AnyFitted } from "../../models/fitted/fitted.ts";
import { Key } from "../../random/key.ts";
import { isRun, type Run } from "../../runs/index.ts";
import { drawRows } from "../../study/draw-rows.ts";
import { rowSetOf } from "../../study/judge/row-set.ts";
import { type DataRequest, loadRequest, picturesOf } from "../options/data-options.ts";
import { withReadingBar } from "../terminal/reading.ts";
import type { Session } from "../terminal/session.ts";
import { openFitted } from "./open-model.ts";
import { loadRunData } from "./run-data.ts";

/** A candidate as named on the command line. */
export type CandidateSource =
  | { readonly kind: "baseline"; readonly name: BaselineName }
  | { readonly kind: "run"; readonly run: Run; readonly fitted: AnyFitted }
  | { readonly kind: "file"; readonly path: string };

/** Opens what candidates are named: `baseline:NAME`, a run folder or a file. */
export async function openCandidates(names: readonly string[]): Promise<CandidateSource[]> {
  const sources: CandidateSource[] = [];
  for (const [i, name] of names.entries()) {
    if (names.indexOf(name) !== i) throw usageError(`${name} is named twice`);
    const [, baseline] = /^baseline:(.*)$/.exec(name) ?? [];
    if (baseline !== undefined) {
      if (!baselineNames.some((known) => known === baseline))
        throw usageError(
          `there is no baseline '${baseline}'; there are ${baselineNames.map((n) => `baseline:${n}`).join(", ")}`,
        );
      sources.push({ kind: "baseline", name: baseline as BaselineName });
    } else if (await isRun(name)) sources.push({ kind: "run", ...(await openFitted(name)) });
    else {
      const isThere = await stat(name).then(
        () => true,
        () => false,
      );
      if (!isThere) throw inputError(`${name}: no such run folder or file${await nearby(name)}`);
      sources.push({ kind: "file", path: name });
    }
  }
  return sources;
}

/** Real rows: those that candidates are tested against, those that models were trained on, and all that is known of them. */
export interface RealRows {
  readonly dataset: Dataset;
  readonly rows: PartRows;
  readonly real: RowSet;
  readonly train?: RowSet | undefined;
}

/**
 * Reads the real rows. If the file has its own splits or is the data of the first run among the candidates,
 * held-out rows are the reference and training rows are kept separate; otherwise all rows are the reference.
 */
export async function realRows(
  request: DataRequest,
  source: { readonly path: string },
  candidates: readonly CandidateSource[],
  seed: number,
  note: (line: string) => void,
  onProgress: (done: number, total: number) => void,
): Promise<RealRows> {
  const runs = candidates.flatMap((c) => (c.kind === "run" ? [c.run] : []));
  const [first] = runs;
  const found =
    first &&
    (await loadRunData(first, { source, text: request.text, context: request.context, note, onProgress }));
  const dataset =
    found?.dataset ??
    (await loadRequest(
      source,
      { ...request, space: await spaceOf(request, source.path) },
      seed,
      note,
      onProgress,
    ));
  for (const { folder, record } of runs)
    if (!sameSpace(record.space, dataset.space))
      throw usageError(`${folder}: is a model of another kind of rows than ${source.path}`);
  const isSplit = found
    ? found.own === "yes"
    : dataset.splits.by === "given" && dataset.splits.test.length > 0;
  const part = isSplit ? (found?.part ?? defaultPart(dataset)) : "all";
  const rows = partRows(dataset, part);
  const train = isSplit && part !== "all" ? partRows(dataset, "train") : undefined;
  return {
    dataset,
    rows,
    real: rowSetOf(part === "all" ? source.path : `${part} rows of ${source.path}`, rows, note),
    ...(train && { train: rowSetOf(`training rows of ${source.path}`, train, note) }),
  };
}

/** `real` for numbers with a fraction, if neither the request nor the file names a space. */
async function spaceOf(request: DataRequest, path: string): Promise<string | undefined> {
  const { space, system, text } = request;
  if (space !== undefined || system !== undefined) return space;
  const { arrays, meta } = await readDataFile(path, undefined, text, picturesOf(request));
  const rows = arrays.x ?? arrays.train;
  if (meta || !rows) return undefined;
  return numbers(rows).some((v) => v !== Math.floor(v)) ? "real" : undefined;
}

/** See {@link candidateRows}. */
export interface CandidateRequest {
  readonly found: RealRows;
  /** Rows of runs and baselines to draw. */
  readonly samples: number;
  readonly seed: number;
  /** How files are read. */
  readonly request: DataRequest;
  readonly session: Session;
  readonly note: (line: string) => void;
}

/** The rows of one candidate: read, or drawn. */
export async function candidateRows(
  source: CandidateSource,
  i: number,
  request: CandidateRequest,
): Promise<RowSet> {
  const { found, samples, seed, request: reading, session, note } = request;
  const { dataset } = found;
  const key = Key.fromSeed(seed).fold(1000 + i);
  if (source.kind === "baseline") {
    const from = found.train ?? found.real;
    return {
      name: `baseline:${source.name}`,
      x: drawBaseline(source.name, dataset.space, from.x, samples, key),
    };
  }
  if (source.kind === "file") {
    const own = await withReadingBar(session, (onProgress) =>
      loadDataset(
        { path: source.path },
        {
          space: dataset.space as Space,
          text: reading.text ?? {},
          pictures: { ...picturesOf(reading), onProgress },
          offset: [...(dataset.offset ?? [])],
          seed,
        },
      ),
    );
    return rowSetOf(source.path, partRows(own, "all"), note);
  }
  const { run, fitted } = source;
  const { context } = found.rows;
  if (run.record.context && !context)
    throw usageError(
      `${run.folder}: is conditional, and ${dataset.name} has no contexts; give --context <file>`,
    );
  const which = range(0, Math.min(samples, context?.shape[0] ?? samples));
  const progress = session.progress(`sample ${run.record.family}`);
  const drawn = await drawRows(fitted, which.length, {
    key,
    ...(context && run.record.context && { context: floats(takeRows(context, which)) }),
    signal: session.signal,
    onProgress: (done, total) => progress.count(done, total),
  }).finally(() => progress.end());
  await fitted.release();
  return rowSetOf(run.folder, drawn, note);
}
