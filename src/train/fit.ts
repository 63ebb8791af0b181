import type { Dataset } from "../data/dataset.ts";
import type { CodePrior, Model, ModelBase } from "../models/contract.ts";
import { type Fitted, fitted, type ParametersOf } from "../models/fitted/fitted.ts";
import { Key } from "../random/key.ts";
import type { Plan } from "./course.ts";
import { fitCourse } from "./fit-course.ts";
import type { TrainHooks } from "./hooks.ts";
import type { FitOptions } from "./options.ts";
import type { OwnSymmetries } from "./own-symmetries.ts";
import { codesOf, halfTime, joined, priorOptions, withoutPrior } from "./prior-course.ts";
import { fitSettings } from "./settings.ts";
import { symmetriesOfFit } from "./symmetries-of-fit.ts";
import { train } from "./train.ts";
import type { Training } from "./training.ts";

/**
 * Fits a model to a dataset: minimises the negative log-likelihood of its training rows, or the objective
 * that replaces it for other kinds of models or that the model itself defines.
 *
 * Returns a {@link Training}: an async iterable of events with a `result()`, the model with the parameters of
 * the best validation, or of the last epoch if no validation ranks them. If the model has a `prior` over its
 * codes, a second course with its own batch and rate fits the prior to the codes of the rows. The same seed
 * gives the same bits on one machine, engine and number of threads, also when stopped and resumed. Throws
 * AnsatzError: `usage` for options, `input` for a dataset that is too small or of another space, `failure`
 * when the loss is no longer finite, `interrupted` when stopped.
 */
export function fit<M extends Model>(
  model: M,
  dataset: Dataset,
  options: FitOptions = {},
  hooks: TrainHooks = {},
): Training<Fitted<M>> {
  const { prior } = model;
  if (!prior) return train(plan(model, dataset, options), hooks);
  // A picture is of a whole model, which neither course has.
  const { picture: _, ...others } = hooks;
  return train(planWithPrior(model, prior, dataset, options, hooks), others);
}

/** One course. */
function plan<M extends Model>(model: M, dataset: Dataset, options: FitOptions): Plan<Fitted<M>> {
  return {
    async next([ended]) {
      const settings = fitSettings(options, model.fitOptions?.(dataset.splits.train.length));
      if (!ended) return { course: fitCourse(model, dataset, settings, symmetriesOfFit(settings, dataset)) };
      return { result: fitted(model, ended.parameters as ParametersOf<M>, settings) };
    },
  };
}

/** Codes have no lattice symmetries that rows could be taken by. */
const none: OwnSymmetries = { used: [], unlike: [] };

/** The model without its prior, and then the prior over the codes of the rows. */
function planWithPrior<M extends Model>(
  model: M,
  prior: CodePrior,
  dataset: Dataset,
  options: FitOptions,
  { signal }: TrainHooks,
): Plan<Fitted<M>> {
  const settings = fitSettings(halfTime(options), model.fitOptions?.(dataset.splits.train.length));
  return {
    async next([first, second]) {
      if (!first)
        return {
          course: fitCourse(withoutPrior(model), dataset, settings, symmetriesOfFit(settings, dataset)),
        };
      const { threads } = settings;
      const { parameters } = first;
      if (second) {
        const both = joined(prior, parameters, second.parameters) as ParametersOf<M>;
        return { result: fitted(model, both, settings) };
      }
      const codes = await codesOf({ model: model as ModelBase, parameters, dataset, threads, signal });
      // The keys below 5 are those of the first course.
      const root = Key.fromSeed(settings.seed).fold(5);
      const own = fitSettings(priorOptions(settings), prior.model.fitOptions?.(codes.splits.train.length));
      return { course: fitCourse(prior.model as Model, codes, own, none, root) };
    },
  };
}
