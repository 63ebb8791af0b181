import { logPartition } from "../../models/approximate/enumerate.ts";
import type { EnergyModel, EnergyParameters } from "../../models/contract.ts";
import type { Key } from "../../random/key.ts";
import { mean, sub, type Tensor } from "../../tensor/index.ts";
import type { Objective } from "../objective.ts";
import { negativePhase } from "./negative-phase.ts";
import { pseudoLikelihood } from "./pseudo-likelihood.ts";
import { scoreMatching } from "./score-matching.ts";

/**
 * What the training of an energy model minimises, by its method. `rows` makes the configurations that persistent chains
 * start from.
 *
 * The negative log-likelihood has the gradient ⟨∂E⟩_data − ⟨∂E⟩_model. `exact` sums the second mean; chains estimate it
 * from what they draw, which is a constant to the derivative: the loss is then mean log-weight of those rows less that of
 * the data, a difference that is not a likelihood.
 */
export function energyObjective<P extends EnergyParameters>(
  model: EnergyModel<P>,
  rows: (count: number, key: Key) => Float32Array,
  key: Key,
): Objective<P> {
  const { method, centred } = model.training;
  if (method === "pseudo-likelihood") return pseudoLikelihood(model);
  if (method === "score-matching") return scoreMatching(model);
  if (method === "exact") return { loss: (p, x) => sub(logPartition(model, p), mean(model.logWeight(p, x))) };
  const { centred: transform } = model;
  return {
    ...negativePhase(model, rows, key),
    loss: (p, x, _key, _context, drawn) =>
      sub(mean(model.logWeight(p, drawn as Tensor)), mean(model.logWeight(p, x))),
    ...(centred &&
      transform && { gradient: (p, gradient, x, drawn) => transform(p, gradient, x, drawn as Tensor) }),
  };
}
