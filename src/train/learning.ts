import type { NDArray } from "../array.ts";
import { levelCount } from "../data/space.ts";
import { usageError } from "../error.ts";
import type {
  BoundedModel,
  EnergyModel,
  EnergyParameters,
  ExactModel,
  ImplicitModel,
  Kind,
  Model,
  Monitor,
  Objective,
  ObjectiveRequest,
  Parameters,
} from "../models/contract.ts";
import { boundOf } from "../models/shaped.ts";
import type { Key } from "../random/key.ts";
import { mean, neg, type Tensor } from "../tensor/index.ts";
import { type BracketedRun, type Bracketer, makeBracketer } from "./energy/bracket-monitor.ts";
import { energyMonitor } from "./energy/monitor.ts";
import { energyObjective } from "./energy/objective.ts";
import { startRows } from "./energy/start-rows.ts";
import type { FitSettings } from "./options.ts";

/** The objective of a fit to data, and its monitor. */
export interface Learning<P extends Parameters = Parameters> {
  readonly objective: Objective<P>;
  /** The monitor that the fit is watched by; undefined if the model has no number of its own. */
  readonly monitor?: Monitor<P> | undefined;
  /** Brackets the likelihood of rows during a fit, if the monitor is not a likelihood. */
  readonly bracket?: ((x: NDArray, run: BracketedRun) => Bracketer<never>) | undefined;
}

/** The request of a fit. */
export interface LearningRequest extends ObjectiveRequest {
  readonly settings: FitSettings;
}

/**
 * Returns how a model is fitted to a dataset: as the model defines, else by its kind. Throws AnsatzError
 * (usage) for centred gradients with an optimiser that scales parameters one by one: the steps would no
 * longer be those of centred units.
 */
export function learningOf(model: Model, request: LearningRequest): Learning {
  const byKind = (byKinds[model.kind] as LearningOf)(model, request);
  const monitor = model.monitor ?? byKind.monitor;
  return { ...byKind, ...(monitor && { monitor: monitor as Monitor }) };
}

type LearningOf<M = Model> = (model: M, request: LearningRequest) => Learning;

const byKinds: { readonly [K in Kind]: LearningOf<Extract<Model, { readonly kind: K }>> } = {
  exact: exactLearning,
  bounded: boundedLearning,
  energy: energyLearning as LearningOf<EnergyModel>,
  implicit: implicitLearning,
};

function exactLearning<P extends Parameters>(model: ExactModel<P>, request: LearningRequest): Learning<P> {
  // Noise between grey levels makes an upper bound of theirs.
  const isBound = levelCount(model.space) !== undefined;
  return {
    objective: model.objective?.(request) ?? {
      players: [
        {
          ...{ name: isBound ? "NLL bound" : "NLL", unit: "nats" },
          optimiser: request.optimiser,
          loss: ({ parameters, x, key, context }) => ({ loss: model.loss(parameters, x, key, context) }),
        },
      ],
    },
    monitor: {
      ...{ name: "NLL", unit: "nats" },
      ...(isBound && { bound: "upper" }),
      rows: (p, x, noise, context) =>
        model.estimate ? model.estimate(p, x, noise, context) : neg(model.logProb(p, x, context)),
      estimated: model.estimate !== undefined,
      selects: true,
    },
  };
}

function boundedLearning<P extends Parameters>(
  model: BoundedModel<P>,
  request: LearningRequest,
): Learning<P> {
  return {
    objective: model.objective?.(request) ?? {
      players: [
        {
          ...{ name: "NLL bound", unit: "nats" },
          optimiser: request.optimiser,
          loss({ parameters, x, key, context }) {
            const { bound, parts } = boundOf(model, parameters, x, key, context);
            const means = Object.entries(parts).map(([name, rows]) => [name, mean(rows)] as const);
            return { loss: neg(mean(bound)), parts: Object.fromEntries<Tensor>(means) };
          },
        },
      ],
    },
    monitor: {
      ...{ name: "NLL", unit: "nats", bound: "upper" },
      rows: (p, x, noise, context) => neg(boundOf(model, p, x, noise, context).bound),
      estimated: true,
      selects: true,
    },
  };
}

function implicitLearning(model: ImplicitModel, request: LearningRequest): Learning {
  // Programs without types may leave out what nothing stands for.
  if (typeof model.objective !== "function")
    throw usageError(
      `${model.family}: a model that only draws samples needs an objective of its own, and has none`,
    );
  return { objective: model.objective(request) };
}

function energyLearning<P extends EnergyParameters>(
  model: EnergyModel<P>,
  request: LearningRequest,
): Learning<P> {
  const { dataset, key, optimiser, settings } = request;
  if (model.training.centred && model.centred && settings.optimiser !== "sgd")
    throw usageError(
      `${model.family}: centred=true mixes parameters, which ${settings.optimiser} scales apart: use --optimiser sgd`,
    );
  const rows = (count: number, at: Key) => startRows(dataset, count, at);
  const monitor = energyMonitor(model);
  return {
    objective: model.objective?.(request) ?? energyObjective(model, { rows, key, optimiser }),
    monitor,
    ...(monitor.name !== "NLL" && {
      bracket: (x, run) => makeBracketer(model, x, settings, run),
    }),
  };
}
