import type { Dataset } from "../data/dataset.ts";
import type { Model } from "../models/contract.ts";
import { type Fitted, fitted, type ParametersOf } from "../models/fitted/fitted.ts";
import { fitCourse } from "./fit-course.ts";
import type { TrainHooks } from "./hooks.ts";
import type { FitOptions } from "./options.ts";
import { fitSettings } from "./settings.ts";
import { symmetriesOfFit } from "./symmetries-of-fit.ts";
import { train } from "./train.ts";
import type { Training } from "./training.ts";

/**
 * Fits a model to a dataset: by minimising the negative log-likelihood of its training rows, or what stands for it where the
 * model is of another kind or says itself what it is trained by.
 *
 * A {@link Training}: an async iterable of events whose `result()` is the model with the parameters of the best validation, of
 * the last epoch where no validation ranks them. The same seed gives the same bits on one machine, engine and number of
 * threads, also when stopped and resumed. Throws AnsatzError: `usage` for options, `input` for a dataset too small or of
 * another space, `failure` when the loss is no longer finite, `interrupted` when stopped.
 */
export function fit<M extends Model>(
  model: M,
  dataset: Dataset,
  options: FitOptions = {},
  hooks: TrainHooks = {},
): Training<Fitted<M>> {
  return train(
    {
      async next([ended]) {
        const settings = fitSettings(options, model.fitOptions?.(dataset.splits.train.length));
        if (!ended)
          return { course: fitCourse(model, dataset, settings, symmetriesOfFit(settings, dataset)) };
        return { result: fitted(model, ended.parameters as ParametersOf<M>, settings) };
      },
    },
    hooks,
  );
}
