import type { Dataset } from "../data/dataset.ts";
import { describe } from "../data/space.ts";
import { spaceText } from "../data/table.ts";
import type { AnyFitted } from "../models/fitted/fitted.ts";
import { parameterCount } from "../models/parameter-count.ts";
import type { Facts } from "../report/index.ts";
import { count, duration } from "../report/page.ts";
import type { TrainEvent } from "../train/event.ts";
import { unlimitedSteps } from "../train/unlimited-steps.ts";
import { systemText } from "./system-text.ts";

/** Facts by title. */
export type FactsByTitle = Readonly<Record<string, Facts>>;

/** Facts about a model from its own description. */
function modelFacts({ model, parameters }: AnyFitted): Facts {
  const { family, hyperparameters, space, context } = model;
  return {
    family,
    space: spaceText(space),
    ...(context && { context: describe(context) }),
    parameters: count(parameterCount(parameters)),
    ...hyperparameters,
  };
}

/**
 * Returns facts about a dataset: its number of rows, their splits, and the system that they were drawn from.
 */
export function dataFacts({ name, x, splits, meta, columns, contextSpace }: Dataset): Facts {
  const { train, valid, test, how } = splits;
  return {
    name,
    rows: count(x.shape[0] as number),
    ...(columns && { columns }),
    ...(contextSpace && { "context of a row": describe(contextSpace) }),
    "train, validation, test rows": [train, valid, test].map(({ length }) => length),
    split: how,
    ...(meta?.system && { system: systemText(meta.system) }),
  };
}

/** Facts about a training from its events, under its title; empty without events. */
function trainingFacts(events: readonly TrainEvent[]): FactsByTitle {
  const start = events.find(({ type }) => type === "start");
  const done = events.findLast(({ type }) => type === "done");
  const own: Facts = {
    ...(start?.type === "start" && {
      "rows of a step": start.batch,
      ...(start.steps < unlimitedSteps && { "steps at most": start.steps }),
    }),
    ...(done?.type === "done" && {
      ...{ "steps taken": done.step, "kept parameters of round": done.best, "ended by": done.reason },
      time: duration(done.seconds),
    }),
  };
  return Object.keys(own).length === 0 ? {} : { Training: own };
}

/**
 * Returns the facts of a study: the `given` ones, in their order, and what is known without them. The model
 * comes first and, unless it is given, the data last.
 */
export function factsOf(
  fitted: AnyFitted,
  events: readonly TrainEvent[],
  data: Facts,
  given: FactsByTitle,
): FactsByTitle {
  return {
    Model: modelFacts(fitted),
    ...trainingFacts(events),
    ...given,
    Data: given.Data ?? data,
  };
}
