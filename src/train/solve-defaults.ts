import type { Parameters, Solvable } from "../models/contract.ts";
import type { Target } from "../systems/system.ts";
import type { SolveOptions } from "./solve-options.ts";
import { isDifferentiable, isFlow } from "./solve-problem.ts";

/**
 * Options that suit the problem, for those not left at their defaults: gradients through the rows of a flow
 * are so much better than REINFORCE that smaller batches and steps suffice, and drawing costs no more than
 * learning.
 */
export function solveDefaults<P extends Parameters>(model: Solvable<P>, target: Target): SolveOptions {
  if (!isFlow(model) || !isDifferentiable(target)) return {};
  return { steps: 2000, batch: 256, updates: 1, lr: 3e-3, clip: 100, warmup: 50 };
}
