import { defineOptimiser, isElementwise, type Optimiser } from "./optimiser.ts";
import type { StepOptions } from "./rule.ts";

/**
 * The same update rule at `factor` times the learning rate it is given: for players, or parameters, of two rates.
 *
 * @throws AnsatzError (`usage`) as the rule does, by the step.
 */
export function scaled(optimiser: Optimiser, factor: number): Optimiser {
  const at = (given: StepOptions): StepOptions => ({ ...given, lr: given.lr * factor });
  const rule: Optimiser = {
    ...optimiser,
    options: { ...optimiser.options, factor },
    coefficients: (given, decays) => optimiser.coefficients(at(given), decays),
    step: (flat, given) => optimiser.step(flat, at(given)),
    stepRows: (table, gradient, given) => optimiser.stepRows(table, gradient, at(given)),
  };
  return isElementwise(optimiser) ? defineOptimiser(rule) : rule;
}
