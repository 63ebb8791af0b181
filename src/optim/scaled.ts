import { defineOptimiser, type Optimiser } from "./optimiser.ts";

/**
 * The same update rule at `factor` times the learning rate it is given: for players, or parameters, of two rates.
 *
 * @throws AnsatzError (`usage`) as the rule does, by the step.
 */
export function scaled(optimiser: Optimiser, factor: number): Optimiser {
  return defineOptimiser({
    ...optimiser,
    options: { ...optimiser.options, factor },
    coefficients: (at, decays) => optimiser.coefficients({ ...at, lr: at.lr * factor }, decays),
  });
}
