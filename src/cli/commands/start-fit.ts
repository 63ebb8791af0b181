import { formatOf } from "../../data/formats/index.ts";
import type { SymmetryName } from "../../data/symmetry.ts";
import { usageError } from "../../error.ts";
import type { Model } from "../../models/contract.ts";
import { parameterCount } from "../../models/parameter-count.ts";
import {
  createModel,
  families,
  familyNamed,
  fittingDefaults,
  hyperparametersOf,
} from "../../models/registry.ts";
import { Key } from "../../random/key.ts";
import { checkFitSize, checkRunFolder, createRun } from "../../runs/index.ts";
import { type FitSettings, namedSymmetries, symmetriesOfFit } from "../../train/index.ts";
import { checkAugmentation } from "../options/augmentation.ts";
import { absolute, domainOf, loadRequest, picturesOf, sourceOf } from "../options/data-options.ts";
import { checkFitOptions } from "../options/fit-options.ts";
import type { FitRequest } from "../options/fit-request.ts";
import { withReadingBar } from "../terminal/reading.ts";
import type { Outcome, Session } from "../terminal/session.ts";
import { fitResult } from "./fit-result.ts";
import { recordOf } from "./new-run.ts";
import { runFit } from "./run-fit.ts";

/** Begins a fit in a new run folder; `force` replaces one that is there. */
export async function startFit(
  out: string,
  request: FitRequest,
  force: boolean,
  session: Session,
): Promise<Outcome> {
  if (request.family === undefined)
    throw usageError(`name the model family first (there are ${[...families.keys()].join(", ")})`);
  if (!families.has(request.family) && isDataFile(request.family) && !sourceOf(request.data))
    throw usageError(`the family is missing: ansatz fit ${[...families.keys()][0]} ${request.family}`);
  familyNamed(request.family);
  const given = checkFitOptions(request.options);
  if (request.options.schedule === "auto" && request.options.patience !== undefined)
    throw usageError("--patience is for schedules other than auto; leave one of them out");
  const note = (line: string) => session.note(line);
  await checkRunFolder(out, { force, note });
  const source = sourceOf(request.data);
  if (!source) throw usageError("name a data file, or give --train");
  const dataset = await withReadingBar(session, (onProgress) =>
    loadRequest(source, request.data, given.seed, note, onProgress),
  );
  checkAugmentation(dataset, namedSymmetries(given));
  const { used, unlike } = symmetriesOfFit(given, dataset);
  for (const name of unlike)
    note(
      `warning: the training rows are not symmetric under ${name}, although their system is; this symmetry is not used`,
    );
  const domain = domainOf(dataset);
  const rows = dataset.splits.train.length;
  const suited = suitedTo(request, given, used);
  const hyperparameters = withPadding(
    hyperparametersOf(request.family, { ...suited, ...request.hyperparameters }),
    dataset.symmetries,
  );
  checkFitSize(request.family, domain, hyperparameters);
  const model = createModel(request.family, domain, hyperparameters);
  const chosen = Object.entries(suited).filter(([key]) => !(key in request.hyperparameters));
  if (chosen.length > 0) note(`chosen for these rows: ${chosen.map(([k, v]) => `${k}=${v}`).join(", ")}`);
  if (given.schedule === "auto" && given.epochs !== undefined && request.options.schedule === undefined)
    note(
      model.monitor?.ends === false
        ? `training ends after ${given.epochs} ${given.epochs === 1 ? "epoch" : "epochs"}`
        : `training ends when the validation NLL stops improving, or after ${given.epochs} ${given.epochs === 1 ? "epoch" : "epochs"}; for exactly that many, give --schedule cosine`,
    );
  // What was decided by the data is decided for good: a resumed fit takes the same.
  const settings = checkFitOptions({ ...request.options, augment: used }, model.fitOptions?.(rows));
  const outcome = await runFit({
    model,
    dataset,
    settings,
    session,
    open: (start) => {
      const parameters = start.parameters + priorParameters(model);
      const { context, text } = request.data;
      const pictures = picturesOf(request.data);
      const where = { source: absolute(source), context, text, pictures };
      return createRun(out, recordOf({ model, dataset, settings, parameters, session, ...where }), {
        force,
        note,
      });
    },
  });
  await outcome.fitted.release();
  return fitResult(outcome);
}

/** Parameters of a second course, which the first does not count. */
const priorParameters = ({ prior }: Model): number =>
  prior ? parameterCount(prior.model.init(Key.fromSeed(0))) : 0;

/**
 * Hyperparameters that follow from the data, if the user sets none. A model of any order is left unchanged:
 * if probabilities are averaged over a row's images, its draws given known sites are no longer exact.
 */
function suitedTo(
  { family, hyperparameters }: FitRequest,
  { schedule, augment }: FitSettings,
  used: readonly SymmetryName[],
): Readonly<Record<string, unknown>> {
  const isOpen = schedule === "auto" && augment.includes("auto") && !hyperparameters.anyOrder;
  return isOpen ? fittingDefaults(family as string, used) : {};
}

/**
 * Hyperparameters with `padding=auto` resolved: periodic for rows of a system that is invariant under
 * translations.
 */
function withPadding(
  hyperparameters: Readonly<Record<string, unknown>>,
  symmetries: readonly SymmetryName[] = [],
): Readonly<Record<string, unknown>> {
  if (hyperparameters.padding !== "auto") return hyperparameters;
  return { ...hyperparameters, padding: symmetries.includes("translations") ? "periodic" : "zero" };
}

function isDataFile(name: string): boolean {
  try {
    return formatOf(name) !== undefined;
  } catch {
    return false;
  }
}
