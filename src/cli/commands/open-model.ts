import { usageError } from "../../error.ts";
import type { ExactModel, Model } from "../../models/contract.ts";
import type { FittedExact } from "../../models/fitted/exact.ts";
import { type AnyFitted, byKind } from "../../models/fitted/fitted.ts";
import { openRun, type Run } from "../../runs/index.ts";

/** A model with an exact likelihood; throws a usage error for one of another kind. */
export function exactModel(model: Model): ExactModel {
  if (model.kind === "exact") return model;
  throw noExact(model);
}

/** The fitted model of a run folder, of any kind; throws errors that name the file that is missing or damaged. */
export async function openFitted(folder: string): Promise<{ run: Run; fitted: AnyFitted }> {
  const run = await openRun(folder);
  return { run, fitted: await run.fitted({ threads: run.record.threads }) };
}

/** A fitted model with an exact likelihood; throws as {@link exactModel} for one of another kind. */
export function exactFitted(fitted: AnyFitted): FittedExact {
  const refuse = () => {
    throw noExact(fitted.model);
  };
  return byKind<FittedExact>(fitted, {
    exact: (own) => own,
    bounded: refuse,
    energy: refuse,
    implicit: refuse,
  });
}

const noExact = ({ family }: Model) =>
  usageError(`a ${family} has no exact likelihood, which this command needs`);
