import type { Objective, Parameters, Symbolic } from "../models/contract.ts";
import type { Optimiser } from "../optim/index.ts";
import {
  add,
  mapTree,
  mean,
  mul,
  type SymbolicKey,
  stopGradient,
  sub,
  type Tensor,
} from "../tensor/index.ts";
import { isTensor } from "../tensor/tensor.ts";
import type { GradientEstimator } from "./solve-options.ts";
import type { DifferentiableTarget, FlowModel, SolveProblem } from "./solve-problem.ts";

/** Factors of the start's and of the target's energy; the weighted sum is the action of a step. */
export interface ActionWeights<T> {
  /** Factor of the start's energy: its β, falling to 0 by the end of annealing. */
  readonly start: T;
  /** Factor of the target's energy: its β once annealing has ended. */
  readonly target: T;
}

/** See {@link flowLoss}. */
export interface FlowLossResult {
  /** mean(log q + action); training follows its gradient. */
  readonly loss: Tensor;
  /** `[batch]`: the target's energy of each row drawn. */
  readonly energy: Tensor;
  /** `[batch]`: log q of each row. */
  readonly logProb: Tensor;
}

/**
 * Returns the reverse KL of a batch x = g(z), mean[log q(x) + w₀ E₀(x) + w₁ E(x)], where `weights` w₀ and w₁
 * multiply the start's and the target's energies, by reparameterisation: gradients reach the parameters
 * through x.
 *
 * `reparameterised` differentiates log q(x) = log q(z) − log |det ∂x/∂z| directly. `path` omits the score ∂
 * log q(x)/∂θ at fixed x, which has mean zero: the gradient is the mean of ∂(log q + action)/∂x · ∂x/∂θ, and
 * its variance vanishes as q becomes the target (Roeder, Wu & Duvenaud, arXiv:1703.09194; Vaitl et al.,
 * arXiv:2206.09016). It costs one more pass x → z.
 */
export function flowLoss<P extends Parameters>(
  model: FlowModel<P>,
  { target, start }: SolveProblem<DifferentiableTarget>,
  estimator: GradientEstimator,
): (parameters: Symbolic<P>, key: SymbolicKey, weights: ActionWeights<Tensor>) => FlowLossResult {
  const { flow } = model;
  return (p, key, weights) => {
    const { z, logProb: base } = flow.base(p, key);
    const { x, logDet } = flow.forward(p, z);
    const fixed = mapTree(p, isTensor, (t) => stopGradient(t)) as Symbolic<P>;
    const logProb = estimator === "path" ? model.logProb(fixed, x) : sub(base, logDet);
    const energy = target.energyTensor(x);
    const own = mul(energy, weights.target);
    const action = start ? add(own, mul(start.energyTensor(x), weights.start)) : own;
    return { loss: mean(add(logProb, action)), energy, logProb };
  };
}

/**
 * Returns the objective of a flow on a target with a differentiable energy: each of a step's updates draws a
 * fresh batch inside the graph and follows the gradient of {@link flowLoss}. Energies and log-probabilities
 * of its rows are reported as `seen`.
 */
export function flowObjective<P extends Parameters>(
  model: FlowModel<P>,
  problem: SolveProblem<DifferentiableTarget>,
  { optimiser, updates, estimator }: { optimiser: Optimiser; updates: number; estimator: GradientEstimator },
): Objective<P> {
  const of = flowLoss(model, problem, estimator);
  return {
    players: [
      {
        ...{ name: "reverse KL", optimiser, updates },
        loss({ parameters, key, knobs }) {
          const { loss, energy, logProb } = of(parameters, key, {
            start: knobs.start as Tensor,
            target: knobs.target as Tensor,
          });
          return { loss, seen: { energy, logProb } };
        },
      },
    ],
  };
}
