import { resolve } from "node:path";
import type { Dataset } from "../data/dataset.ts";
import type { Model } from "../models/contract.ts";
import { environment, fingerprint, type RunRecord, runVersion } from "../runs/index.ts";
import { engine } from "../runtime/index.ts";
import type { FitSettings } from "../train/index.ts";
import type { Session } from "./session.ts";

/** What the record of a new run is made of. */
export interface NewRun {
  readonly model: Model;
  readonly dataset: Dataset;
  readonly source: RunRecord["data"]["source"];
  readonly context?: string | undefined;
  readonly settings: FitSettings;
  readonly parameters: number;
  readonly session: Session;
}

/** The record of a run that is about to begin. */
export function recordOf(run: NewRun): RunRecord {
  const { model, dataset, settings } = run;
  const { train, valid, test, how } = dataset.splits;
  const system = dataset.meta?.system;
  return {
    version: runVersion,
    family: model.family,
    hyperparameters: model.hyperparameters as RunRecord["hyperparameters"],
    space: model.space,
    encoding: dataset.encoding,
    contextSize: model.contextSize,
    parameters: run.parameters,
    training: settings,
    data: {
      source: run.source,
      ...(run.context !== undefined && { context: resolve(run.context) }),
      rows: { train: train.length, valid: valid.length, test: test.length },
      splits: how,
      fingerprint: fingerprint(dataset),
      ...(system && { system }),
    },
    seed: settings.seed,
    ...environment(engine.version, settings.threads),
    command: run.session.command,
  };
}
