import type { Flow, Parameters, Solvable } from "../models/contract.ts";
import type { Target } from "../systems/system.ts";
import type { Tensor } from "../tensor/index.ts";

/** The problem of a solve. */
export interface SolveProblem<T extends Target = Target> {
  /** The target of the final samples: a space, β and an energy. */
  readonly target: T;
  /**
   * The target that annealing begins at, such as the same system with other parameters. Over the share
   * `anneal` of the steps the action changes linearly from this target's βE to the final one's, and so does
   * every parameter that the energy is linear in. The start's own β replaces `annealFrom`.
   */
  readonly start?: T | undefined;
}

/** A model with rows that can be differentiated by its parameters. */
export type FlowModel<P extends Parameters = Parameters> = Solvable<P> & { readonly flow: Flow<P> };

/** A target with an energy that can be differentiated by the configuration. */
export type DifferentiableTarget = Target & { readonly energyTensor: (x: Tensor) => Tensor };

/** Whether gradients can go from the energy through the rows to the parameters. */
export const isFlow = <P extends Parameters>(model: Solvable<P>): model is FlowModel<P> =>
  model.flow !== undefined;
export const isDifferentiable = (target: Target): target is DifferentiableTarget =>
  target.energyTensor !== undefined;

/** Returns the problem if all its energies can be differentiated, else undefined. */
export function differentiable({
  target,
  start,
}: SolveProblem): SolveProblem<DifferentiableTarget> | undefined {
  if (!isDifferentiable(target) || (start && !isDifferentiable(start))) return undefined;
  return { target, start };
}
