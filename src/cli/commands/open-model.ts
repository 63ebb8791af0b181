import { sites } from "../../data/space.ts";
import { usageError } from "../../error.ts";
import type { ExactModel, Model, TimeDrawing } from "../../models/contract.ts";
import type { FittedBounded } from "../../models/fitted/bounded.ts";
import type { FittedExact } from "../../models/fitted/exact.ts";
import { type AnyFitted, byKind, fitted } from "../../models/fitted/fitted.ts";
import { flowAsExact } from "../../models/fitted/flow-log-prob.ts";
import { openRun, type Run } from "../../runs/index.ts";

/** A model with an exact likelihood; throws a usage error for one of another kind. */
export function exactModel(model: Model): ExactModel {
  if (model.kind === "exact") return model;
  throw noExact(model);
}

/**
 * Returns the fitted model of a run folder, of any kind; a flow in time with `drawing`, if given. Throws
 * errors that name the file that is missing or damaged, and AnsatzError (usage) for `drawing` with another
 * model.
 */
export async function openFitted(
  folder: string,
  drawing?: TimeDrawing,
): Promise<{ run: Run; fitted: AnyFitted }> {
  const run = await openRun(folder);
  const own = await run.fitted({ threads: run.record.threads });
  return { run, fitted: drawing ? drawnBy(own, drawing) : own };
}

/** A flow in time with its parameters, with another way to draw rows. */
function drawnBy(given: AnyFitted, drawing: TimeDrawing): AnyFitted {
  const { model } = given;
  if (given.model.kind === "bounded" && given.model.flowTime)
    return fitted(given.model.flowTime.drawing(drawing), given.parameters, given.engine) as AnyFitted;
  const flag = drawing.steps === undefined ? "--guidance" : "--steps";
  throw usageError(
    `${flag} is for models that draw rows in steps of time; leave it out for a ${model.family}`,
  );
}

/**
 * A fitted model with an exact likelihood, or with log P by a flow's equation and its full divergence; throws as {@link exactModel} for
 * any other.
 */
export function exactFitted(fitted: AnyFitted): FittedExact {
  const refuse = () => {
    throw noExact(fitted.model);
  };
  return byKind<FittedExact>(fitted, {
    exact: (own) => own,
    bounded: (own) => flowAsExact(own) ?? refuseFlow(own),
    energy: refuse,
    implicit: refuse,
  });
}

/**
 * Throws a usage error for a bounded model without log P of its samples, with the reason for flows in time.
 */
export function refuseFlow({ model }: FittedBounded): never {
  if (!model.flowTime) throw noExact(model);
  throw usageError(
    `a ${model.family} of ${sites(model.space)} sites estimates its divergence, and that noise would bias weights; reweighting takes at most 64 sites`,
  );
}

const noExact = ({ family }: Model) =>
  usageError(`a ${family} has no exact likelihood, which this command needs`);
