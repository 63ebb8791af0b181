import { type AdamOptions, adamRule } from "./adam.ts";
import { defineOptimiser, type Optimiser } from "./optimiser.ts";

/**
 * AdamW: Adam with weight decay that acts on the parameters separately, θ ← θ − lr·λ·θ, and so is not divided
 * by the running mean square (default λ 0.01).
 *
 * Loshchilov & Hutter, arXiv:1711.05101, algorithm 2.
 *
 * @throws AnsatzError (`usage`) for an option out of range.
 */
export function adamw(options: AdamOptions = {}): Optimiser {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0.01 } = options;
  return defineOptimiser(adamRule("adamw", { beta1, beta2, epsilon, weightDecay }, true));
}
