import { usageError } from "../error.ts";
import type { ApproximateModel, ExactModel, Model } from "../models/contract.ts";
import type { FittedExact } from "../models/fitted.ts";
import type { FittedApproximate } from "../models/fitted-approximate.ts";
import { openRun, type Run } from "../runs/index.ts";

/** A model with an exact likelihood; throws a usage error for one of another kind. */
export function exactModel(model: Model): ExactModel {
  if (model.kind === "exact") return model;
  throw usageError(`a ${model.family} has no exact likelihood, which this needs`);
}

/** A model that can be fitted to data; throws a usage error for one that has samples alone. */
export function fittableModel(model: Model): ExactModel | ApproximateModel {
  if (model.kind !== "implicit") return model;
  throw usageError(`${model.family} has an implicit likelihood, which cannot be fitted yet`);
}

/** The fitted model of a run folder; throws errors that name the file that is missing or damaged. */
export async function openFitted(folder: string): Promise<{ run: Run; fitted: FittedExact }> {
  const run = await openRun(folder);
  return { run, fitted: await run.fitted({ threads: run.record.threads }) };
}

/** The fitted model of a run folder, of any kind that has a likelihood, exact or approximate. */
export async function openAnyFitted(
  folder: string,
): Promise<{ run: Run; fitted: FittedExact | FittedApproximate }> {
  const run = await openRun(folder);
  return { run, fitted: await run.anyFitted({ threads: run.record.threads }) };
}
