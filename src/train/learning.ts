import type { NDArray } from "../array.ts";
import type { Dataset } from "../data/dataset.ts";
import { levelCount } from "../data/space.ts";
import { usageError } from "../error.ts";
import type { EnergyModel, ExactModel, Parameters } from "../models/contract.ts";
import { FittedEnergy } from "../models/fitted/energy.ts";
import { FittedExact } from "../models/fitted/exact.ts";
import type { Key } from "../random/key.ts";
import type { EngineOptions } from "../runtime/engine.ts";
import { neg } from "../tensor/index.ts";
import { type Bracketer, makeBracketer } from "./energy/bracket-monitor.ts";
import { energyMonitor } from "./energy/monitor.ts";
import { energyObjective } from "./energy/objective.ts";
import { startRows } from "./energy/start-rows.ts";
import type { Quantity } from "./events.ts";
import type { Monitor } from "./monitor.ts";
import { lossOf, type Objective } from "./objective.ts";
import type { FitSettings } from "./options.ts";

/** How a model of a likelihood kind is fitted. */
export interface Learning {
  readonly objective: Objective;
  readonly monitor: Monitor;
  /** What the loss and the monitor are, where they are not both the NLL. */
  readonly quantities?: { readonly train: Quantity; readonly valid: Quantity };
  /** Where the monitor is no likelihood: brackets that of rows, of a fit of so many steps an epoch. */
  readonly bracket?: (x: NDArray, stepsPerEpoch: number, key: Key) => Bracketer;
  finished(parameters: Parameters, options: EngineOptions): FittedExact | FittedEnergy;
}

/**
 * How a model is fitted to a dataset, by its likelihood kind. Throws AnsatzError (usage) for centred gradients with an
 * optimiser that scales parameters one by one: the steps would no longer be those of centred units.
 */
export function learningOf(
  model: ExactModel | EnergyModel,
  dataset: Dataset,
  settings: FitSettings,
  key: Key,
): Learning {
  if (model.kind === "exact")
    return {
      objective: lossOf(model),
      monitor: {
        rows: (p, x, noise, context) =>
          model.estimate ? model.estimate(p, x, noise, context) : neg(model.logProb(p, x, context)),
        estimated: model.estimate !== undefined,
        selects: true,
      },
      // Noise between grey levels makes of both an upper bound of theirs.
      ...(levelCount(model.space) !== undefined && {
        quantities: { train: "NLL bound" as const, valid: "NLL bound" as const },
      }),
      finished: (parameters, options) => new FittedExact(model, parameters, options),
    };
  if (model.training.centred && model.centred && settings.optimiser !== "sgd")
    throw usageError(
      `${model.family}: centred=true mixes parameters, which ${settings.optimiser} scales apart: use --optimiser sgd`,
    );
  const objective = energyObjective(model, (count, at) => startRows(dataset, count, at), key);
  const { quantity, ...monitor } = energyMonitor(model);
  const trained = quantityOf(model);
  return {
    objective: objective as unknown as Objective,
    monitor: monitor as unknown as Monitor,
    ...((trained !== "NLL" || quantity !== "NLL") && { quantities: { train: trained, valid: quantity } }),
    ...(quantity !== "NLL" && {
      bracket: (x, stepsPerEpoch, seed) => makeBracketer(model, x, settings, stepsPerEpoch, seed),
    }),
    finished: (parameters, options) => new FittedEnergy(model, parameters as never, options),
  };
}

function quantityOf({ training: { method } }: EnergyModel): Quantity {
  if (method === "exact") return "NLL";
  if (method === "pseudo-likelihood") return "pseudo-NLL";
  return method === "score-matching" ? "score matching" : "contrast";
}
