import { resolve } from "node:path";
import type { Dataset } from "../../data/dataset.ts";
import type { Model } from "../../models/contract.ts";
import { environment, type FitRecord, fingerprint, runVersion, type SolveRecord } from "../../runs/index.ts";
import { engine } from "../../runtime/index.ts";
import type { System } from "../../systems/index.ts";
import type { FitSettings, SolveSettings } from "../../train/index.ts";
import type { Session } from "../terminal/session.ts";

/** What the record of a new run is made of. */
export interface NewRun {
  readonly model: Model;
  readonly dataset: Dataset;
  readonly source: FitRecord["data"]["source"];
  readonly context?: string | undefined;
  readonly text?: FitRecord["data"]["text"] | undefined;
  readonly pictures?: FitRecord["data"]["pictures"] | undefined;
  readonly settings: FitSettings;
  readonly parameters: number;
  readonly session: Session;
}

/** The record of a fit that is about to begin. */
export function recordOf(run: NewRun): FitRecord {
  const { model, dataset, settings } = run;
  const { train, valid, test, how, by } = dataset.splits;
  const system = dataset.meta?.system;
  return {
    version: runVersion,
    task: "fit",
    family: model.family,
    hyperparameters: model.hyperparameters as FitRecord["hyperparameters"],
    space: model.space,
    encoding: dataset.encoding,
    ...(model.context && { context: model.context }),
    parameters: run.parameters,
    training: settings,
    data: {
      source: run.source,
      ...(run.context !== undefined && { context: resolve(run.context) }),
      ...(run.text && Object.keys(run.text).length > 0 && { text: run.text }),
      ...(run.pictures && Object.keys(run.pictures).length > 0 && { pictures: run.pictures }),
      rows: { train: train.length, valid: valid.length, test: test.length },
      splits: how,
      ...orderRecord(dataset),
      splitRule: { by, seed: settings.seed },
      ...(dataset.offset && { offset: [...dataset.offset] }),
      ...(dataset.columns && { columns: [...dataset.columns] }),
      fingerprint: fingerprint(dataset),
      ...(system && { system }),
    },
    seed: settings.seed,
    ...environment(engine.version, settings.threads),
    command: run.session.command,
  };
}

/** The dependence between the rows of a dataset, recorded so that they are split in the same way again. */
function orderRecord({ order }: Dataset): Pick<FitRecord["data"], "order"> {
  if (order?.rows === "independent") return { order: { rows: "independent" } };
  if (order?.rows !== "chain") return {};
  const { rows, chains, tau } = order;
  return { order: { rows, chains, tau } };
}

/** What the record of a new solve is made of. */
export interface NewSolve {
  readonly model: Model;
  readonly target: System;
  readonly start?: System | undefined;
  readonly settings: SolveSettings;
  readonly parameters: number;
  readonly session: Session;
}

/** The record of a solve that is about to begin. */
export function solveRecordOf(solve: NewSolve): SolveRecord {
  const { model, target, start, settings, parameters, session } = solve;
  const named = ({ name, parameters: own }: System) => ({
    name,
    parameters: own as SolveRecord["target"]["parameters"],
  });
  return {
    version: runVersion,
    task: "solve",
    family: model.family,
    hyperparameters: model.hyperparameters as SolveRecord["hyperparameters"],
    space: model.space,
    encoding: model.space.kind === "binary" ? "01" : "plain",
    ...(model.context && { context: model.context }),
    parameters,
    training: settings,
    target: named(target),
    ...(start && { start: named(start) }),
    seed: settings.seed,
    ...environment(engine.version, settings.threads),
    command: session.command,
  };
}
