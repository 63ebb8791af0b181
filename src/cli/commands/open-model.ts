import { usageError } from "../../error.ts";
import type { EnergyModel, ExactModel, Model } from "../../models/contract.ts";
import type { FittedEnergy } from "../../models/fitted/energy.ts";
import type { FittedExact } from "../../models/fitted/exact.ts";
import { openRun, type Run } from "../../runs/index.ts";

/** A model with an exact likelihood; throws a usage error for one of another kind. */
export function exactModel(model: Model): ExactModel {
  if (model.kind === "exact") return model;
  throw usageError(`a ${model.family} has no exact likelihood, which this needs`);
}

/** A model that can be fitted to data; throws a usage error for one that has samples alone. */
export function fittableModel(model: Model): ExactModel | EnergyModel {
  if (model.kind === "exact" || model.kind === "energy") return model;
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
): Promise<{ run: Run; fitted: FittedExact | FittedEnergy }> {
  const run = await openRun(folder);
  return { run, fitted: await run.anyFitted({ threads: run.record.threads }) };
}
