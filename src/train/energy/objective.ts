import { logPartition } from "../../models/approximate/enumerate.ts";
import type {
  EnergyModel,
  EnergyParameters,
  GradientPlayer,
  Objective,
  Stored,
} from "../../models/contract.ts";
import type { Optimiser } from "../../optim/index.ts";
import type { Key } from "../../random/key.ts";
import { mean, neg, sub, type Tensor } from "../../tensor/index.ts";
import { negativePhase } from "./negative-phase.ts";
import { logPseudoLikelihood } from "./pseudo-likelihood.ts";
import { scoreMatchingRows } from "./score-matching.ts";

/** The request for the objective of an energy model. */
export interface EnergyRequest {
  /** Configurations that persistent chains start from: `[count · sites]`. */
  rows(count: number, key: Key): Float32Array;
  readonly key: Key;
  readonly optimiser: Optimiser;
}

/**
 * Returns the objective that trains an energy model by its method.
 *
 * The gradient of the negative log-likelihood is ⟨∂E⟩_data − ⟨∂E⟩_model. `exact` sums the second mean; the
 * other methods estimate it from rows drawn by chains, which are constant under the derivative. The loss is
 * then the mean log-weight of those rows minus the mean log-weight of the data, a difference that is not a
 * likelihood.
 */
export function energyObjective<P extends EnergyParameters>(
  model: EnergyModel<P>,
  request: EnergyRequest,
): Objective<P> {
  const { method } = model.training;
  const alone = (
    names: Pick<GradientPlayer<P>, "name" | "unit">,
    loss: GradientPlayer<P>["loss"],
  ): Objective<P> => ({ players: [{ ...names, optimiser: request.optimiser, loss }] });
  if (method === "pseudo-likelihood")
    return alone({ name: "pseudo-NLL", unit: "nats" }, ({ parameters, x, key }) => ({
      loss: neg(mean(logPseudoLikelihood(model, parameters, x, key))),
    }));
  if (method === "score-matching")
    return alone({ name: "score matching" }, ({ parameters, x, key }) => ({
      loss: mean(scoreMatchingRows(model, parameters, x, key)),
    }));
  if (method === "exact")
    return alone({ name: "NLL", unit: "nats" }, ({ parameters, x }) => ({
      loss: sub(logPartition(model, parameters), mean(model.logWeight(parameters, x))),
    }));
  return byChains(model, request);
}

function byChains<P extends EnergyParameters>(
  model: EnergyModel<P>,
  { rows, key, optimiser }: EnergyRequest,
): Objective<P> {
  const { centred: transform, training } = model;
  const { state, prepare }: { state?: Stored; prepare: NonNullable<GradientPlayer<P>["prepare"]> } =
    negativePhase(model, rows, key);
  return {
    ...(state && { state }),
    players: [
      {
        ...{ name: "contrast", unit: "nats" },
        optimiser,
        prepare,
        loss: ({ parameters, x }, drawn) => ({
          loss: sub(mean(model.logWeight(parameters, drawn as Tensor)), mean(model.logWeight(parameters, x))),
        }),
        ...(training.centred &&
          transform && {
            redirect: ({ parameters, x }, gradient, drawn) =>
              transform(parameters, gradient, x, drawn as Tensor),
          }),
      },
    ],
  };
}
